/** One step of a pattern: a character, `?` (any one character), `*` (any number of them). */
type Step = { readonly kind: 'char'; readonly char: string } | { readonly kind: 'any' } | { readonly kind: 'star' };

/** Beyond this many steps of matching the outcome is given up as unknown: no real file comes near. */
const MAX_WORK = 4_000_000;

/**
 * `${value#pattern}`, `##` where `longest`. Undefined: the pattern holds an escape that BuildKit refuses. Null: too much
 * work to tell.
 */
export function removePrefix(value: string, pattern: string, longest: boolean): string | null | undefined {
  const steps = compile(pattern);
  if (!steps) return undefined;
  const chars = Array.from(value);
  if (chars.length * (steps.length + 1) > MAX_WORK) return null;
  const end = matchFrom(steps, chars, 0, longest);
  return end === -1 ? value : chars.slice(end).join('');
}

/** `${value%pattern}`, `%%` where `longest`. Outcomes as those of {@link removePrefix}. */
export function removeSuffix(value: string, pattern: string, longest: boolean): string | null | undefined {
  const steps = compile(pattern)?.reverse();
  if (!steps) return undefined;
  const chars = Array.from(value).reverse();
  if (chars.length * (steps.length + 1) > MAX_WORK) return null;
  const end = matchFrom(steps, chars, 0, longest);
  return end === -1 ? value : chars.slice(end).reverse().join('');
}

/** `${value/pattern/replacement}`, `//` where `all`. Outcomes as those of {@link removePrefix}. */
export function replacePattern(
  value: string,
  pattern: string,
  replacement: string,
  all: boolean,
): string | null | undefined {
  const steps = compile(pattern);
  if (!steps) return undefined;
  const chars = Array.from(value);
  if (chars.length * chars.length * (steps.length + 1) > MAX_WORK) return null;
  // Go's regular expressions fill `$name` in where all matches are replaced; there are no groups, so it is empty.
  const filled = all ? replacement.replace(/\$(?:(\$)|\{\w+\}|\w+)/g, (_, dollar) => dollar ?? '') : replacement;
  if (chars.length * filled.length > MAX_WORK) return null;
  let out = '';
  let at = 0;
  let lastEnd = -1;
  while (at <= chars.length) {
    const end = matchFrom(steps, chars, at, true);
    const isMatch = end !== -1 && !(end === at && at === lastEnd);
    if (isMatch) {
      out += filled;
      lastEnd = end;
      if (!all) return out + chars.slice(end).join('');
    }
    if (isMatch && end > at) {
      at = end;
    } else {
      out += chars[at] ?? '';
      at++;
    }
  }
  return out;
}

/** False where the pattern holds an escape that BuildKit refuses. */
export function isPattern(pattern: string): boolean {
  return compile(pattern) !== null;
}

/** Where a match that begins at `from` ends, the longest or the shortest; -1 where there is none. */
function matchFrom(steps: readonly Step[], chars: readonly string[], from: number, longest: boolean): number {
  // All places in the pattern that may be reached are followed at once, so that no pattern is slow.
  let reached = closure(steps, new Set([0]));
  let best = -1;
  for (let at = from; ; at++) {
    if (reached.has(steps.length)) {
      best = at;
      if (!longest) return best;
    }
    const char = chars[at];
    if (char === undefined || reached.size === 0) return best;
    const next = new Set<number>();
    for (const place of reached) {
      const step = steps[place];
      if (!step) continue;
      if (step.kind === 'char') {
        if (step.char === char) next.add(place + 1);
      } else if (char !== '\n') {
        next.add(step.kind === 'star' ? place : place + 1);
      }
    }
    reached = closure(steps, next);
  }
}

/** Adds the places behind stars, which may match nothing. */
function closure(steps: readonly Step[], places: Set<number>): Set<number> {
  for (const place of places) if (steps[place]?.kind === 'star') places.add(place + 1);
  return places;
}

function compile(pattern: string): Step[] | null {
  const steps: Step[] = [];
  const chars = Array.from(pattern);
  for (let at = 0; at < chars.length; at++) {
    const char = chars[at] as string;
    if (char === '*') {
      steps.push({ kind: 'star' });
    } else if (char === '?') {
      steps.push({ kind: 'any' });
    } else if (char !== '\\') {
      steps.push({ kind: 'char', char });
    } else {
      const next = chars[at + 1];
      // `}` and `/` had to be escaped to stand in the pattern at all.
      if (next === '}' || next === '/') continue;
      if (next !== '*' && next !== '?' && next !== '\\') return null;
      steps.push({ kind: 'char', char: next });
      at++;
    }
  }
  return steps;
}
