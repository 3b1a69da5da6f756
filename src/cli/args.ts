import yargs from 'yargs';
import { HADOLINT_FORMATS } from '../config/hadolint.js';
import { THRESHOLDS, type Threshold } from '../config/types.js';
import type { FixMode } from '../engine/fix.js';
import { PRESETS } from '../engine/presets.js';
import { didYouMean, nearest, shellcheckCode } from '../engine/rule-names.js';
import { UsageError } from '../model/errors.js';
import { VERSION } from '../model/version.js';
import { FORMATS, type FormatName, isFormat } from '../reporters/index.js';
import { rules } from '../rules/index.js';
import { COMMAND_NAMES, type Command, type LintArgs } from './command.js';
import { HADOLINT_OPTIONS, hadolintArgsOf } from './hadolint-args.js';
import type { Io } from './io.js';
import { flag, last, list, single, type Values } from './values.js';

/**
 * Reads a command line.
 *
 * @throws UsageError for an unknown option, command argument or value, with what was likely meant.
 */
export function parseArgs(typed: readonly string[], io: Io): Command {
  const plain = plainCommand(typed);
  if (plain) return plain;
  const argv = splitShortOptions(typed);
  let command: Command | null = null;
  let output = '';
  const parser = yargs([...argv], io.cwd)
    .scriptName('plimsoll')
    .locale('en')
    .parserConfiguration({
      'boolean-negation': true,
      'camel-case-expansion': false,
      'dot-notation': false,
      'greedy-arrays': false,
      'parse-numbers': false,
      'parse-positional-numbers': false,
    })
    .usage(
      '$0 [lint] [PATH...]\n\nLints Dockerfiles together with their build contexts. PATH: files, directories, globs, or - for standard input; the working directory where there is none.',
    )
    // Without a positional of its own: yargs reads those a second time, and loses `-` and what follows `--`.
    .command(
      ['lint', '$0'],
      'Lint Dockerfiles (the default)',
      (builder) => builder.options(LINT_OPTIONS),
      (values) => {
        refuseMisuse(values as Values, argv);
        command = lintCommandOf(values as Values);
      },
    )
    .command(
      'rules',
      'List the rules',
      (builder) => builder.options({ json: { describe: 'As JSON', type: 'boolean' } }),
      (values) => {
        refuseWords(values._.slice(1));
        command = { kind: 'rules', json: values.json === true };
      },
    )
    .command(
      'explain <rule>',
      "Show a rule's page: why, examples, options",
      (builder) =>
        builder.positional('rule', { describe: 'Id or alias, such as apt/pin-versions or DL3008', type: 'string' }),
      (values) => {
        refuseWords(values._.slice(1));
        command = { kind: 'explain', rule: String(values.rule) };
      },
    )
    .command(
      'init',
      'Write a commented .plimsoll.yaml',
      (builder) =>
        builder.options({
          'from-hadolint': {
            describe: "From hadolint's configuration: that of this directory, or FILE",
            type: 'string',
          },
        }),
      (values) => {
        refuseWords(values._.slice(1));
        command = { kind: 'init', hadolint: single(values as Values, 'from-hadolint') };
      },
    )
    // yargs' own command for the script would fall through to the default command.
    .completion(SCRIPT_COMMAND, false, (current: string) => complete(current, argv))
    .command('completion', 'Print a script for completion in bash or zsh', {}, (values) => {
      refuseWords(values._.slice(1));
      parser.showCompletionScript();
    })
    .version('version', 'Print the version', VERSION)
    .alias('version', 'v')
    .help()
    .alias('help', 'h')
    .epilogue('Exit code: 0 clean, 1 findings at or above the threshold, 2 usage, configuration or internal error.')
    .wrap(helpWidth(argv, io))
    .strictOptions()
    .exitProcess(false)
    .fail((message, error) => {
      throw error instanceof UsageError ? error : new UsageError(explain(message || error.message, argv));
    });
  parser.parse([...argv], {}, (error: unknown, _values: unknown, text: string) => {
    if (error) throw error;
    output = text;
  });
  if (output !== '') return { kind: 'text', text: `${output.replaceAll(SCRIPT_COMMAND, 'completion')}\n` };
  if (command) return command;
  throw new UsageError('see plimsoll --help');
}

