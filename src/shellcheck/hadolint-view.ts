import type { Document, Instruction } from '../dockerfile/ast.js';
import { detectShell } from '../shell/shells.js';
import type { Dialect } from '../shell/types.js';

/** What hadolint tells ShellCheck of the place of a RUN. */
export interface HadolintView {
  /** All variables that it takes for set, whatever the script uses. */
  readonly names: readonly string[];
  /** Of the last SHELL of the stage, or of the text before the first FROM; null: none that it can read. */
  readonly dialect: Dialect | null;
}

/**
 * Walks the file as hadolint does: ENV, ARG and SHELL hold for what follows, also before the first FROM; a FROM begins with
 * what the stage it names ended with, else with nothing.
 */
export function hadolintViews(document: Document): (instruction: Instruction) => HadolintView {
  const views = new Map<Instruction, HadolintView>();
  const finals = new Map<string, { names: readonly string[]; dialect: Dialect | null }>();
  let names: string[] = [...ALWAYS];
  let dialect: Dialect | null = null;
  let stage = '';
  for (const instruction of document.instructions) {
    switch (instruction.keyword) {
      case 'FROM': {
        if (stage) finals.set(stage, { names, dialect });
        const parent = finals.get(instruction.image?.text.toLowerCase() ?? '');
        names = [...(parent?.names ?? ALWAYS)];
        dialect = parent?.dialect ?? null;
        stage = instruction.name?.text.toLowerCase() ?? '';
        break;
      }
      case 'ENV':
      case 'ARG':
        for (const { key } of instruction.pairs) if (/^[A-Za-z_]\w*$/.test(key.text)) names.push(key.text);
        break;
      case 'SHELL':
        dialect = detectShell(instruction.command?.strings.map(({ value }) => value) ?? []).dialect;
        break;
      case 'RUN':
        views.set(instruction, viewOf(names, dialect));
        break;
      // What a trigger finds is what the stage that is built later has.
      case 'ONBUILD':
        if (instruction.trigger) views.set(instruction.trigger, viewOf(ALWAYS, dialect));
    }
  }
  return (instruction) => views.get(instruction) ?? { names: ALWAYS, dialect: null };
}

/** The names up to here, without a copy of them for each RUN. */
function viewOf(names: readonly string[], dialect: Dialect | null): HadolintView {
  const { length } = names;
  return {
    dialect,
    get names() {
      return names.slice(0, length);
    },
  };
}

/** Build arguments that hadolint knows without an ARG. */
const ALWAYS: readonly string[] = ['HTTP_PROXY', 'HTTPS_PROXY', 'FTP_PROXY', 'NO_PROXY'].flatMap((name) => [
  name,
  name.toLowerCase(),
]);
