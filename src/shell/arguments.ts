import { cover } from '../model/span.js';
import type { Arity, ToolTable } from './tools.js';
import type { CommandFlag, ShellWord } from './types.js';

/** The words after a program's name, told apart. */
export interface Arguments {
  readonly subcommand: string | null;
  readonly subcommandWord: ShellWord | null;
  readonly flags: readonly CommandFlag[];
  readonly operands: readonly ShellWord[];
  /** Index after the last word that was read; less than the number of words only where `stopAt` was reached. */
  readonly rest: number;
}

/**
 * Tells subcommand, flags with their values and operands apart, as the tool itself does by its table; without a table,
 * words that begin with a dash are flags and only `--name=value` has a value.
 *
 * @param words the whole command; its name is `words[from - 1]`
 * @param stopAt reads no further than before this operand (0: the first); null reads all words
 */
export function readArguments(
  words: readonly ShellWord[],
  from: number,
  table: ToolTable | null,
  stopAt: number | null = null,
): Arguments {
  const reader = new Reader(words, from, table, stopAt);
  reader.run();
  return reader.result();
}

const APT_BOOLEANS = new Set('yes no true false with without on off enable disable 0 1'.split(' '));

/** The state of one reading; a class because a dozen steps share it. */
class Reader {
  private readonly flags: CommandFlag[] = [];
  private readonly operands: ShellWord[] = [];
  private readonly syntax: ReadonlySet<string>;
  private at: number;
  private path: string[] = [];
  private subcommand: string | null = null;
  private subcommandWord: ShellWord | null = null;
  private subFlags: ReadonlyMap<string, Arity> | undefined;
  private findsSubcommand: boolean;
  private takesFlags = true;

  constructor(
    readonly words: readonly ShellWord[],
    from: number,
    readonly table: ToolTable | null,
    readonly stopAt: number | null,
  ) {
    this.at = from;
    this.syntax = table?.syntax ?? NOTHING;
    this.findsSubcommand = table !== null && table.subcommands.size > 0 && table.operations.size === 0;
    const implied = this.findsSubcommand ? table?.aliases.get('') : undefined;
    if (implied !== undefined) this.subFlags = table?.subcommands.get(implied);
  }

  run(): void {
    if (this.syntax.has('old-style')) this.readBundle();
    for (let word = this.words[this.at]; word; word = this.words[this.at]) {
      if (this.takesFlags && this.isFlag(word)) {
        this.at++;
        if (word.value === '--') this.takesFlags = false;
        else this.readFlag(word);
      } else if (this.readOperand(word)) return;
    }
  }

  result(): Arguments {
    const none = this.findsSubcommand && this.subcommand === null && this.operands.length === 0;
    return {
      subcommand: none && this.table?.aliases.has('') ? '' : this.subcommand,
      subcommandWord: this.subcommandWord,
      flags: this.flags,
      operands: this.operands,
      rest: this.at,
    };
  }

  private isFlag(word: ShellWord): boolean {
    const { value } = word;
    if (value.charCodeAt(0) === 45) {
      if (value.length === 1) return this.table?.globals.has('-') === true;
      return !(this.syntax.has('modes') && this.operands.length === 0 && /^-[rwxXst]+$/.test(value));
    }
    return this.syntax.has('shell') && value.charCodeAt(0) === 43 && value.length > 1;
  }

  /** Returns true where reading is over. */
  private readOperand(word: ShellWord): boolean {
    const isToolchain = this.syntax.has('toolchain') && this.subcommand === null && word.value.startsWith('+');
    if (this.findsSubcommand && !isToolchain && this.subcommandPart(word)) {
      this.at++;
      return false;
    }
    if (this.stopAt !== null && this.operands.length >= this.stopAt) return true;
    this.at++;
    this.operands.push(word);
    const { table } = this;
    if (!table || isToolchain) return false;
    const isScript = this.subcommand === null && table.subcommands.size > 0 && this.syntax.has('scripts');
    const stops = !this.syntax.has('permute') || isScript || table.stops.has(this.subcommand ?? '');
    if (stops) this.takesFlags = false;
    return false;
  }