/**
 * A command line of nothing but paths and switches that need no parser, as editors and hooks write it: to load one takes as
 * long as to lint a file. Null for any other.
 */
function plainCommand(argv: readonly string[]): Command | null {
  const values: Record<string, boolean> = {};
  const words: string[] = [];
  for (const word of argv) {
    if (word === '--no-config') values.config = false;
    else if (word === '--quiet' || word === '-q') values.quiet = true;
    else if (word === '' || word === 'help' || word.startsWith('-')) return null;
    else words.push(word);
  }
  const [first = 'lint'] = words;
  const isOther = first !== 'lint' && COMMAND_NAMES.some((name) => name === first);
  return isOther ? null : lintCommandOf({ ...values, _: words });
}

/** `-fjson` is `-f json`, as getopt has it; yargs would read five options of one letter. */
function splitShortOptions(argv: readonly string[]): readonly string[] {
  const end = argv.indexOf('--');
  return argv.flatMap((word, at) => {
    const [, flags = '', option, value] = /^-([qhV]*)([cfot])([^=].*)$/s.exec(word) ?? [];
    if (option === undefined || value === undefined || (end !== -1 && at > end)) return [word];
    return [...(flags === '' ? [] : [`-${flags}`]), `-${option}`, value];
  });
}

/** Asking for the columns costs some milliseconds, which only help needs to spend. */
function helpWidth(argv: readonly string[], io: Io): number {
  const isHelp = argv.some((word) => word === '--help' || word === '-h');
  return Math.min((isHelp ? io.stdout.columns : null) ?? 100, 100);
}

/** Values of `--shellcheck`; the first is the default. */
const SHELLCHECK_MODES = ['auto', 'native', 'wasm', 'off'] as const;

const SCRIPT_COMMAND = 'completion-script';

const LINT_OPTIONS = {
  context: { describe: 'Directory of the build context', type: 'string', requiresArg: true, group: 'Build:' },
  target: { describe: 'Stage that is built', type: 'string', requiresArg: true, group: 'Build:' },
  'build-arg': {
    describe: 'Build argument NAME=VALUE, or NAME to take it from the environment',
    type: 'string',
    array: true,
    requiresArg: true,
    group: 'Build:',
  },
  registry: {
    describe: 'Ask registries for the platforms of base images; without it, no connection is made',
    type: 'boolean',
    group: 'Build:',
  },
  'stdin-filename': {
    describe: 'Path that standard input stands for',
    type: 'string',
    requiresArg: true,
    group: 'Build:',
  },
  preset: {
    describe: `Set of rules: ${PRESETS.join(', ')}`,
    type: 'string',
    array: true,
    requiresArg: true,
    group: 'Rules:',
  },
  rule: { describe: 'ID=SEVERITY, or ID=off', type: 'string', array: true, requiresArg: true, group: 'Rules:' },
  only: {
    describe: 'Run this rule alone; repeatable, or ID,ID',
    type: 'string',
    array: true,
    requiresArg: true,
    group: 'Rules:',
  },
  ignore: {
    describe: 'Leave this rule out; repeatable, or ID,ID',
    type: 'string',
    array: true,
    requiresArg: true,
    group: 'Rules:',
  },
  config: {
    alias: 'c',
    describe: 'Configuration file; --no-config: none',
    type: 'string',
    requiresArg: true,
    group: 'Rules:',
  },
  'print-config': {
    describe: 'Show what holds for this file, and why',
    type: 'string',
    requiresArg: true,
    group: 'Rules:',
  },
  shellcheck: {
    describe: `ShellCheck for the scripts of RUN: ${SHELLCHECK_MODES.join(', ')}`,
    type: 'string',
    requiresArg: true,
    group: 'Rules:',
  },
  cache: { describe: "Keep ShellCheck's results; --no-cache: do not", type: 'boolean', group: 'Rules:' },
  'cache-location': {
    describe: 'Folder in which they are kept',
    type: 'string',
    requiresArg: true,
    group: 'Rules:',
  },
  fix: { describe: 'Apply safe fixes', type: 'boolean', group: 'Fixes:' },
  'fix-suggestions': { describe: 'Apply suggested fixes too', type: 'boolean', group: 'Fixes:' },
  format: { alias: 'f', describe: FORMATS.join(', '), type: 'string', requiresArg: true, group: 'Report:' },
  output: { alias: 'o', describe: 'File that the report goes to', type: 'string', requiresArg: true, group: 'Report:' },
  threshold: {
    alias: 't',
    describe: `Findings from here on make the exit code 1: ${THRESHOLDS.join(', ')}`,
    type: 'string',
    requiresArg: true,
    group: 'Report:',
  },
  quiet: { alias: 'q', describe: 'No summary, and nothing when clean', type: 'boolean', group: 'Report:' },
  color: { describe: 'Colours; by itself where the terminal has them', type: 'boolean', group: 'Report:' },
  now: { type: 'string', requiresArg: true, hidden: true },
  ...HADOLINT_OPTIONS,
} as const;

