import yargs from 'yargs';
import { UsageError } from '../model/errors.js';
import { VERSION } from '../model/version.js';
import { CONTEXT_OPTIONS, contextArgsOf, LAYERS_OPTIONS, layersArgsOf, spreadChanged } from './build-args.js';
import type { Command } from './command.js';
import { complete } from './complete.js';
import { explainUsage } from './explain-usage.js';
import type { Io } from './io.js';
import { LINT_OPTIONS, lintCommandOf } from './lint-args.js';
import { INIT_OPTIONS, OPTIONS_OF, RULES_OPTIONS } from './options.js';
import { refuseMisuse, refuseWords } from './usage.js';
import { single, type Values } from './values.js';

const SCRIPT_COMMAND = 'completion-script';

const DOCKERFILE_TEXT =
  'DOCKERFILE: its path, or its directory; where there is none, Dockerfile or Containerfile of the working directory.';

const CONTEXT_USAGE = `$0 context [DOCKERFILE]

Shows the build context: which files the build is sent, what each COPY brings, what the ignore file leaves out. ${DOCKERFILE_TEXT}`;

const LAYERS_USAGE = `$0 layers [DOCKERFILE] [--changed PATH...]

Shows the steps of a build, and which of them run again after each kind of edit, or after the change that --changed or --since names. ${DOCKERFILE_TEXT} It stands before --changed, or behind --.`;

/**
 * Reads a command line.
 *
 * @throws UsageError for an unknown option, command argument or value, with what was likely meant.
 */
export function parseArgs(typed: readonly string[], io: Io): Command {
  const plain = plainCommand(typed);
  if (plain) return plain;
  const split = splitShortOptions(typed);
  const argv = split.includes('layers') ? spreadChanged(split) : split;
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
        refuseMisuse(values as Values, argv, LINT_OPTIONS);
        command = lintCommandOf(values as Values);
      },
    )
    .command(
      'context',
      'Show what the build context holds and what each COPY brings',
      (builder) => builder.usage(CONTEXT_USAGE).options(CONTEXT_OPTIONS),
      (values) => {
        refuseMisuse(values as Values, argv, CONTEXT_OPTIONS);
        command = { kind: 'context', args: contextArgsOf(values as Values) };
      },
    )
    .command(
      'layers',
      'Show the steps of a build and which of them each edit makes run again',
      (builder) => builder.usage(LAYERS_USAGE).options(LAYERS_OPTIONS),
      (values) => {
        refuseMisuse(values as Values, argv, LAYERS_OPTIONS);
        command = { kind: 'layers', args: layersArgsOf(values as Values) };
      },
    )
    .command(
      'rules',
      'List the rules',
      (builder) => builder.options(RULES_OPTIONS),
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
      (builder) => builder.options(INIT_OPTIONS),
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
      throw error instanceof UsageError ? error : new UsageError(explainUsage(message || error.message, argv));
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
  return first !== 'lint' && Object.hasOwn(OPTIONS_OF, first) ? null : lintCommandOf({ ...values, _: words });
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
