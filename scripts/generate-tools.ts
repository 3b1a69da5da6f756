/**
 * Writes `src/data/tools.json` from the fact table of the shared data (`../shared/data/tools.json`).
 *
 * `--check` writes nothing: it fails where the committed file is not what would be written, and says that it skipped
 * where the shared data is not there. The format of the output is described in `src/shell/tools.ts`, its only reader.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

interface FlagSets {
  readonly flagsWithValue?: readonly string[];
  readonly booleanFlags?: readonly string[];
  readonly optionalValueFlags?: readonly string[];
  readonly valueMayBeAbsent?: readonly string[];
  readonly valueCount?: Readonly<Record<string, number | string>>;
}

interface Tool extends FlagSets {
  readonly globalFlagsWithValue?: readonly string[];
  readonly globalBooleanFlags?: readonly string[];
  readonly globalOptionalValueFlags?: readonly string[];
  readonly globalFlagsWithValueExtra?: readonly string[];
  readonly subcommands?: Readonly<Record<string, FlagSets>>;
  readonly aliases?: Readonly<Record<string, string | null>>;
  readonly shorthands?: Readonly<Record<string, string | readonly string[]>>;
  readonly wrapper?: boolean;
  readonly operandsBeforeCommand?: number | string;
  readonly commandFlag?: readonly string[];
  readonly terminators?: readonly string[];
  readonly operationByFlag?: Readonly<Record<string, string>>;
  readonly sameAs?: string;
  readonly names?: readonly string[];
  readonly companions?: Readonly<Record<string, FlagSets>>;
  readonly busybox?: FlagSets;
  readonly dnf5?: FlagSets;
  readonly variants?: Readonly<Record<string, FlagSets>>;
  readonly syntax?: Readonly<Record<string, unknown>>;
}

/** What one flag takes; the letters that `src/shell/tools.ts` reads. */
type Arity = '' | ':' | '?' | '~' | '*' | `#${number}`;

type Table = Map<string, Arity>;

const FACTS = new URL('../../shared/data/tools.json', import.meta.url);
const TARGET = new URL('../src/data/tools.json', import.meta.url);

/** Tables that are read together, since the words of a command do not say which of the tools it is. */
const MERGED: Readonly<Record<string, readonly string[]>> = {
  yarn: ['yarn-berry'],
  yum: ['dnf'],
  npx: ['npm'],
};

/** Tools whose first operand, where it is no subcommand, is a script that all later words belong to. */
const SCRIPT_RUNNERS = new Set(['yarn', 'pnpm', 'bun', 'deno']);

/** Second words that the facts leave among the operands, with what the tool also calls them. */
const SECOND_WORDS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  npm: {
    cache: 'add clean=clear=rm ls verify',
    config: 'set get delete=rm=del list=ls edit fix',
    pkg: 'get set delete fix',
  },
  pip: { cache: 'dir info list remove purge', config: 'set get unset list edit debug' },
  yarn: {
    cache: 'clean list dir',
    config: 'set get delete list unset',
    policies: 'set-version',
    workspaces: 'run info',
  },
  bundle: { config: 'set get unset list' },
  git: { submodule: 'add init update status foreach sync', lfs: 'install pull fetch' },
};

/** Flags of a subcommand that the facts have from another one; from the tool's own help. */
const CORRECTIONS: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, Arity>>>>>> = {
  conda: { clean: { '-f': '', '-c': '' } },
};

/** Runners that the facts do not list; from the manual of each. */
const MORE_WRAPPERS: Readonly<Record<string, Tool>> = {
  busybox: { wrapper: true, operandsBeforeCommand: 0, booleanFlags: ['--list', '--help', '--install'] },
  eatmydata: { wrapper: true, operandsBeforeCommand: 0 },
  's6-setuidgid': { wrapper: true, operandsBeforeCommand: 1 },
  setuidgid: { wrapper: true, operandsBeforeCommand: 1 },
};

function main(): void {
  const check = process.argv.includes('--check');
  if (!existsSync(FACTS)) {
    process.stdout.write('src/data/tools.json: skipped, the shared data is not there\n');
    return;
  }
  const text = generateTools(readFileSync(FACTS, 'utf8'));
  if (!check) {
    writeFileSync(TARGET, text);
  } else if (!existsSync(TARGET) || readFileSync(TARGET, 'utf8') !== text) {
    process.stderr.write('src/data/tools.json is out of date: run `tsx scripts/generate-tools.ts`\n');
    process.exitCode = 1;
  }
}

/** The text of `src/data/tools.json` for the text of the fact table. */
export function generateTools(facts: string): string {
  const all: Record<string, Tool> = { ...(JSON.parse(facts) as Record<string, Tool>), ...MORE_WRAPPERS };
  const names: Record<string, string> = {};
  const tables: Record<string, string> = {};
  for (const [name, tool] of Object.entries(all)) {
    if (name === '_meta' || name === 'yarn-berry') continue;
    for (const other of tool.names ?? []) {
      if (/^[\w-]+$/.test(other) && other !== name) names[other] = tool.sameAs ?? name;
    }
    if (tool.sameAs) {
      names[name] = tool.sameAs;
      continue;
    }
    tables[name] = tableText(name, all);
    for (const [companion, sets] of Object.entries(tool.companions ?? {})) {
      tables[companion] = tableText(companion, { [companion]: { ...sets, syntax: { permute: true } } });
    }
  }
  names.bundler = 'bundle';
  return `${JSON.stringify({ names, tables }, null, 0).replaceAll('","', '",\n"')}\n`;
}