function lintCommandOf(values: Values): Command {
  const printed = single(values, 'print-config');
  const args = lintArgsOf(values);
  return printed === null ? { kind: 'lint', args } : { kind: 'print-config', file: printed, args };
}

function lintArgsOf(values: Values): LintArgs {
  const words = list(values, '_');
  const paths = words[0] === 'lint' ? words.slice(1) : words;
  const config = last(values, 'config');
  const hadolint = hadolintArgsOf(values);
  // An unset variable of a script, which else would stand for the working directory.
  if (paths.includes('')) throw new UsageError('a path is empty');
  const named = ['stdin-filename', 'file-path-in-report'].find((name) => values[name] !== undefined);
  if (named !== undefined && !paths.includes('-'))
    throw new UsageError(`--${named} names what "-" reads, and there is no "-" among the paths`);
  const shellcheck = shellcheckOf(single(values, 'shellcheck'));
  const code = namesOf(values, 'only').find((name) => shellcheckCode(name) !== null);
  if (shellcheck === 'off' && code !== undefined)
    throw new UsageError(`--only ${code} needs ShellCheck, and --shellcheck off does without`);
  return {
    paths: paths.length === 0 ? ['.'] : paths,
    stdinFilename: single(values, 'stdin-filename') ?? hadolint?.reportedPath ?? null,
    hadolint: hadolint?.variables ?? null,
    context: single(values, 'context'),
    target: single(values, 'target'),
    buildArgs: list(values, 'build-arg'),
    registry: flag(values, 'registry') ?? false,
    format: formatOf(single(values, 'format')),
    output: single(values, 'output'),
    config: typeof config === 'string' ? config : null,
    useConfig: config !== false,
    overrides: {
      presets: list(values, 'preset'),
      rules: [...list(values, 'rule'), ...(hadolint?.rules ?? [])],
      only: namesOf(values, 'only'),
      ignore: namesOf(values, 'ignore'),
      threshold: hadolint?.threshold ?? thresholdOf(single(values, 'threshold')),
    },
    quiet: flag(values, 'quiet') ?? false,
    color: flag(values, 'color'),
    fix: fixModeOf(values),
    shellcheck,
    cache: flag(values, 'cache') ?? true,
    cacheLocation: single(values, 'cache-location'),
    now: dayOf(single(values, 'now')),
  };
}

/** @throws UsageError for what yargs lets pass: `--no-format`, `--format ''`, `--fix=file`. */
function refuseMisuse(values: Values, argv: readonly string[]): void {
  for (const [name, { type }] of Object.entries(LINT_OPTIONS)) {
    const given = [values[name]].flat();
    if (type === 'string') {
      if (given.includes(false) && name === 'shellcheck') throw new UsageError('write --shellcheck off');
      if (given.includes(false) && name !== 'config') throw new UsageError(`unknown option --no-${name}`);
      if (given.includes('')) throw new UsageError(`--${name} needs a value`);
    } else if (argv.some((word) => word.startsWith(`--${name}=`) && !/=(?:true|false)$/.test(word))) {
      throw new UsageError(`--${name} takes no value`);
    }
  }
}

/** @throws UsageError where a command that takes no words, or no more of them, is given some. */
function refuseWords(words: readonly (string | number)[]): void {
  if (words.length > 0) throw new UsageError(`unexpected argument "${words[0]}"; see plimsoll --help`);
}