  private subcommandPart(word: ShellWord): boolean {
    const table = this.table as ToolTable;
    const name = word.literal ? resolveSubcommand(table, [...this.path, word.value].join(' ')) : null;
    if (name === null) {
      this.findsSubcommand = false;
      return false;
    }
    this.path = name.split(' ');
    this.subcommand = name;
    this.subcommandWord ??= word;
    this.subFlags = table.subcommands.get(name);
    if (!table.prefixes.has(name)) this.findsSubcommand = false;
    return true;
  }

  /** `tar xzf FILE`: a first word without dash is a bundle whose letters take the words after it, in order. */
  private readBundle(): void {
    const bundle = this.words[this.at];
    if (!bundle?.literal || !/^[A-Za-z]+$/.test(bundle.value)) return;
    this.at++;
    for (const letter of bundle.value) {
      const arity = this.arity(`-${letter}`);
      if (arity === 'value') this.push(`-${letter}`, bundle, this.words[this.at++] ?? null, false);
      else this.push(`-${letter}`, bundle, null, arity === undefined);
    }
  }

  private readFlag(word: ShellWord): void {
    const { value } = word;
    if (!this.table) {
      this.readUnknownTool(word);
      return;
    }
    const arity = this.arity(value);
    if (arity === undefined && this.table.words.some((prefix) => value.startsWith(prefix))) {
      this.push(value, word, null, false);
      return;
    }
    if (value.startsWith('--') || (this.syntax.has('single-dash') && !this.arity(value.slice(0, 2)))) {
      this.readLong(word);
      return;
    }
    if (value.length === 2 || arity !== undefined) {
      this.readWhole(value, word, arity);
      return;
    }
    const letters = value.slice(1);
    const allKnown = () => [...letters].every((letter) => this.arity(`-${letter}`) !== undefined);
    const first = this.arity(value.slice(0, 2));
    const clusters = this.syntax.has('known-cluster') ? allKnown() : this.syntax.has('cluster');
    if (clusters && first !== undefined) {
      this.readCluster(word);
      return;
    }
    this.readLong(word);
  }

  private readUnknownTool(word: ShellWord): void {
    const equals = word.value.indexOf('=');
    if (equals > 1) this.attach(word.value.slice(0, equals), word, word.value.slice(equals + 1), true);
    else this.push(word.value, word, null, true);
  }

  private readLong(word: ShellWord): void {
    const { value } = word;
    const equals = value.indexOf('=');
    const written = equals === -1 ? value : value.slice(0, equals);
    let [name, arity] = this.find(written);
    if (arity === undefined && this.syntax.has('single-dash')) {
      // Go and Java take one dash or two; the table has one of them.
      const other = written.startsWith('--') ? written.slice(1) : `-${written}`;
      const found = this.arity(other);
      if (found !== undefined) [name, arity] = [other, found];
    }
    if (equals !== -1) this.attach(name, word, value.slice(equals + 1), arity === undefined);
    else this.readWhole(name, word, arity);
  }

  private readCluster(word: ShellWord): void {
    const { value } = word;
    const sign = value[0] ?? '-';
    for (let at = 1; at < value.length; at++) {
      const name = sign + value[at];
      const arity = this.arity(name);
      const attached = value.slice(at + 1);
      const equals = attached.startsWith('=') && this.syntax.has('short-equals');
      if (equals) {
        this.attach(name, word, attached.slice(1), arity === undefined);
        return;
      }
      if (arity === undefined || arity === 'none') this.push(name, word, null, arity === undefined);
      else if (attached === '') this.readWhole(name, word, arity);
      else if (this.syntax.has('shell')) this.push(name, word, this.words[this.at++] ?? null, false);
      else if (arity === 'attached' && !isValue(attached, this)) this.push(name, word, null, false);
      else {
        this.attach(name, word, attached, false);
        return;
      }
    }
  }

  /** True where the letters after an optional-value flag are no flags themselves (`-q2`, not `-qqy`). */
  isFlagLetter(letter: string): boolean {
    return this.arity(`-${letter}`) !== undefined;
  }

