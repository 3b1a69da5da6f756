import { HADOLINT_FORMATS } from '../config/hadolint.js';
import { THRESHOLDS, type Threshold } from '../config/types.js';
import type { FixMode } from '../engine/fix.js';
import { PRESETS } from '../engine/presets.js';
import { shellcheckCode } from '../engine/rule-names.js';
import { UsageError } from '../model/errors.js';
import { FORMATS, type FormatName, isFormat } from '../reporters/index.js';
import { BUILD_OPTIONS, COLOR_OPTION } from './build-options.js';
import type { Command, LintArgs } from './command.js';
import { HADOLINT_OPTIONS, hadolintArgsOf } from './hadolint-args.js';
import { unknownValue } from './usage.js';
import { flag, last, list, single, type Values } from './values.js';

/** Values of `--shellcheck`; the first is the default. */
export const SHELLCHECK_MODES = ['auto', 'native', 'wasm', 'off'] as const;

/** Options of `plimsoll lint`, as yargs takes them. */
export const LINT_OPTIONS = {
  ...BUILD_OPTIONS,
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
  ...COLOR_OPTION,
  now: { type: 'string', requiresArg: true, hidden: true },
  ...HADOLINT_OPTIONS,
} as const;

/** What the values of a command line of `plimsoll lint` ask for. @throws UsageError for a value that means nothing */
export function lintCommandOf(values: Values): Command {
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
