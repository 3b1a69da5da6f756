import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMatcher, parseIgnoreFile } from '../src/context/dockerignore.js';
import { findIgnoreFile } from '../src/context/ignore-file.js';
import { normaliseLine, readPattern } from '../src/context/ignore-pattern.js';
import { createMemoryFs } from '../src/context/memory-fs.js';
import { createSource } from '../src/model/source.js';

const conformance = fileURLToPath(new URL('../../shared/conformance/dockerignore.json', import.meta.url));
const hasConformance = existsSync(conformance);
if (!hasConformance) console.warn('skipped: ../shared/conformance/dockerignore.json is not there');

interface Case {
  readonly kind: 'match' | 'compile' | 'readAll' | 'file-choice';
  readonly patterns?: readonly string[];
  readonly content?: string;
  readonly path?: string;
  readonly match?: boolean;
  readonly error?: boolean;
  readonly count?: number;
  readonly exclusions?: boolean;
  readonly files?: Readonly<Record<string, string>>;
  readonly expected?: readonly string[] | Readonly<Record<string, string>>;
}

describe.skipIf(!hasConformance)('conformance with moby/patternmatcher and BuildKit', () => {
  const cases: readonly Case[] = hasConformance ? JSON.parse(readFileSync(conformance, 'utf8')) : [];
  const ran = new Map<string, number>();

  it.each(cases.map((c, index) => [index, JSON.stringify(c.patterns ?? c.content ?? c.files), c] as const))(
    'case %i: %s',
    (_index, _name, c) => {
      ran.set(c.kind, (ran.get(c.kind) ?? 0) + 1);
      runCase(c);
    },
  );

  it('has run every case of the file', () => {
    const total = [...ran.values()].reduce((sum, n) => sum + n, 0);
    console.info(`dockerignore.json: ${total} of ${cases.length} cases ran (${[...ran].map(([k, n]) => `${n} ${k}`)})`);
    expect(total).toBe(cases.length);
    expect(total).toBeGreaterThanOrEqual(153);
  });
});

function runCase(c: Case): void {
  if (c.kind === 'readAll') {
    expect(readAll(c.content ?? '')).toEqual(c.expected);
  } else if (c.kind === 'file-choice') {
    for (const [dockerfile, wanted] of Object.entries(c.expected ?? {})) {
      const fs = createMemoryFs(c.files ?? {}, { base: '/ctx' });
      expect(findIgnoreFile(fs, '/ctx', '.', `/ctx/${dockerfile}`).file?.source.path).toBe(wanted);
    }
  } else {
    // `match` cases with content go through the file as well as through its patterns.
    const texts = [(c.patterns ?? []).join('\n'), ...(c.content === undefined ? [] : [c.content])];
    for (const text of texts) {
      const file = parse(text);
      expect(file.problems.length > 0).toBe(c.error === true);
      if (c.count !== undefined) expect(file.patterns).toHaveLength(c.count);
      if (c.exclusions !== undefined) expect(file.patterns.some((pattern) => pattern.negated)).toBe(c.exclusions);
      const matcher = createMatcher(file.patterns);
      if (c.match !== undefined) expect(matcher.decide(c.path ?? '').ignored).toBe(c.match);
      // A refused pattern must not break a second question either.
      if (c.error) expect(matcher.decide(c.path ?? '').by).toBeNull();
    }
  }
}

function readAll(content: string): string[] {
  return content.split('\n').flatMap((line) => normaliseLine(line.replace(/\r$/, '')) ?? []);
}

function parse(text: string) {
  return parseIgnoreFile(createSource('.dockerignore', text), 'dockerignore');
}

function decide(text: string, path: string) {
  return createMatcher(parse(text).patterns).decide(path);
}

describe('the trace of a decision', () => {
  it('names the last pattern that matched, with its line and place', () => {
    const text = '# logs\n\nlogs\n  *.tmp  \n!logs/keep.tmp\n';
    const { ignored, by } = decide(text, 'logs/a.tmp');
    expect({ ignored, line: by?.line, text: by?.text }).toEqual({ ignored: true, line: 3, text: 'logs' });
    const kept = decide(text, 'logs/keep.tmp');
    expect({ ignored: kept.ignored, line: kept.by?.line, negated: kept.by?.negated }).toEqual({
      ignored: false,
      line: 5,
      negated: true,
    });
    const span = decide(text, 'x.tmp').by?.span;
    expect(span && text.slice(span.start, span.end)).toBe('*.tmp');
  });

  it('finds the pattern that matched a parent', () => {
    expect(decide('node_modules\n', 'node_modules/a/b/c.js').by?.line).toBe(1);
    expect(decide('**/node_modules\n', 'packages/a/node_modules/b/c.js').by?.line).toBe(1);
  });

  it('says nothing where no pattern matches', () => {
    expect(decide('dist\n', 'src/dist.js')).toEqual({ ignored: false, by: null });
  });

  it('never ignores the context itself', () => {
    expect(decide('**\n', '.')).toEqual({ ignored: false, by: null });
  });
});

