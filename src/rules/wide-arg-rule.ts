import { isMentioned } from '../facts/mentions.js';
import { type WideArgument, wideArguments } from '../facts/untouched-work.js';
import { locate } from '../model/source.js';
import { defineRule, type PresetName, type Rule } from './define-rule.js';

interface Data {
  readonly name: string;
  readonly label: string;
  readonly more: number;
  readonly line: number;
}

interface WideArgRule {
  readonly id: string;
  readonly summary: string;
  readonly severity: 'warning' | 'info';
  readonly presets: readonly PresetName[];
  accepts(arg: Pick<WideArgument, 'name' | 'value'>): boolean;
}

/** A rule about ARGs that are in the keys of installs which do not use them; two rules share the ARGs out by name. */
export function wideArgRule({ accepts, ...rule }: WideArgRule): Rule {
  return defineRule({
    ...rule,
    category: 'cache',
    since: '0.2.0',
    messages: {
      early: ({ name, label, more, line }: Data) => ({
        message: `each new ${name} makes \`${label}\`${more === 0 ? '' : ` and ${more} more`} run again, which ${more === 0 ? 'does' : 'do'} not use it`,
        help: `declare it below line ${line}, just above what uses it`,
      }),
    },
    check({ document, facts, report }) {
      if (facts.instructions('ARG').length === 0) return;
      for (const wide of wideArguments(facts, accepts)) {
        const { name, at, layers } = wide;
        const end = layers.at(-1)?.instruction.span.end;
        // One that nothing below uses is another rule's matter.
        if (end === undefined || !isMentioned(name, end, document.source.text.length, facts)) continue;
        report('early', {
          at,
          data: {
            name,
            label: layers[0]?.work[0]?.label ?? 'RUN',
            more: layers.length - 1,
            line: locate(document.source, end).line,
          },
          related: relatedOf(wide),
        });
      }
    },
  });
}

function relatedOf({ layers }: WideArgument) {
  return layers.slice(0, 3).flatMap(({ work: [first] }) => {
    const command = first?.use.command;
    return command ? [{ at: command.nameWord?.span ?? command.span, message: 'runs again with each new value' }] : [];
  });
}
