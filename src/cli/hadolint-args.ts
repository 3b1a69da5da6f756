import type { Threshold } from '../config/types.js';
import { UsageError } from '../model/errors.js';
import { flag, list, single, type Values } from './values.js';

const text = { type: 'string', requiresArg: true, hidden: true } as const;
const texts = { ...text, array: true } as const;
const truth = { type: 'boolean', hidden: true } as const;

/**
 * hadolint's own flags, so that a command line goes on to work with another word at its beginning. Not shown in the help;
 * docs/hadolint.md lists them.
 */
export const HADOLINT_OPTIONS = {
  'failure-threshold': text,
  fail: truth,
  error: texts,
  warning: texts,
  info: texts,
  style: texts,
  'trusted-registry': texts,
  'require-label': texts,
  'strict-labels': truth,
  'disable-ignore-pragma': truth,
  'file-path-in-report': text,
  verbose: { ...truth, alias: 'V' },
} as const;

export interface HadolintArgs {
  readonly threshold: Threshold | null;
  /** As `--rule` has them. */
  readonly rules: readonly string[];
  /** Path that standard input stands for. */
  readonly reportedPath: string | null;
  /** The rest, as hadolint's environment variables say it. */
  readonly variables: Readonly<Record<string, string>>;
}

/** hadolint's `ignore` and `none` let every finding fail the run: https://github.com/hadolint/hadolint/pull/613 */
const THRESHOLDS: ReadonlyMap<string, Threshold> = new Map([
  ['error', 'error'],
  ['warning', 'warning'],
  ['info', 'info'],
  ['style', 'style'],
  ['ignore', 'style'],
  ['none', 'style'],
]);

/** Null where no flag of hadolint's is used. @throws UsageError for a threshold that hadolint has not */
export function hadolintArgsOf(values: Values): HadolintArgs | null {
  if (Object.keys(HADOLINT_OPTIONS).every((name) => values[name] === undefined)) return null;
  const word = single(values, 'failure-threshold');
  const threshold = word === null ? null : THRESHOLDS.get(word);
  if (threshold === undefined)
    throw new UsageError(`--failure-threshold: "${word}" is none of ${[...THRESHOLDS.keys()].join(', ')}`);
  const isLenient = flag(values, 'fail') === false;
  const severities = ['error', 'warning', 'info', 'style'];
  const said: readonly (readonly [string, string | null])[] = [
    ['HADOLINT_TRUSTED_REGISTRIES', list(values, 'trusted-registry').join(',') || null],
    ['HADOLINT_REQUIRE_LABELS', list(values, 'require-label').join(',') || null],
    ['HADOLINT_STRICT_LABELS', flag(values, 'strict-labels') ? '1' : null],
    ['HADOLINT_DISABLE_IGNORE_PRAGMA', flag(values, 'disable-ignore-pragma') ? '1' : null],
    ['HADOLINT_VERBOSE', flag(values, 'verbose') ? '1' : null],
  ];
  return {
    threshold: isLenient ? 'none' : threshold,
    rules: severities.flatMap((severity) => list(values, severity).map((code) => `${code}=${severity}`)),
    reportedPath: single(values, 'file-path-in-report'),
    variables: Object.fromEntries(said.flatMap(([name, value]) => (value === null ? [] : [[name, value]]))),
  };
}
