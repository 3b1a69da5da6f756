import data from '../data/tools.json' with { type: 'json' };

/**
 * What a flag does with the words after it.
 *
 * `none`: takes no value. `value`: takes the next word unless a value is attached. `attached`: takes a value only
 * attached or after `=`. `optional`: takes the next word where that does not begin with a dash. `many`: takes all words
 * up to the next flag. A number: takes so many words.
 */
export type Arity = 'none' | 'value' | 'attached' | 'optional' | 'many' | number;

/** How the words of one tool are read. Made of a line of text when the tool is first met, since a file has few tools. */
export interface ToolTable {
  readonly name: string;
  /** Switches: `permute`, `cluster`, `known-cluster`, `early-globals`, `single-dash`, `abbrev`, `abbrev-commands`, `negatable`, `nopt`, `apt`, `old-style`, `modes`, `toolchain`, `short-equals`, `scripts`, `shell`. */
  readonly syntax: ReadonlySet<string>;
  readonly globals: ReadonlyMap<string, Arity>;
  /** Canonical names, those of several words with a space. */
  readonly subcommands: ReadonlyMap<string, ReadonlyMap<string, Arity>>;
  /** True for the first words of subcommands of several words. */
  readonly prefixes: ReadonlySet<string>;
  readonly aliases: ReadonlyMap<string, string>;
  /** Operands before the command that it runs; null: it runs none. */
  readonly wraps: number | 'assignments' | null;
  /** Flags whose value is a command line. */
  readonly commandFlags: readonly string[];
  /** Flags after whose value all words belong to the program. */
  readonly last: readonly string[];
  /** Beginnings of words that are flags as they stand (`-Xmx512m`). */
  readonly words: readonly string[];
  /** Subcommands after whose first operand all words are operands. */
  readonly stops: ReadonlySet<string>;
  /** Flags that are the subcommand (`pacman -S`). */
  readonly operations: ReadonlyMap<string, string>;
}

const NAMES: Readonly<Record<string, string>> = data.names;
const TEXTS: Readonly<Record<string, string>> = data.tables;
const MOST_NAMES = 2000;
const tables = new Map<string, ToolTable | null>();

/**
 * The table for a program's name, null where there is none: `pip3.11` is read as `pip`, `dnf5` as `dnf`, `npm.cmd` as
 * `npm`. The facts come from `src/data/tools.json`, made by `scripts/generate-tools.ts`.
 */
export function findTool(program: string): ToolTable | null {
  const known = tables.get(program);
  if (known !== undefined) return known;
  const name = toolName(program);
  const text = name === null ? undefined : TEXTS[name];
  let table: ToolTable | null = null;
  if (name !== null && text !== undefined) table = name === program ? readTable(name, text) : findTool(name);
  // Names come from the files that are linted, without end.
  if (tables.size < MOST_NAMES) tables.set(program, table);
  return table;
}

const VERSIONED = /^(pip|python|pypy|gem|dnf|bundle|nodejs|node)[-]?\d+(?:\.\d+)*$/;

function toolName(program: string): string | null {
  if (Object.hasOwn(TEXTS, program)) return program;
  if (Object.hasOwn(NAMES, program)) return NAMES[program] ?? null;
  const bare = program.replace(/\.(?:exe|cmd|phar)$/i, '');
  const base = VERSIONED.exec(bare)?.[1] ?? bare;
  return base === program ? null : toolName(base);
}

function readTable(name: string, text: string): ToolTable {
  const [meta = '', ...lines] = text.split('\n');
  const syntax = new Set<string>();
  const settings = new Map<string, string>();
  for (const word of meta.split(' ')) {
    const equals = word.indexOf('=');
    if (equals === -1) syntax.add(word);
    else settings.set(word.slice(0, equals), word.slice(equals + 1));
  }
  let globals: ReadonlyMap<string, Arity> = new Map();
  const subcommands = new LazyFlags();
  const aliases = new Map<string, string>();
  const prefixes = new Set<string>();
  for (const line of lines) {
    const rest = line.slice(2);
    if (line.startsWith('g ')) globals = readFlags(rest);
    else if (line.startsWith('a ')) {
      for (const pair of rest.split(' ')) {
        const equals = pair.indexOf('=');
        aliases.set(unspaced(pair.slice(0, equals)), unspaced(pair.slice(equals + 1)));
      }
    } else {
      const space = rest.indexOf(' ');
      const flags = space === -1 ? '' : rest.slice(space + 1);
      for (const sub of (space === -1 ? rest : rest.slice(0, space)).split(',')) subcommands.add(unspaced(sub), flags);
    }
  }
  for (const key of [...subcommands.keys(), ...aliases.keys()]) {
    for (let at = key.indexOf(' '); at !== -1; at = key.indexOf(' ', at + 1)) prefixes.add(key.slice(0, at));
  }
  const wraps = settings.get('wrapper');
  return {
    name,
    syntax,
    globals,
    subcommands,
    prefixes,
    aliases,
    wraps: wraps === undefined ? null : wraps === 'assignments' ? wraps : Number(wraps),
    commandFlags: list(settings.get('command')),
    last: list(settings.get('last')),
    words: list(settings.get('prefixes')),
    stops: new Set(list(settings.get('stop')).map(unspaced)),
    operations: new Map(list(settings.get('operations')).map((pair) => pair.split(':') as [string, string])),
  };
}

/** Flag sets that are read when a command first uses the subcommand: a tool may have a hundred, a file uses two. */
class LazyFlags extends Map<string, ReadonlyMap<string, Arity>> {
  readonly #texts = new Map<string, string>();

  add(name: string, flags: string): void {
    this.#texts.set(name, flags);
    super.set(name, EMPTY);
  }

  override get(name: string): ReadonlyMap<string, Arity> | undefined {
    const text = this.#texts.get(name);
    if (text !== undefined) {
      super.set(name, readFlags(text));
      this.#texts.delete(name);
    }
    return super.get(name);
  }
}

const EMPTY: ReadonlyMap<string, Arity> = new Map();

function readFlags(text: string): ReadonlyMap<string, Arity> {
  const flags = new Map<string, Arity>();
  if (text === '') return flags;
  for (const word of text.split(' ')) {
    const count = word.indexOf('#');
    if (count > 0) {
      flags.set(word.slice(0, count), Number(word.slice(count + 1)));
      continue;
    }
    const arity = word.length > 1 ? ARITIES[word.at(-1) ?? ''] : undefined;
    // `-?` is a flag of its own.
    if (arity === undefined || word === '-?') flags.set(word, 'none');
    else flags.set(word.slice(0, -1), arity);
  }
  return flags;
}

const ARITIES: Readonly<Record<string, Arity>> = { ':': 'value', '?': 'attached', '~': 'optional', '*': 'many' };

function list(text: string | undefined): readonly string[] {
  return text === undefined || text === '' ? [] : text.split(',');
}

function unspaced(words: string): string {
  return words.replaceAll('~', ' ');
}
