import type { ShellWord } from '../shell/types.js';
import { memoise } from './lazy.js';
import type { CommandUse, Facts } from './types.js';

/** What a mode of chmod gives, as far as rules ask. */
export interface FileMode {
  /** Everybody may write, and in a directory remove what others wrote: no sticky bit keeps them from it. */
  readonly worldWritable: boolean;
  /** Runs as its owner, whoever starts it. */
  readonly setUser: boolean;
}

/** Reads `777`, `0777`, `u=rwx,go+w`; null for what is no mode. `+w` without a class obeys the umask, and says nothing. */
export function readMode(text: string): FileMode | null {
  if (/^[0-7]{1,5}$/.test(text)) {
    const bits = Number.parseInt(text, 8);
    return { worldWritable: (bits & 0o002) !== 0 && (bits & 0o1000) === 0, setUser: (bits & 0o4000) !== 0 };
  }
  if (!/^[ugoa]*[-+=][rwxXstugo]*(?:[-+=,][ugoarwxXst]*)*$/.test(text)) return null;
  const clauses = text.split(',').map((clause) => /^([ugoa]*)[+=]([rwxXst]*)$/.exec(clause));
  const gives = (who: RegExp, what: string) =>
    clauses.some((clause) => clause !== null && who.test(clause[1] ?? '') && clause[2]?.includes(what) === true);
  return {
    worldWritable: gives(/[oa]/, 'w') && !gives(/(?:)/, 't') && !/o-[rwx]*w|o=[rx]*(?:,|$)/.test(text),
    setUser: gives(/^$|[ua]/, 's'),
  };
}

/** A chmod of a RUN whose mode is known. */
export interface ModeChange {
  readonly use: CommandUse;
  readonly mode: FileMode;
  readonly word: ShellWord;
  readonly files: readonly ShellWord[];
}

/** Every chmod of the file with a mode that can be read, in order. */
export const modeChanges = memoise<Facts, readonly ModeChange[]>((facts) =>
  facts.commands('chmod').flatMap((use) => {
    const [word, ...files] = use.command.operands;
    const mode = word?.literal ? readMode(word.value) : null;
    return word && mode && files.length > 0 ? [{ use, mode, word, files }] : [];
  }),
);
