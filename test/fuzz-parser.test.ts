// biome-ignore-all lint/suspicious/noTemplateCurlyInString: a Dockerfile's variables look like this
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Document, Instruction } from '../src/dockerfile/ast.js';
import { expandWord } from '../src/dockerfile/expand.js';
import { parseImageReference } from '../src/dockerfile/image-reference.js';
import { shellText } from '../src/dockerfile/mask.js';
import { parse } from '../src/dockerfile/parse.js';
import { createSource } from '../src/model/source.js';
import { contains, type Span } from '../src/model/span.js';

/** Pieces that Dockerfiles are made of, and those that they trip over. */
const PIECES: readonly string[] = [
  ...['FROM', 'RUN', 'COPY', 'ADD', 'ENV', 'ARG', 'LABEL', 'CMD', 'ENTRYPOINT', 'SHELL', 'HEALTHCHECK', 'ONBUILD'],
  ...['VOLUME', 'EXPOSE', 'USER', 'WORKDIR', 'STOPSIGNAL', 'MAINTAINER', 'COYP', 'from', 'As', 'NONE'],
  ...[' ', ' ', ' ', '\n', '\n', '\n', '\r\n', '\r', '\t', '\f', '\v', '\u00a0', '\u2028', '\u0000', '\ufeff'],
  ...['\\', '\\\n', '\\ \n', '`', '`\n', '\\\\\n', '# note\n', '# escape=`\n', '# check=skip=all\n', '#!x\n', '#'],
  ...['<<EOF', '<<-EOF', "<<'E O'", '<<"', '3<<A', '<<', '<<<', 'EOF\n', '\tEOF\n', ' EOF\n', '<< EOF'],
  ...[
    '"',
    "'",
    '[',
    ']',
    ',',
    '["a", "b"]',
    '[]',
    "['a']",
    '["a",1]',
    '{',
    '}',
    '$',
    '${',
    '${A',
    '${A:-',
    '${A#',
    '}',
  ],
  ...[
    '--',
    '--from=',
    '--mount=type=cache,target=/x',
    '--mount=type="a,b"',
    '--link',
    '--platform=$X',
    '--interval=1s',
  ],
  ...['=', 'a=b', 'A', '/x', 'node:12', '8080/tcp', 'é', '한', '😀', '\ud800', '-', ':', '@', '.', '*', '(', ')', '&&'],
];

const soup = fc.array(fc.constantFrom(...PIECES), { maxLength: 10, size: 'max' }).map((pieces) => pieces.join(''));
/** Mostly lines that begin as an instruction does, or the readers of arguments would hardly see anything. */
const lines = fc
  .tuple(fc.constantFrom(...PIECES.slice(0, 22), ''), fc.constantFrom(' ', ' ', '\\\n', '\t'), soup)
  .map((parts) => parts.join(''));
const snippets = fc
  .array(lines, { maxLength: 12, size: 'max' })
  .chain((list) => fc.constantFrom('\n', '\r\n', '\nEOF\n').map((end) => list.join(end) + end));
const texts = fc.oneof(snippets, fc.string({ unit: 'binary', maxLength: 200, size: 'max' }));

test('any text is read without an exception, and every span stands in its place', () => {
  fc.assert(
    fc.property(texts, (text) => {
      expectSound(parse(createSource('Dockerfile', text)));
    }),
    { numRuns: 3000 },
  );
});

test('so is a Dockerfile that was cut up and put together otherwise', () => {
  const whole =
    '# syntax=docker/dockerfile:1\n# escape=\\\nARG V=1\nFROM --platform=linux/amd64 node:${V} AS build\n' +
    'WORKDIR /app\nCOPY --link package*.json ./\nRUN --mount=type=cache,target=/c <<EOF\nnpm ci # x\nEOF\n' +
    'RUN a && \\\n  # c\n\n  b "c d"\nENV A=b "C=d e" F=\'g\nENV old form\nHEALTHCHECK --interval=5s CMD ["x"]\n' +
    'ONBUILD COPY <<-A <<B /d\n\tx\n\tA\ny\nB\nEXPOSE 80 443/tcp\nCMD ["node", "x.js"]\n';
  const edits = fc.array(fc.tuple(fc.nat(whole.length), fc.nat(12), fc.constantFrom(...PIECES)), {
    maxLength: 8,
    size: 'max',
  });
  fc.assert(
    fc.property(edits, (list) => {
      let text = whole;
      for (const [at, length, piece] of list) text = text.slice(0, at) + piece + text.slice(at + length);
      expectSound(parse(createSource('Dockerfile', text)));
    }),
    { numRuns: 2000 },
  );
});

test('expansion and references take any text', () => {
  fc.assert(
    fc.property(texts, fc.constantFrom<'\\' | '`'>('\\', '`'), (text, escapeCharacter) => {
      const lookup = (name: string) => (name === 'A' ? text.slice(0, 20) : name === 'X' ? null : undefined);
      expandWord(text, lookup, { escape: escapeCharacter });
      parseImageReference(text);
    }),
    { numRuns: 3000 },
  );
});

