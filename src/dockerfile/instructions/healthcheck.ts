import type { CommandForm, HealthcheckInstruction } from '../ast.js';
import { consequence, type Draft, report, wordOf } from '../draft.js';
import { parseHealthInterval } from '../duration.js';
import { checkFlags, flagValue } from '../flags.js';
import { suggest } from '../suggest.js';
import { isSpace, skipSpace } from '../text.js';
import { lazyWords, readCommandForm } from './command-form.js';

const INTERVALS = ['interval', 'timeout', 'start-period', 'start-interval'];

export function readHealthcheck(draft: Draft): HealthcheckInstruction {
  const { text } = draft.line;
  const { argumentsStart, argumentsEnd } = draft.parts;
  let typeEnd = argumentsStart;
  while (typeEnd < argumentsEnd && !isSpace(text.charCodeAt(typeEnd))) typeEnd++;
  const rest = skipSpace(text, typeEnd, argumentsEnd);
  const type = typeOf(text.slice(argumentsStart, typeEnd));
  let command: CommandForm | null = null;
  if (type === 'NONE') {
    if (rest < argumentsEnd) {
      report(draft, 'extra-arguments', {
        message: `HEALTHCHECK NONE takes no arguments: ${consequence(draft)}`,
        help: 'write HEALTHCHECK CMD to run a command',
        span: wordOf(draft, { text: '', start: rest, end: argumentsEnd }).span,
      });
    }
  } else {
    checkFlags(draft);
    checkValues(draft);
    if (type === 'CMD') {
      command = readCommandForm(draft, rest, argumentsEnd);
      if (rest === argumentsEnd || (command.form === 'exec' && command.strings.length === 0)) {
        report(draft, 'missing-arguments', {
          message: `HEALTHCHECK CMD has no command: ${consequence(draft)}`,
          help: 'write the command that says whether the container is well',
          span: draft.base.argumentsSpan,
        });
      }
    } else if (type === null) {
      report(draft, 'missing-arguments', {
        message: `HEALTHCHECK says neither CMD nor NONE: ${consequence(draft)}`,
        help: 'write HEALTHCHECK CMD and a command',
        span: draft.base.keywordSpan,
      });
    } else {
      const word = wordOf(draft, { text: text.slice(argumentsStart, typeEnd), start: argumentsStart, end: typeEnd });
      const close = suggest(word.text, ['CMD', 'NONE']);
      report(draft, 'invalid-value', {
        message: `HEALTHCHECK knows CMD and NONE, not \`${word.text}\`: ${consequence(draft)}`,
        help: close ? `did you mean \`${close}\`?` : 'write HEALTHCHECK CMD before the command',
        span: word.span,
        suggestion: close,
      });
    }
  }
  const words = lazyWords(draft, command, argumentsStart, argumentsEnd);
  return {
    ...draft.base,
    keyword: 'HEALTHCHECK',
    type,
    command,
    get words() {
      return words();
    },
  };
}

function typeOf(word: string): HealthcheckInstruction['type'] {
  if (word === '') return null;
  const upper = word.toUpperCase();
  return upper === 'NONE' || upper === 'CMD' ? upper : 'other';
}

function checkValues(draft: Draft): void {
  for (const flag of draft.base.flags) {
    const value = flagValue(draft, flag.name);
    if (!flag.value || value === null || value === '') continue;
    if (INTERVALS.includes(flag.name)) {
      const interval = parseHealthInterval(value);
      if (interval.ok) continue;
      // A bare number is meant in seconds by nearly everyone who writes one.
      const suggestion = /^\d+$/.test(value) ? `${value}s` : null;
      report(draft, 'invalid-flag-value', {
        message: `${interval.message} for \`--${flag.name}\`: ${consequence(draft)}`,
        help: suggestion ? `write it with a unit: ${suggestion}` : 'write it as 30s, 1m30s or 500ms',
        span: flag.value.span,
        suggestion,
      });
    } else if (flag.name === 'retries' && !isRetries(value)) {
      report(draft, 'invalid-flag-value', {
        message: `\`--retries\` takes a whole number of 0 or more, not \`${value}\`: ${consequence(draft)}`,
        help: null,
        span: flag.value.span,
      });
    }
  }
}

/** What Go reads as an integer of 32 bits, and not negative. */
function isRetries(text: string): boolean {
  return /^\+?\d+$/.test(text) && Number(text) <= 2_147_483_647;
}