describe('reading an ignore file', () => {
  it('takes CRLF, a byte order mark, leading slashes, dots and trailing slashes', () => {
    const file = parse('\ufeff/dist/\r\n./a/../b\r\n ! /keep/ \r\n#c\r\n #d\r\n');
    expect(file.patterns.map((p) => [p.pattern, p.negated, p.line])).toEqual([
      ['dist', false, 1],
      ['b', false, 2],
      ['keep', true, 3],
      ['#d', false, 5],
    ]);
    expect(file.patterns.map((p) => p.text)).toEqual(['/dist/', './a/../b', '! /keep/', '#d']);
  });

  it.each([
    ['!\n', '!'],
    ['a\n!/\n', '!/'],
    ['[a\n', '[a'],
    ['x[z-a]\n', 'x[z-a]'],
    ['a\\\n', 'a\\'],
  ])('reports what BuildKit refuses in %j', (text, place) => {
    const { problems } = parse(text);
    expect(problems).toHaveLength(1);
    expect(text.slice(problems[0]?.span.start, problems[0]?.span.end)).toBe(place);
  });

  it('reports a line that is too long for the reader', () => {
    expect(parse(`a\n${'x'.repeat(70_000)}\nb`).problems).toHaveLength(1);
  });

  it('does what Go regular expressions do with odd patterns', () => {
    // `?` in a class becomes `[^/]` in the expression, which closes the class early.
    expect(decide('a[b?]', 'ab]').ignored).toBe(true);
    expect(decide('a[b?]', 'ab').ignored).toBe(false);
    // An escaped letter is a class of the expression.
    expect(decide('v\\d*', 'v1').ignored).toBe(true);
    expect(decide('v\\d*', 'vd').ignored).toBe(false);
    // `^` is not escaped and holds only at the start.
    expect(decide('a^*', 'a^b').ignored).toBe(false);
    expect(decide('x[[:digit:]]', 'x7').ignored).toBe(true);
  });
});

describe('which ignore file holds', () => {
  const choose = (files: Record<string, string>) =>
    findIgnoreFile(createMemoryFs(files), '/p', 'p', '/p/docker/Dockerfile').file;

  it('prefers the one beside the Dockerfile, then .dockerignore, then .containerignore', () => {
    const all = {
      '/p/docker/Dockerfile.dockerignore': 'a',
      '/p/.dockerignore': 'b',
      '/p/.containerignore': 'c',
      '/p/docker/.dockerignore': 'd',
    };
    expect(choose(all)?.kind).toBe('dockerfile-specific');
    expect(choose(all)?.source.path).toBe('p/docker/Dockerfile.dockerignore');
    expect(choose({ ...all, '/p/docker/Dockerfile.dockerignore': '' })?.patterns).toEqual([]);
    const { '/p/docker/Dockerfile.dockerignore': _, ...rest } = all;
    expect(choose(rest)?.source.path).toBe('p/.dockerignore');
    expect(choose({ '/p/.containerignore': 'c' })?.kind).toBe('containerignore');
    expect(choose({ '/p/docker/.dockerignore': 'd' })).toBeNull();
  });
});

describe('pruning', () => {
  const couldReinclude = (text: string, directory: string) =>
    createMatcher(parse(text).patterns).couldReinclude(directory);

  it.each([
    ['node_modules', 'node_modules', false],
    ['node_modules\n!node_modules/a', 'node_modules', true],
    ['node_modules\n!node_modules/a', 'node_modules/b', false],
    ['!node_modules/a\nnode_modules', 'node_modules', false],
    ['**\n!src/**', 'src', true],
    ['**\n!src/**', 'node_modules', false],
    ['**\n!**/*.md', 'node_modules', true],
    ['**\n!**/README', 'node_modules', true],
    ['**\n!src/*/index.js', 'src', true],
    ['**\n!src/*/index.js', 'src/a', true],
    ['**\n!src/*/index.js', 'src/a/b', false],
    ['**\n!src/*/index.js', 'lib', false],
    ['*\n!package.json', 'src', false],
  ])('%j below %s: %s', (text, directory, expected) => {
    expect(couldReinclude(text, directory)).toBe(expected);
  });
});