function expectSound(document: Document): void {
  const { text } = document.source;
  const file: Span = { start: 0, end: text.length };
  let last = 0;
  for (const instruction of document.instructions) {
    check(instruction.span.start >= last && instruction.span.end > instruction.span.start, 'instructions overlap');
    check(contains(file, instruction.span), 'an instruction leaves the file');
    last = instruction.span.end;
    checkInstruction(instruction, text, document);
    if (instruction.keyword === 'ONBUILD' && instruction.trigger) checkInstruction(instruction.trigger, text, document);
  }
  for (const problem of document.problems) {
    check(contains(file, problem.span), 'a problem leaves the file');
    check(problem.span.end > problem.span.start || text === '', `a problem (${problem.kind}) is empty`);
  }
  for (const comment of document.comments) check(text[comment.span.start] === '#', 'a comment is none');
  const staged = document.stages.flatMap((stage) => stage.instructions);
  expect([...document.preamble, ...staged]).toEqual([...document.instructions]);
}

function checkInstruction(instruction: Instruction, text: string, document: Document): void {
  const { span } = instruction;
  const inner = [instruction.keywordSpan, instruction.argumentsSpan];
  for (const flag of instruction.flags) inner.push(flag.span, flag.nameSpan, ...(flag.value ? [flag.value.span] : []));
  for (const word of instruction.words) inner.push(word.span);
  for (const heredoc of instruction.heredocs) {
    inner.push(heredoc.marker, heredoc.body, ...(heredoc.terminator ? [heredoc.terminator] : []));
    check(text.slice(heredoc.body.start, heredoc.body.end) === heredoc.content, 'a heredoc says something else');
  }
  if ('pairs' in instruction) for (const pair of instruction.pairs) inner.push(pair.span, pair.key.span);
  if ('command' in instruction && instruction.command) {
    inner.push(instruction.command.span);
    if (instruction.command.form === 'exec') inner.push(...instruction.command.strings.map((item) => item.span));
    const through = { start: instruction.command.span.start, end: Math.max(instruction.command.span.start, span.end) };
    const masked = shellText(document.source, through, document.escape, instruction.heredocs);
    check(masked.length === through.end - through.start, 'the shell text has another length');
  }
  for (const each of inner) check(each.start <= each.end && contains(span, each), 'a part leaves its instruction');
}

/** `expect` costs too much for a hundred thousand small checks. */
function check(condition: boolean, message: string): void {
  if (!condition) expect.fail(message);
}

function timed(run: () => unknown): number {
  const started = performance.now();
  run();
  return performance.now() - started;
}

const HUGE: readonly [string, (n: number) => string][] = [
  ['instructions', (n) => `FROM a\n${'RUN x\n'.repeat(n)}`],
  ['stages', (n) => 'FROM a AS b\nCOPY --from=b /x /y\n'.repeat(n / 2)],
  ['comments', (n) => `FROM a\n${'# x\n'.repeat(n)}`],
  ['comments between stages', (n) => '# x\nFROM a\n'.repeat(n / 2)],
  ['continuation lines', (n) => `FROM a\nRUN ${'x \\\n'.repeat(n)}y\n`],
  ['blank and comment lines in a continuation', (n) => `FROM a\nRUN x \\\n${'\n# c\n'.repeat(n / 2)}y\n`],
  ['lines of a heredoc', (n) => `FROM a\nRUN <<EOF\n${' EOX\n'.repeat(n)}EOF\n`],
  ['heredocs that nothing closes', (n) => `FROM a\n${'RUN <<EOF\n EOF\n'.repeat(n / 2)}`],
  ['heredoc markers', (n) => `FROM a\nRUN ${'<<A '.repeat(n / 4)}\n`],
  ['unknown instructions', (n) => `FROM a\n${'FOO x\n'.repeat(n)}`],
  ['words of ENV', (n) => `FROM a\nENV ${'a=$b \\\n'.repeat(n / 2)}c=d\n`],
  ['strings of an exec form', (n) => `FROM a\nCMD [${'"a", '.repeat(n)}"b"]\n`],
  ['flags', (n) => `FROM a\nRUN ${'--mount=type=cache,target=/x '.repeat(n / 10)}x\n`],
  ['directives', (n) => `${'# syntax=x\n'.repeat(n)}FROM a\n`],
  ['spaces in a directive', (n) => `# syntax=x${' '.repeat(n)}y${' '.repeat(n)}\nFROM a\n`],
  ['quotes that do not close', (n) => `FROM a\n${`ENV A="$\{B:-'\n`.repeat(n / 4)}`],
  ['brackets that are no JSON', (n) => `FROM a\nCMD [${`'a' `.repeat(n)}x]\n`],
];

test.each(HUGE)('time grows with the number of %s, not faster', (_, make) => {
  parse(createSource('Dockerfile', make(1000)));
  const sources = [createSource('Dockerfile', make(10_000)), createSource('Dockerfile', make(100_000))] as const;
  const small = timed(() => parse(sources[0]));
  const large = timed(() => parse(sources[1]));
  // Ten times the text: quadratic behaviour would be a hundred times the work.
  expect(large).toBeLessThan(Math.max(small * 35, 400));
});

test('one line of 5 MB', () => {
  for (const line of ['RUN echo ', 'COPY [', 'ENV A=', 'RUN <<EOF ']) {
    const text = `FROM a\n${line}${'x '.repeat(2_500_000)}\nUSER b\n`;
    const started = performance.now();
    const document = parse(createSource('Dockerfile', text));
    expect(document.instructions.length).toBeGreaterThan(1);
    expect(document.problems.some((problem) => problem.message.includes('65535 bytes'))).toBe(true);
    expect(performance.now() - started, line).toBeLessThan(6000);
  }
});