/** Names, several of which may stand in one value as they do in a comment. */
function namesOf(values: Values, name: string): readonly string[] {
  return list(values, name)
    .flatMap((item) => item.split(','))
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

function fixModeOf(values: Values): FixMode | null {
  if (flag(values, 'fix-suggestions')) return 'all';
  return flag(values, 'fix') ? 'safe' : null;
}

function formatOf(name: string | null): FormatName | null {
  if (name === null) return null;
  if (isFormat(name)) return name;
  const known = HADOLINT_FORMATS.get(name);
  if (known && isFormat(known)) return known;
  throw new UsageError(`--format: ${unknownValue(name, 'format', FORMATS)}`);
}

function shellcheckOf(name: string | null): LintArgs['shellcheck'] {
  if (name === null) return 'auto';
  const known = SHELLCHECK_MODES.find((mode) => mode === name);
  if (known) return known;
  throw new UsageError(`--shellcheck: ${unknownValue(name, 'engine', SHELLCHECK_MODES)}`);
}

function thresholdOf(name: string | null): Threshold | null {
  if (name === null) return null;
  const known = THRESHOLDS.find((threshold) => threshold === name);
  if (known) return known;
  throw new UsageError(`--threshold: ${unknownValue(name, 'threshold', THRESHOLDS)}`);
}

function dayOf(text: string | null): Date | null {
  if (text === null) return null;
  const day = new Date(text);
  if (/^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(day.getTime())) return day;
  throw new UsageError(`--now: "${text}" is no day such as 2026-01-31`);
}

function unknownValue(name: string, what: string, known: readonly string[]): string {
  return `unknown ${what} "${name}"${didYouMean(nearest(name, known)) || `; there are ${known.join(', ')}`}`;
}

/** yargs' words made ours, with a guess at what was meant. */
function explain(message: string, argv: readonly string[]): string {
  const unknown = /^Unknown arguments?: (.*)$/.exec(message);
  if (unknown?.[1] !== undefined) {
    const name = unknown[1].split(', ')[0] ?? '';
    const typed = argv.find((word) => new RegExp(`^--?(?:no-)?${escapeRegExp(name)}(?:=|$)`).test(word));
    const options = [...Object.keys(LINT_OPTIONS), 'no-config', 'no-color', 'from-hadolint', 'json', 'help', 'version'];
    const option = (typed ?? dashed(name)).replace(/=.*$/s, '');
    const bare = option.replace(/^-+/, '');
    const command = COMMAND_NAMES.find((name) => argv.includes(name)) ?? 'lint';
    if (options.includes(bare)) return `${command} takes no ${option}; see plimsoll --help`;
    const guess = nearest(bare, options);
    return `unknown option ${option}${didYouMean(guess === null ? null : `--${guess}`) || '; see plimsoll --help'}`;
  }
  const missing = /^Not enough arguments following: (.*)$/.exec(message);
  if (missing?.[1] !== undefined) return `${dashed(missing[1])} needs a value`;
  if (message.startsWith('Not enough non-option arguments')) return 'an argument is missing; see plimsoll --help';
  return message;
}

function dashed(name: string): string {
  return `${name.length === 1 ? '-' : '--'}${name}`;
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** Words that fit where the cursor is; file names are the shell's own business. */
function complete(current: string, argv: readonly string[]): string[] {
  // The program's own name, and all words up to the cursor.
  const typed = argv.slice(argv.findIndex((word) => word.startsWith('--get-yargs-completions')) + 1);
  const before = typed.at(-2) ?? '';
  const fitting = (words: readonly string[]) => words.filter((word) => word.startsWith(current));
  if (typed.includes('explain') || /^--(?:only|ignore|rule)$/.test(before))
    return fitting(rules.map((rule) => rule.id));
  if (/^(?:--format|-f)$/.test(before)) return fitting(FORMATS);
  if (/^(?:--threshold|-t)$/.test(before)) return fitting(THRESHOLDS);
  if (before === '--shellcheck') return fitting(SHELLCHECK_MODES);
  if (before === '--preset') return fitting(PRESETS);
  if (current.startsWith('-')) {
    if (typed.includes('init')) return fitting(['--from-hadolint']);
    if (typed.includes('rules')) return fitting(['--json']);
    const shown = Object.entries(LINT_OPTIONS).filter(([, option]) => !('hidden' in option));
    return fitting(shown.map(([name]) => `--${name}`));
  }
  return typed.length <= 2 ? fitting(COMMAND_NAMES) : [];
}