describe('speed', () => {
  it('decides 50,000 paths by 10,000 patterns', () => {
    const lines = Array.from(
      { length: 10_000 },
      (_, i) => [`dir${i}`, `**/name${i}`, `pre${i}/**`, `*.ext${i}`, `a/*/b${i}`][i % 5],
    );
    const matcher = createMatcher(parse(lines.join('\n')).patterns);
    const start = performance.now();
    for (let i = 0; i < 50_000; i++) matcher.decide(`src/d${i % 100}/e${i % 7}/file${i}.ts`);
    expect(performance.now() - start).toBeLessThan(4000);
  });

  it.each([
    '**/*a*a*a*a*a*a*a*a*a*a*b',
    '*a*a*a*a*a*a*a*a*a*a*a*a*a*b',
    '**/**/**/**/**/**/**/**/x*y',
    'a**a**a**a**a**a**b',
  ])('is not hung by %s', (pattern) => {
    const start = performance.now();
    expect(decide(pattern, 'a'.repeat(5_000)).ignored).toBe(false);
    expect(decide(pattern, 'a/'.repeat(1_000)).ignored).toBe(false);
    expect(performance.now() - start).toBeLessThan(4000);
  });

  it('takes a path of 20,000 parts and a pattern of 60,000 stars', () => {
    expect(decide('x', 'a/'.repeat(20_000)).ignored).toBe(false);
    expect(decide(`${'?*'.repeat(30_000)}b`, 'a').ignored).toBe(false);
  });
});

describe('properties', () => {
  const atoms = [
    'a',
    'b',
    'ab',
    '*',
    '**',
    '?',
    '/',
    '/',
    '[ab]',
    '[^a]',
    '[a-c]',
    '\\*',
    '.',
    '..',
    '*a',
    'b*',
    'é',
    '+',
    '(',
  ];
  const pattern = fc.array(fc.constantFrom(...atoms), { minLength: 1, maxLength: 6 }).map((parts) => parts.join(''));
  const line = fc.tuple(fc.constantFrom('', '', '!', '/'), pattern).map(([sign, text]) => sign + text);
  const part = fc.constantFrom('a', 'b', 'ab', 'ba', 'c', 'aab', 'é', '*', 'a.b', '(+');
  const path = fc.array(part, { minLength: 1, maxLength: 5 }).map((parts) => parts.join('/'));

  it('decides as a slow reference does', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 6 }), fc.array(path, { minLength: 1, maxLength: 4 }), (lines, paths) => {
        const file = parse(lines.join('\n'));
        fc.pre(file.problems.length === 0);
        const matcher = createMatcher(file.patterns);
        for (const one of paths) {
          const expected = reference(readAll(lines.join('\n')), one);
          expect(matcher.decide(one).ignored).toBe(expected);
        }
      }),
      { numRuns: 3_000 },
    );
  });

  it('prunes nothing that is sent', () => {
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 6 }), path, (lines, one) => {
        const file = parse(lines.join('\n'));
        const matcher = createMatcher(file.patterns);
        if (matcher.decide(one).ignored) return;
        const parts = one.split('/');
        for (let n = 1; n < parts.length; n++) {
          const directory = parts.slice(0, n).join('/');
          expect(!matcher.decide(directory).ignored || matcher.couldReinclude(directory)).toBe(true);
        }
      }),
      { numRuns: 3_000 },
    );
  });

  it('takes any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (text, one) => {
        const matcher = createMatcher(parse(text).patterns);
        matcher.decide(one);
        matcher.couldReinclude(one);
      }),
      { numRuns: 2_000 },
    );
  });
});

/**
 * MatchesOrParentMatches as its page tells it: every pattern in turn, made into one JavaScript expression, against the
 * path and each of its parents.
 */
function reference(lines: readonly string[], path: string): boolean {
  let ignored = false;
  for (const text of lines) {
    const read = readPattern(text);
    if (!read?.ok || read.value.negated !== ignored) continue;
    const expression = toExpression(read.value.pattern);
    const parts = path.split('/');
    if (parts.some((_, index) => expression.test(parts.slice(0, index + 1).join('/')))) ignored = !read.value.negated;
  }
  return ignored;
}

function toExpression(pattern: string): RegExp {
  const source = pattern.replace(/\*\*\/?$|\*\*\/?|\*|\?|\\.|\[[^\]]*\]|[.+()|{}$^]/gu, (token, at: number) => {
    if (token.startsWith('**')) {
      const isLast = at + token.length === pattern.length;
      // At its very start, with nothing special after it, patternmatcher compares the end only.
      if (at === 0 && /^\*\*[^*?[\]\\]*$/.test(pattern)) return /^\*\*\//.test(pattern) ? '(?:.*/)?' : '.*';
      return isLast ? '.*' : '(?:.*/)?';
    }
    if (token === '*') return '[^/]*';
    if (token === '?') return '[^/]';
    if (token.startsWith('[') || token.startsWith('\\')) return token;
    return `\\${token}`;
  });
  return new RegExp(`^(?:${source})$`, 'su');
}