function tableText(name: string, all: Readonly<Record<string, Tool>>): string {
  const tool = all[name] as Tool;
  const merged = (MERGED[name] ?? []).map((other) => all[other] as Tool);
  const global = globalFlags(name, tool, all);
  for (const other of merged) addAbsent(global, globalFlags('', other, all));

  const subcommands = new Map<string, Table>();
  for (const source of [tool, ...merged]) {
    for (const [sub, sets] of Object.entries(source.subcommands ?? {})) {
      const table = flagTable(sets);
      const known = subcommands.get(sub);
      if (known) addAbsent(known, table);
      else subcommands.set(sub, table);
    }
  }
  const aliases: Record<string, string> = {};
  for (const source of [...merged, tool]) {
    for (const [alias, canonical] of Object.entries(source.aliases ?? {})) {
      if (canonical !== null && alias !== canonical) aliases[alias] = canonical;
    }
  }
  nameGroupCommands(name, subcommands, aliases);
  nameSecondWords(name, subcommands, aliases);
  for (const [sub, flags] of Object.entries(CORRECTIONS[name] ?? {})) {
    for (const [flag, arity] of Object.entries(flags)) subcommands.get(sub)?.set(flag, arity);
  }

  const lines = [metaLine(name, tool)];
  if (global.size > 0) lines.push(`g ${flagText(global)}`);
  const byText = new Map<string, string[]>();
  for (const [sub, table] of subcommands) {
    const text = flagText(
      new Map([...table].filter(([flag, arity]) => global.get(flag) !== arity || dropsGlobals(tool))),
    );
    const same = byText.get(text);
    if (same) same.push(spaced(sub));
    else byText.set(text, [spaced(sub)]);
  }
  for (const [text, subs] of byText) lines.push(`s ${subs.join(',')} ${text}`.trimEnd());
  const pairs = Object.entries(aliases).map(([alias, canonical]) => `${spaced(alias)}=${spaced(canonical)}`);
  if (pairs.length > 0) lines.push(`a ${pairs.join(' ')}`);
  return lines.join('\n');
}

function globalFlags(name: string, tool: Tool, all: Readonly<Record<string, Tool>>): Table {
  const table = flagTable({
    ...tool,
    flagsWithValue: [...(tool.flagsWithValue ?? []), ...(tool.globalFlagsWithValue ?? [])],
    booleanFlags: [...(tool.booleanFlags ?? []), ...(tool.globalBooleanFlags ?? [])],
    optionalValueFlags: [...(tool.optionalValueFlags ?? []), ...(tool.globalOptionalValueFlags ?? [])],
  });
  for (const [short, long] of Object.entries(tool.shorthands ?? {})) {
    if (table.has(short)) continue;
    const [target = '', value] = typeof long === 'string' ? long.split('=') : long;
    table.set(short, value === undefined ? (table.get(target) ?? '') : '');
  }
  for (const other of Object.values(all)) {
    if (other.sameAs === name) addAbsent(table, flagTable({ flagsWithValue: other.globalFlagsWithValueExtra ?? [] }));
  }
  if (name === 'yarn') for (const flag of ['--help', '-h', '--version', '-v']) table.set(flag, table.get(flag) ?? '');
  // A shell takes the command string from its first operand, not from the word after `-c`.
  if (isShell(tool)) table.set('-c', '');
  if (tool.dnf5) addAbsent(table, flagTable(tool.dnf5));
  if (name === 'microdnf' && all.dnf?.dnf5) addAbsent(table, flagTable(all.dnf.dnf5));
  if (tool.busybox) addAbsent(table, flagTable(tool.busybox));
  // adduser is another program on each distribution. Debian's has hardly a short option, so those of the others hold.
  for (const [variant, sets] of Object.entries(tool.variants ?? {})) {
    if (variant === 'busybox') for (const [flag, arity] of flagTable(sets)) table.set(flag, arity);
  }
  const shadow = name === 'adduser' ? 'useradd' : name === 'addgroup' ? 'groupadd' : null;
  if (shadow) {
    for (const [flag, arity] of flagTable(all[shadow] as Tool)) {
      if (!table.has(flag) || (arity === ':' && flag === '-d')) table.set(flag, arity);
    }
  }
  return table;
}

function flagTable(sets: FlagSets): Table {
  const table: Table = new Map();
  for (const flag of sets.booleanFlags ?? []) table.set(flag, '');
  for (const flag of sets.flagsWithValue ?? []) table.set(flag, ':');
  for (const flag of sets.optionalValueFlags ?? []) table.set(flag, '?');
  for (const flag of sets.valueMayBeAbsent ?? []) table.set(flag, '~');
  for (const [flag, count] of Object.entries(sets.valueCount ?? {})) {
    table.set(flag, typeof count === 'number' ? `#${count}` : '*');
  }
  return table;
}

