import { createMatcher, type IgnoreMatcher, parseIgnoreFile } from '../context/dockerignore.js';
import { compileName } from '../context/glob.js';
import { walkTo } from '../context/ignore-walk.js';
import type { BuildContext, IgnoreFile, IgnorePattern } from '../context/types.js';
import { createSource } from '../model/source.js';
import { remember } from './lazy.js';
import { partFinder } from './path-parts.js';
import { secretIn } from './secret-file.js';
import { neededCopies, sentFiles } from './sent-files.js';
import type { Facts } from './types.js';

/**
 * An exception that lets nothing in. `again`: a later line leaves it out once more. `nothing`: no line before it leaves it
 * out. `alone`: no line of the file leaves anything out, which was meant as a list of what to send.
 */
export interface DeadException {
  readonly kind: 'again' | 'nothing' | 'alone';
  readonly pattern: IgnorePattern;
  /** The later line. */
  readonly by: IgnorePattern | null;
}

/** No person writes longer ignore files, and each line is held against the others. */
const MOST_PATTERNS = 1000;

/** The exceptions that are proven to change nothing, by the patterns and by what is a file. */
export function deadExceptions(context: BuildContext, { patterns }: IgnoreFile): readonly DeadException[] {
  if (patterns.length > MOST_PATTERNS || !patterns.some(({ negated }) => negated)) return [];
  const alone = patterns.every(({ negated }) => negated);
  const all = createMatcher(patterns);
  const found = patterns.flatMap((pattern, index): DeadException[] => {
    if (!pattern.negated) return [];
    const before = patterns.slice(0, index);
    const by = laterThan(pattern, patterns, all);
    if (by) return [{ kind: 'again', pattern, by }];
    const isFirst = before.every(({ negated }) => negated);
    if (isFirst) return [{ kind: alone ? 'alone' : 'nothing', pattern, by }];
    if (context.kindOf(pattern.pattern) !== 'file') return [];
    return createMatcher(before).decide(pattern.pattern).by === null ? [{ kind: 'nothing', pattern, by }] : [];
  });
  return alone ? found.slice(0, 1) : found;
}

const EVERYTHING = /^(?:\*|\*\*|\*\*\/\*)$/;

