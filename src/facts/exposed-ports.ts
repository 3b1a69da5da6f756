import type { Word } from '../dockerfile/ast.js';
import { expandWords } from '../dockerfile/expand.js';
import { parsePort } from '../dockerfile/ports.js';
import { memoise } from './lazy.js';
import type { Facts } from './types.js';

/** One word of EXPOSE. */
export interface ExposedPort {
  readonly word: Word;
  /** TCP ports of it; several for a range, none for another protocol. */
  readonly ports: readonly number[];
}

export interface ExposedPorts {
  /** Those of the shipped stage and the stages that it is built on. */
  readonly written: readonly ExposedPort[];
  /** TCP ports that the base image exposes; null: not known. */
  readonly image: readonly number[] | null;
  /** False where a variable leaves a port open, or a word cannot be read. */
  readonly known: boolean;
}

/** The ports that the shipped image documents. */
export const exposedPorts = memoise((facts: Facts): ExposedPorts => {
  const { target } = facts;
  if (!target) return { written: [], image: null, known: false };
  const written: ExposedPort[] = [];
  let known = true;
  for (const instruction of target.exposes) {
    for (const word of instruction.words) {
      const values = valuesOf(word, facts, instruction);
      if (values === null) known = false;
      else written.push({ word, ports: values.flatMap((value) => tcpPorts(value) ?? []) });
      if (values?.some((value) => tcpPorts(value) === null)) known = false;
    }
  }
  return { written, image: target.image.exposes?.flatMap((text) => tcpPorts(text) ?? []) ?? null, known };
});

/** A variable may hold several ports: EXPOSE splits after it has expanded. */
function valuesOf(word: Word, facts: Facts, instruction: Parameters<Facts['expand']>[1]): readonly string[] | null {
  const expanded = facts.expand(word, instruction);
  if (!expanded.ok || expanded.value === null) return null;
  const split = expandWords(expanded.value, () => undefined, { escape: facts.document.escape });
  return split.ok ? split.words : null;
}

function tcpPorts(text: string): readonly number[] | null {
  const read = parsePort(text);
  if (!read.ok) return null;
  return read.ports.filter(({ protocol }) => protocol === 'tcp').map(({ port }) => port);
}
