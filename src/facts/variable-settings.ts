import type { Instruction } from '../dockerfile/ast.js';
import type { Span } from '../model/span.js';
import type { Facts } from './types.js';

/** A place that gives an environment variable a value. */
export interface VariableSetting {
  readonly name: string;
  /** Null where it is not known. */
  readonly value: string | null;
  /** The name and its value. */
  readonly span: Span;
  readonly instruction: Instruction;
}

/** Every place where ENV, ARG, `NAME=value command`, `NAME=value` or `export` sets one of the variables, in order. */
export function variableSettings(facts: Facts, names: readonly string[]): readonly VariableSetting[] {
  const { text } = facts.document.source;
  const wanted = new Set(names.filter((name) => text.includes(name)));
  if (wanted.size === 0) return [];
  const found = new Map<number, VariableSetting>();
  const add = (setting: VariableSetting) => found.set(setting.span.start, setting);
  for (const instruction of facts.instructions('ENV', 'ARG')) {
    for (const { key, value, span } of instruction.pairs) {
      if (!value || !wanted.has(key.text)) continue;
      const expanded = facts.expand(value, instruction);
      add({ name: key.text, value: expanded.ok ? expanded.value : null, span, instruction });
    }
  }
  for (const { command, instruction } of facts.commands()) {
    for (const { name, value, span } of command.assignments) {
      if (wanted.has(name)) add({ name, value: value?.literal ? value.value : null, span, instruction });
    }
    if (command.name !== 'export' && command.name !== 'declare') continue;
    for (const { value, literal, span } of command.operands) {
      const name = /^\w+(?==)/.exec(value)?.[0];
      if (!name || !wanted.has(name)) continue;
      add({ name, value: literal ? value.slice(name.length + 1) : null, span, instruction });
    }
  }
  return [...found.values()].sort((a, b) => a.span.start - b.span.start);
}
