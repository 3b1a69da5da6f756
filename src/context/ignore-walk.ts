import { type CompiledPattern, compilePattern } from './ignore-pattern.js';
import type { IgnorePattern } from './types.js';

export interface WalkResult {
  readonly ignored: boolean;
  /** Of each pattern, whether it was seen to match the path or a directory above it. */
  readonly matched: readonly boolean[];
}

/**
 * What BuildKit finds for a path while it walks down to it, as `MatchesUsingParentResults` of moby/patternmatcher: a
 * pattern that would change nothing at a directory is passed over there, so that it does not count for what is below. A
 * path is left out for certain where this and the documented rule (the last match decides, parents included) agree.
 * {@link https://pkg.go.dev/github.com/moby/patternmatcher#PatternMatcher.MatchesUsingParentResults}
 */
export function walkTo(patterns: readonly IgnorePattern[], path: string): WalkResult {
  const compiled = patterns.map(({ pattern }) => compilePattern(pattern));
  let above: readonly boolean[] = [];
  let ignored = false;
  const parts = path.split('/');
  for (let length = 1; length <= parts.length; length++) {
    const here = parts.slice(0, length).join('/');
    ignored = false;
    above = patterns.map(({ negated }, index) => {
      let match = above[index] === true;
      if (!match && negated === ignored) match = matches(compiled[index] ?? null, here);
      if (match) ignored = !negated;
      return match;
    });
  }
  return { ignored, matched: above };
}

/** True where the pattern matches the very path. */
function matches(compiled: CompiledPattern | null, path: string): boolean {
  switch (compiled?.match) {
    case 'exact':
      return path === compiled.text;
    case 'prefix':
      return path.startsWith(compiled.text);
    case 'suffix':
      return path.endsWith(compiled.text) || (compiled.text.startsWith('/') && path === compiled.text.slice(1));
    case 'expression':
      return compiled.expression.test(path);
    default:
      return false;
  }
}
