import type { CmdInstruction, EntrypointInstruction, ShellInstruction } from '../ast.js';
import { consequence, type Draft, report } from '../draft.js';
import { checkFlags } from '../flags.js';
import { parseJsonForm, repairJsonForm, writeJsonForm } from '../json-form.js';
import { execForm, lazyWords, readCommandForm } from './command-form.js';

export function readCommand<K extends 'CMD' | 'ENTRYPOINT'>(
  draft: Draft,
  keyword: K,
): K extends 'CMD' ? CmdInstruction : EntrypointInstruction;
export function readCommand(draft: Draft, keyword: 'CMD' | 'ENTRYPOINT'): CmdInstruction | EntrypointInstruction {
  const { argumentsStart, argumentsEnd } = draft.parts;
  checkFlags(draft);
  const command = readCommandForm(draft, argumentsStart, argumentsEnd);
  if (argumentsStart === argumentsEnd) {
    report(draft, 'missing-arguments', {
      message: `${keyword} has no command, so that of the base image is dropped`,
      help: `write the command, or \`${keyword} []\` where dropping it is meant`,
      span: draft.base.keywordSpan,
      fatal: false,
    });
  }
  const words = lazyWords(draft, command, argumentsStart, argumentsEnd);
  return {
    ...draft.base,
    keyword,
    command,
    get words() {
      return words();
    },
  };
}

export function readShell(draft: Draft): ShellInstruction {
  const { argumentsStart, argumentsEnd } = draft.parts;
  checkFlags(draft);
  const json = parseJsonForm(draft.line.text, argumentsStart, argumentsEnd);
  if (argumentsStart === argumentsEnd || (json.kind === 'strings' && json.items.length === 0)) {
    report(draft, 'missing-arguments', {
      message: `SHELL names no shell: ${consequence(draft)}`,
      help: 'write it as a JSON array: SHELL ["/bin/bash", "-c"]',
      span: argumentsStart === argumentsEnd ? draft.base.keywordSpan : draft.base.argumentsSpan,
    });
  } else if (json.kind !== 'strings') {
    const suggestion = shellAsJson(draft.base.argumentsText);
    report(draft, 'invalid-json-form', {
      message: `SHELL takes a JSON array of strings only: ${consequence(draft)}`,
      help: suggestion ? `write ${suggestion}` : 'write it as a JSON array: SHELL ["/bin/bash", "-c"]',
      span: draft.base.argumentsSpan,
      suggestion,
    });
  }
  const command = json.kind === 'strings' ? execForm(draft, json.items, argumentsStart, argumentsEnd) : null;
  const words = lazyWords(draft, command, argumentsStart, argumentsEnd);
  return {
    ...draft.base,
    keyword: 'SHELL',
    command,
    get words() {
      return words();
    },
  };
}

function shellAsJson(text: string): string | null {
  if (text.startsWith('[')) return text.endsWith(']') ? repairJsonForm(text) : null;
  // Plain words are the elements; anything with quotes is not for us to guess.
  if (!/^[\w/.:\-\s]+$/.test(text) || text.length > 200) return null;
  return writeJsonForm(text.split(/\s+/));
}
