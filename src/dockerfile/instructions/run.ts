import type { RunInstruction } from '../ast.js';
import { checkExpansion, consequence, type Draft, report } from '../draft.js';
import { checkFlags, flagValue } from '../flags.js';
import { readMount } from '../mounts.js';
import { suggest } from '../suggest.js';
import { lazyWords, readCommandForm } from './command-form.js';

const VALUES = { network: ['default', 'none', 'host'], security: ['sandbox', 'insecure'] } as const;

export function readRun(draft: Draft): RunInstruction {
  const { base, parts } = draft;
  const { argumentsStart, argumentsEnd } = parts;
  checkFlags(draft);
  const mounts = base.flags.flatMap((flag, index) => {
    if (flag.name !== 'mount' || flag.value === null) return [];
    checkExpansion(draft, flag.value);
    const raw = parts.flags[index]?.text ?? '';
    return [readMount(draft, flag, raw.slice(raw.indexOf('=') + 1))];
  });
  checkChoice(draft, 'network');
  checkChoice(draft, 'security');
  const command = readCommandForm(draft, argumentsStart, argumentsEnd);
  if (argumentsStart === argumentsEnd) {
    report(draft, 'missing-arguments', {
      message: 'RUN has no command and does nothing but add an empty layer',
      help: 'write the command, or delete the line',
      span: base.keywordSpan,
      fatal: false,
    });
  }
  const words = lazyWords(draft, command, argumentsStart, argumentsEnd);
  return {
    ...base,
    keyword: 'RUN',
    command,
    mounts,
    get words() {
      return words();
    },
  };
}

function checkChoice(draft: Draft, name: keyof typeof VALUES): void {
  const value = flagValue(draft, name);
  const choices: readonly string[] = VALUES[name];
  if (value === null || choices.includes(value)) return;
  const flag = draft.base.flags.find((candidate) => candidate.name === name);
  const close = suggest(value, choices);
  report(draft, 'invalid-flag-value', {
    message: `\`${value}\` is no value of \`--${name}\`: ${consequence(draft)}`,
    help: `one of ${choices.join(', ')}`,
    span: flag?.value?.span ?? draft.base.keywordSpan,
    suggestion: close,
  });
}