/** `dnf groupinstall X` and `dnf group install X` are one subcommand of two words. */
function nameGroupCommands(name: string, subcommands: Map<string, Table>, aliases: Record<string, string>): void {
  if (name !== 'dnf' && name !== 'yum') return;
  const install = subcommands.get('install');
  for (const action of ['install', 'remove', 'list', 'update']) {
    subcommands.set(`group ${action}`, install ?? new Map());
    aliases[`group${action}`] = `group ${action}`;
    aliases[`groups ${action}`] = `group ${action}`;
  }
}

function nameSecondWords(name: string, subcommands: Map<string, Table>, aliases: Record<string, string>): void {
  for (const [first, seconds] of Object.entries(SECOND_WORDS[name] ?? {})) {
    for (const second of seconds.split(' ')) {
      const [canonical = '', ...others] = second.split('=');
      const full = `${first} ${canonical}`;
      if (!subcommands.has(full)) subcommands.set(full, subcommands.get(first) ?? new Map());
      for (const other of others) aliases[`${first} ${other}`] = full;
    }
  }
}

function metaLine(name: string, tool: Tool): string {
  const syntax = tool.syntax ?? {};
  const style = String(syntax.style ?? '');
  const words: string[] = [];
  const put = (condition: boolean, word: string) => {
    if (condition) words.push(word);
  };
  put(syntax.permute === true || (syntax.permute === undefined && tool.wrapper !== true), 'permute');
  put(syntax.permute === '-d and -x also after the archive', 'permute');
  const clusters =
    name === 'adduser' || name === 'addgroup' || (syntax.shortCluster !== false && !style.startsWith('nopt'));
  put(clusters, 'cluster');
  put(name === 'npm', 'known-cluster');
  put(dropsGlobals(tool), 'early-globals');
  put(syntax.singleDashLong === true || style === 'java', 'single-dash');
  put(syntax.abbrev === true || style.startsWith('getopt_long') || name === 'tar', 'abbrev');
  put(name === 'gem' || name === 'composer', 'abbrev-commands');
  put(syntax.noPrefix !== undefined, 'negatable');
  put(style.startsWith('nopt'), 'nopt');
  put(style === 'apt CommandLine', 'apt');
  put(syntax.oldStyle !== undefined, 'old-style');
  put(name === 'chmod', 'modes');
  put(syntax.toolchainPrefix !== undefined, 'toolchain');
  const prefixes = Array.isArray(syntax.prefixes)
    ? syntax.prefixes.filter((prefix) => String(prefix).startsWith('-'))
    : [];
  put(prefixes.length > 0, `prefixes=${prefixes.join(',')}`);
  put(/^(clap|argparse|click)/.test(style) || syntax.shortWithEquals !== undefined || name === 'bun', 'short-equals');
  put(SCRIPT_RUNNERS.has(name), 'scripts');
  put(isShell(tool), 'shell');
  put(tool.wrapper === true, `wrapper=${tool.operandsBeforeCommand ?? 0}`);
  put(tool.commandFlag !== undefined && !isShell(tool), `command=${tool.commandFlag?.join(',')}`);
  put(name === 'flock', 'command=-c,--command');
  put(tool.terminators !== undefined, `last=${tool.terminators?.join(',')}`);
  // npm reads its own flags from the words after the script's name too, up to `--`.
  const stops = [syntax.stopAtCommand, syntax.stopAtFirstOperand].flatMap((list) => (Array.isArray(list) ? list : []));
  if (name === 'bun') stops.push('run', 'x', 'exec', 'create');
  if (name === 'yarn') stops.push('run', 'exec', 'dlx', 'create', 'node', 'workspace');
  const list = stops.filter((stop) => !(name === 'npm' && stop === 'run')).map((stop) => spaced(String(stop)));
  put(list.length > 0, `stop=${list.join(',')}`);
  const operations = Object.entries(tool.operationByFlag ?? {}).map(([flag, operation]) => `${flag}:${operation}`);
  put(operations.length > 0, `operations=${operations.join(',')}`);
  return words.join(' ');
}

function isShell(tool: Tool): boolean {
  return tool.commandFlag?.length === 1 && tool.wrapper === true;
}

function dropsGlobals(tool: Tool): boolean {
  return String(tool.syntax?.globalPosition ?? '').startsWith('before the subcommand only');
}

function addAbsent(table: Table, more: Table): void {
  for (const [flag, arity] of more) if (!table.has(flag)) table.set(flag, arity);
}

function flagText(table: Table): string {
  // The facts have both forms where a tool takes one dash or two; the reader tries both.
  const isDouble = (flag: string) => flag.startsWith('--') && flag.length > 3 && table.has(flag.slice(1));
  return [...table]
    .filter(([flag]) => !isDouble(flag))
    .map(([flag, arity]) => flag + arity)
    .sort()
    .join(' ');
}

function spaced(words: string): string {
  return words.replaceAll(' ', '~');
}

if (process.argv[1]?.endsWith('generate-tools.ts')) main();