/** The line that has the last word over all that an exception may name; null where that is not certain. */
function laterThan(
  { pattern, line }: IgnorePattern,
  patterns: readonly IgnorePattern[],
  all: IgnoreMatcher,
): IgnorePattern | null {
  const wild = /[*?[\\]/.exec(pattern);
  const slash = wild ? pattern.lastIndexOf('/', wild.index) : pattern.length;
  if (slash <= 0) {
    // The exception may be about anything at the top, and so is such a line.
    const last = patterns.findLast((one) => EVERYTHING.test(one.pattern) || one.negated);
    const isFirst = patterns.every((one) => one.negated || one.line > line);
    return isFirst && last && !last.negated && last.line > line ? last : null;
  }
  const fixed = pattern.slice(0, slash);
  const { ignored, by } = all.decide(fixed);
  if (!ignored || !by || by.line <= line || all.couldReinclude(fixed)) return null;
  // On its way down, BuildKit does not look at a line that leaves out what is left out already.
  return walkTo(patterns, fixed).matched[patterns.indexOf(by)] ? by : null;
}

/** A pattern that reaches less than was meant, with a path that a COPY brings though it. */
export interface ShortReach {
  /** `shallow`: a name that in a .gitignore would count at any depth. `stars`: `**` that stands for directories only. */
  readonly kind: 'shallow' | 'stars';
  readonly pattern: IgnorePattern;
  readonly path: string;
  readonly instead: string;
  /** Tools leave such things behind, so that any depth is what was meant. */
  readonly litter: boolean;
  /** Nobody keeps it in a repository either. */
  readonly unwanted: boolean;
}

/** Whatever their depth, these are made by tools and wanted in no image. */
const LITTER =
  /^(?:__pycache__|\*\.py(?:c|\[\w+\])|\.pytest_cache|\.mypy_cache|\.ruff_cache|\.DS_Store|Thumbs\.db|\*\.log|npm-debug\.log\*?|yarn-(?:debug|error)\.log\*?|\*\.sw[op]|\*~|\.idea|\.vscode|\.terraform|\.gradle|\.tox|\.nyc_output|htmlcov|\.turbo|\*\.egg-info|\.sass-cache)$/;

/** Of these, a repository may have some that are part of the project: a log that tests read. */
const MAY_BE_KEPT = /^(?:\*\.log|\.vscode|\.idea|\*~|htmlcov|\.gradle)$/;

/** These have rules of their own. */
const ELSEWHERE = /^(?:node_modules|\.git)$/;

/** Each is tried on each file that is sent. */
const MOST_REACHES = 200;

/** Every pattern of which a path that is sent proves that it falls short; one path for each. */
export function shortReaches(facts: Facts, context: BuildContext, { patterns }: IgnoreFile): readonly ShortReach[] {
  if (patterns.length > MOST_PATTERNS) return [];
  const reaches = patterns.flatMap((one) => meantReach(one) ?? []).slice(0, MOST_REACHES);
  if (reaches.length === 0) return [];
  const found = new Map<IgnorePattern, ShortReach>();
  for (const path of new Set(neededCopies(facts).flatMap((copy) => sentFiles(facts, copy)))) {
    for (const reach of reaches) {
      const { pattern } = reach;
      const missed = found.has(pattern) ? null : reach.reaches(path);
      if (missed === null || isNamed(facts, missed)) continue;
      const litter = reach.kind === 'stars' || LITTER.test(pattern.pattern);
      const unwanted = litter && !MAY_BE_KEPT.test(pattern.pattern);
      // What git ignores too is no part of the project; another file of that name may well be.
      const mayBeKept = !unwanted && (!litter || context.kindOf('.gitignore') !== null);
      if (mayBeKept && (!context.isGitIgnored(path) || secretIn(context, path))) continue;
      found.set(pattern, { kind: reach.kind, pattern, path: missed, instead: reach.instead, litter, unwanted });
    }
  }
  return patterns.flatMap((one) => found.get(one) ?? []);
}

interface MeantReach extends Pick<ShortReach, 'kind' | 'pattern' | 'instead'> {
  /** The part of a path that was meant; null where it was not. */
  reaches(path: string): string | null;
}

function meantReach(pattern: IgnorePattern): MeantReach | null {
  const { text, negated } = pattern;
  if (negated) return null;
  const name = pattern.pattern;
  if (!name.includes('/') && !/^\.?\//.test(text) && !name.startsWith('**') && !ELSEWHERE.test(name)) {
    const fits = compileName(name);
    if (!fits || /^[*.]+$/.test(name)) return null;
    return { kind: 'shallow', pattern, instead: `**/${name}`, reaches: partFinder(remember(fits), true) };
  }
  // At the very start and with nothing else special, `**.log` is compared by its end, as it was meant.
  const stars = /(?:^|\/)\*\*(?=\.[a-z]|[a-z])/.exec(name);
  if (!stars || (stars.index === 0 && !/[*?[\\]/.test(name.slice(2))) || /\*\*\.(?:env|git|DS_)/.test(name))
    return null;
  const instead = name.replace(/(^|\/)\*\*(?=[.a-z])/, '$1**/*');
  const source = createSource('', instead);
  const matcher = createMatcher(parseIgnoreFile(source, 'dockerignore').patterns);
  return { kind: 'stars', pattern, instead, reaches: (path) => (matcher.decide(path).ignored ? path : null) };
}

/** True where a COPY asks for the very path, or for something in it. */
function isNamed(facts: Facts, path: string): boolean {
  return neededCopies(facts).some((copy) =>
    copy.sources.some((source) => source.path !== null && `${source.path}/`.includes(`${path}/`)),
  );
}