  /** A flag without an attached value. */
  private readWhole(name: string, word: ShellWord, arity: Arity | undefined): void {
    const next = this.words[this.at];
    let value: ShellWord | null = null;
    if (next && this.consumes(name, arity, next)) {
      value = next;
      this.at++;
    }
    this.push(name, word, value, arity === undefined);
    if (value && arity === 'many') {
      for (let more = this.words[this.at]; more && !this.isFlag(more); more = this.words[this.at]) this.at++;
    } else if (value && typeof arity === 'number') this.at = Math.min(this.words.length, this.at + arity - 1);
    if (this.table?.last.includes(name)) this.takesFlags = false;
  }

  private consumes(name: string, arity: Arity | undefined, next: ShellWord): boolean {
    if (arity === 'value' || typeof arity === 'number') return true;
    const dashed = next.value.startsWith('-') && next.value.length > 1;
    if (arity === 'optional' || arity === 'many') return !dashed && !this.isSubcommandWord(next);
    if (!next.literal || arity === undefined) return false;
    if (this.syntax.has('nopt')) return next.value === 'true' || next.value === 'false';
    if (!this.syntax.has('apt')) return false;
    if (arity === 'attached') return /^\d+$/.test(next.value) && name.startsWith('-q');
    return APT_BOOLEANS.has(next.value);
  }

  private isSubcommandWord(word: ShellWord): boolean {
    const { table } = this;
    return this.findsSubcommand && table !== null && resolveSubcommand(table, word.value) !== null;
  }

  private attach(name: string, word: ShellWord, value: string, unknown: boolean): void {
    this.flags.push({ name, word, value, literal: word.literal, span: word.span, unknown });
    this.operation(name, word);
    if (this.table?.last.includes(name)) this.takesFlags = false;
  }

  private push(name: string, word: ShellWord, value: ShellWord | null, unknown: boolean): void {
    const span = value ? cover(word.span, value.span) : word.span;
    const literal = value === null || value.literal;
    this.flags.push({ name, word, value: value?.value ?? null, literal, span, unknown });
    this.operation(name, word);
  }

  private operation(name: string, word: ShellWord): void {
    const operation = this.table?.operations.get(name);
    if (operation === undefined || this.subcommand !== null) return;
    this.subcommand = operation;
    this.subcommandWord = word;
  }

  private arity(name: string): Arity | undefined {
    const own = this.subFlags?.get(name);
    if (own !== undefined || !this.table) return own;
    if (this.subcommand !== null && this.syntax.has('early-globals')) return undefined;
    return this.table.globals.get(name);
  }

  /** The flag of a written name, with `--no-` and abbreviations seen through; the name as written where unknown. */
  private find(written: string): [string, Arity | undefined] {
    const arity = this.arity(written);
    if (arity !== undefined) return [written, arity];
    if (!written.startsWith('--') || written.length < 5) return [written, undefined];
    if (this.syntax.has('negatable') && written.startsWith('--no-')) {
      return [written, this.arity(`--${written.slice(5)}`) === undefined ? undefined : 'none'];
    }
    if (this.syntax.has('apt')) return [written, this.arity(written.toLowerCase())];
    return this.syntax.has('abbrev') ? this.expand(written) : [written, undefined];
  }

  private expand(written: string): [string, Arity | undefined] {
    const found = new Map<string, Arity>();
    for (const flags of [this.table?.globals, this.subFlags]) {
      for (const [name, arity] of flags ?? []) if (name.startsWith(written)) found.set(name, arity);
    }
    const [first, second] = found;
    return first && !second ? first : [written, undefined];
  }
}

const NOTHING: ReadonlySet<string> = new Set();

function isValue(attached: string, reader: Reader): boolean {
  return /^[\d=]/.test(attached) || !reader.isFlagLetter(attached[0] ?? '');
}

/** Canonical name of a subcommand or of the beginning of one; null where the tool knows none of that name. */
function resolveSubcommand(table: ToolTable, written: string): string | null {
  const name = table.aliases.get(written) ?? written;
  if (name === '') return null;
  if (table.subcommands.has(name) || table.prefixes.has(name)) return name;
  if (!table.syntax.has('abbrev-commands') || written.length < 3) return null;
  const matches = [...table.subcommands.keys()].filter((key) => key.startsWith(written));
  return matches.length === 1 ? (matches[0] ?? null) : null;
}
