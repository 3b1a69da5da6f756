import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Document, Heredoc, Instruction } from '../src/dockerfile/ast.js';
import { detectCheck, detectSyntax, parseCheckDirective } from '../src/dockerfile/directives.js';
import { parseKeywords } from '../src/dockerfile/dockerfile-ast.js';
import { parseHealthInterval } from '../src/dockerfile/duration.js';
import { type ExpandOptions, expandWord, expandWords, type Lookup } from '../src/dockerfile/expand.js';
import { chompHeredoc, findHeredocMarkers, parseHeredocMarker } from '../src/dockerfile/heredoc-marker.js';
import { parseJsonForm } from '../src/dockerfile/json-form.js';
import { parseNameValues } from '../src/dockerfile/name-value.js';
import { parse } from '../src/dockerfile/parse.js';
import { parsePort } from '../src/dockerfile/ports.js';
import { scan } from '../src/dockerfile/scan.js';
import { parseWords } from '../src/dockerfile/words.js';
import { createSource, locate } from '../src/model/source.js';

const shared = new URL('../../shared/', import.meta.url);
const hasShared = existsSync(new URL('conformance/', shared));
const skipped = hasShared ? '' : ' (skipped: no ../shared)';

type Case = Record<string, unknown> & { kind: string };

function cases(file: string): Case[] {
  return hasShared ? JSON.parse(readFileSync(new URL(`conformance/${file}`, shared), 'utf8')) : [];
}

function read(text: string): Document {
  return parse(createSource('Dockerfile', text));
}

/** Cases of `build-error` that are about the graph of stages: the facts know it, the parser does not. */
const STAGE_GRAPH = new Set(['TestDockerfileCircularDependencies/1', 'TestDockerfileCircularDependencies/2']);

describe.skipIf(!hasShared)(`buildkit-parser.json${skipped}`, () => {
  const all = cases('buildkit-parser.json');
  let ran = 0;
  test.each(all.map((entry) => [String(entry.name), entry] as const))('%s', (name, entry) => {
    const document = read(String(entry.dockerfile));
    if (STAGE_GRAPH.has(name)) {
      expect(String(entry.error)).toContain('circular dependency');
    } else if (entry.ok === false) {
      expect(document.problems.filter((problem) => problem.fatal).map((problem) => problem.message)).not.toEqual([]);
    }
    switch (entry.kind) {
      case 'fixture':
        expect(toSexp(document)).toBe(entry.result);
        break;
      case 'heredocs':
        expect(heredocsOf(document)).toEqual(entry.heredocs);
        break;
      case 'lines':
        expect(linesOf(document)).toEqual(entry.lines);
        break;
      case 'doc-comments':
        expect(docCommentsOf(document)).toEqual(entry.docComments);
        break;
      case 'build-ok':
        expect(document.problems.filter((problem) => problem.fatal)).toEqual([]);
        break;
      default:
        expect(['negative', 'instruction-error', 'build-error']).toContain(entry.kind);
    }
    ran++;
  });
  test('every case ran', () => {
    expect(ran).toBe(all.length);
    expect(ran).toBeGreaterThanOrEqual(70);
  });
});

describe.skipIf(!hasShared)(`buildkit-parser-units.json${skipped}`, () => {
  const all = cases('buildkit-parser-units.json');
  let ran = 0;
  test.each(all.map((entry, index) => [`${index} ${entry.kind} ${JSON.stringify(entry.input)}`, entry] as const))(
    '%s',
    (_, entry) => {
      UNITS[entry.kind]?.(entry, String(entry.input));
      if (UNITS[entry.kind]) ran++;
    },
  );
  test('every case ran, of every kind', () => {
    expect(ran).toBe(all.length);
    expect(ran).toBeGreaterThanOrEqual(203);
    expect(new Set(all.map((entry) => entry.kind))).toEqual(new Set(Object.keys(UNITS)));
  });
});

/** What each kind of case proves; all 18 concern reading, so none is left out. */
const UNITS: Readonly<Record<string, (entry: Case, input: string) => void>> = {
  json(entry, input) {
    const form = parseJsonForm(input);
    if (entry.ok === false) expect(form.kind).toBe('not-strings');
    else expect(form.kind === 'strings' && form.items.map((item) => item.value)).toEqual(entry.expected);
  },
  parseWords(entry, input) {
    expect(parseWords(input, '\\').map((word) => word.text)).toEqual(entry.expected);
  },
  nameVal(entry, input) {
    const keyword = entry.instruction === 'ENV' ? 'ENV' : 'LABEL';
    const read = parseNameValues(input, parseWords(input, '\\'), keyword);
    if (entry.error) {
      expect(read.problem?.kind).toBe('missing-arguments');
      return;
    }
    expect(read.problem).toBeNull();
    expect(read.pairs.flatMap((pair) => [pair.key.text, pair.value?.text ?? null, pair.legacy ? '' : '='])).toEqual(
      entry.expected,
    );
  },
  heredocWord(entry, input) {
    const result = parseHeredocMarker(input);
    expect(result.ok).toBe(entry.error !== true);
    if (result.ok) expect(result.marker?.name ?? null).toBe(entry.expected);
  },
  heredocsFromLine(entry, input) {
    expect(findHeredocMarkers(input).map((found) => found.marker.name)).toEqual(entry.expected);
  },
  chomp(entry, input) {
    expect(chompHeredoc(input)).toBe(entry.expected);
  },
  directives(entry, input) {
    const { directives } = read(input);
    expect(directives.map((directive) => [directive.name, directive.value])).toEqual(entry.expected);
  },
  detectSyntax(entry, input) {
    expectReference(entry, detectSyntax(input));
  },
  checkDirective(entry, input) {
    const found = detectCheck(input);
    expectReference(entry, found);
    if (found) expect(parseCheckDirective(found.reference)).toMatchObject({ ok: true, value: { skip: ['all'] } });
  },
  copyHeredoc(entry, input) {
    const [copy] = read(input).instructions;
    if (copy?.keyword !== 'COPY') throw new Error('no COPY');
    expect(copy.destination?.text).toBe(entry.dest);
    expect(copy.sources.map((source) => source.text)).toEqual(entry.sources);
    expect(
      copy.heredocs.map((heredoc) => ({ path: heredoc.name, data: dataOf(heredoc), expand: heredoc.expand })),
    ).toEqual(entry.contents);
  },
  runHeredoc(entry, input) {
    const [run] = read(input).instructions;
    if (run?.keyword !== 'RUN') throw new Error('no RUN');
    expect(run.command.form).toBe(entry.shell ? 'shell' : 'exec');
    const command = run.command.form === 'exec' ? run.command.strings.map((item) => item.value) : [run.argumentsText];
    expect(command).toEqual(entry.command);
    expect(
      run.heredocs.map((heredoc) => ({ name: heredoc.name, data: heredoc.content, chomp: heredoc.chomp })),
    ).toEqual(entry.files);
  },
  healthcheck(entry, input) {
    const document = read(input);
    const [check] = document.instructions;
    if (check?.keyword !== 'HEALTHCHECK' || check.command?.form !== 'shell') throw new Error('no shell form');
    expect(['CMD-SHELL', input.slice(check.command.span.start, check.command.span.end)]).toEqual(entry.expected);
  },
  runFlags(entry, input) {
    const document = read(input);
    expect(document.instructions[0]?.flags.map((flag) => flag.name)).toEqual(entry.expected);
  },
  healthInterval(entry, input) {
    const result = parseHealthInterval(input);
    expect(result.ok).toBe(entry.error === undefined);
    if (!result.ok) expect(result.message).toContain(entry.error);
  },
  instructionError(_entry, input) {
    expect(read(`FROM busybox\n${input}`).problems.map((problem) => [problem.kind, problem.fatal])).toEqual([
      ['invalid-value', true],
    ]);
  },
  noCrash(_entry, input) {
    expect(read(input).instructions).toHaveLength(2);
  },
  exposePort(entry, input) {
    const result = parsePort(input);
    if (entry.error) expect(result).toMatchObject({ ok: false, message: entry.error });
    else expect(portsOf(input)).toEqual(entry.expected);
  },
  exposePorts(entry) {
    const results = (entry.input as string[]).map((input) => parsePort(input));
    expect(results.every((result) => result.ok)).toBe(entry.error !== true);
    if (!entry.error) expect((entry.input as string[]).flatMap(portsOf)).toEqual(entry.expected);
  },
};

function expectReference(entry: Case, found: ReturnType<typeof detectSyntax>): void {
  expect(found !== null).toBe(entry.found);
  if (entry.ref !== undefined) expect(found?.reference).toBe(entry.ref);
  if (entry.cmdline !== undefined) expect(found?.commandLine).toBe(entry.cmdline);
  if (entry.line !== undefined) expect(found?.line).toBe(entry.line);
}

function portsOf(input: string): string[] {
  const result = parsePort(input);
  return result.ok ? result.ports.map(({ port, protocol }) => `${port}/${protocol}`) : [];
}

describe.skipIf(!hasShared)(`buildkit-shell.json${skipped}`, () => {
  const all = cases('buildkit-shell.json');
  let ran = 0;
  test.each(all.map((entry) => [`${entry.kind} ${entry.input} (${entry.source})`, entry] as const))(
    '%s',
    (_, entry) => {
      const environment = new Map<string, string>();
      const isWindows = entry.platform === 'windows';
      for (const line of entry.envs as string[]) {
        const [name = '', ...value] = line.split('=');
        environment.set(isWindows ? name.toUpperCase() : name, value.join('='));
      }
      const lookup: Lookup = (name) => environment.get(name);
      const options: ExpandOptions = { escape: '\\', platform: isWindows ? 'windows' : 'unix' };
      const input = String(entry.input);
      if (entry.kind === 'words') {
        const result = expandWords(input, lookup, options);
        expect(result.ok ? result.words : { error: true }).toEqual(entry.error ? { error: true } : entry.expected);
      } else {
        const result = expandWord(input, lookup, options);
        expect(result.ok ? result.value : { error: true }).toEqual(entry.error ? { error: true } : entry.expected);
        if (result.ok && entry.matched) {
          expect([...result.matched].sort()).toEqual(entry.matched);
          expect([...result.unmatched].sort()).toEqual(entry.unmatched);
        }
        if (!result.ok && entry.errorContains) expect(result.message).toContain(entry.errorContains);
      }
      ran++;
    },
  );
  test('every case ran', () => {
    expect(ran).toBe(all.length);
    expect(ran).toBeGreaterThanOrEqual(317);
  });
});

describe.skipIf(!hasShared)(`the corpus${skipped}`, () => {
  const files = hasShared ? readdirSync(new URL('corpus/', shared)).filter((name) => name.endsWith('.Dockerfile')) : [];
  test('600 real files are read, with every span in its place', () => {
    for (const name of files) {
      const raw = readFileSync(new URL(`corpus/${name}`, shared), 'utf8');
      expectSound(read(raw), name);
      expectSound(read(raw.replaceAll(/\r?\n/g, '\r\n')), `${name} with CRLF`);
    }
    expect(files.length).toBeGreaterThanOrEqual(600);
  });
  test('dockerfile-ast agrees on where the keyword of nearly every instruction is, once the text is masked', () => {
    let total = 0;
    let agreed = 0;
    for (const name of files) {
      const source = createSource(name, readFileSync(new URL(`corpus/${name}`, shared), 'utf8'));
      const scanned = scan(source, []);
      const keywords = parseKeywords(source, scanned);
      for (const { keywordSpan, span } of parse(source).instructions) {
        total++;
        if (keywords.get(span.start)?.end === keywordSpan.end) agreed++;
      }
    }
    expect(total).toBeGreaterThan(7000);
    expect(agreed / total).toBeGreaterThan(0.999);
  });
  test('the same instructions come of the same text with other line ends', () => {
    for (const name of files) {
      const raw = readFileSync(new URL(`corpus/${name}`, shared), 'utf8').replaceAll('\r', '');
      expect(toSexp(read(raw.replaceAll('\n', '\r\n'))), name).toBe(toSexp(read(raw)));
    }
  });
});

/** Spans lie in the file, instructions one behind the other, and joined text is what a plain re-reading gives. */
function expectSound(document: Document, name: string): void {
  const { text } = document.source;
  let last = 0;
  for (const instruction of document.instructions) {
    const { span, keywordSpan, argumentsSpan } = instruction;
    expect(span.start, name).toBeGreaterThanOrEqual(last);
    expect(span.end, name).toBeGreaterThan(span.start);
    expect(span.end, name).toBeLessThanOrEqual(text.length);
    last = span.end;
    if (instruction.keyword !== 'UNKNOWN' && !text.slice(keywordSpan.start, keywordSpan.end).includes('\n')) {
      expect(text.slice(keywordSpan.start, keywordSpan.end).toUpperCase(), name).toBe(instruction.keyword);
    }
    const raw = text.slice(argumentsSpan.start, argumentsSpan.end);
    expect(instruction.argumentsText, name).toBe(rejoin(raw, document.escape));
    for (const word of instruction.words) {
      const written = rejoin(text.slice(word.span.start, word.span.end), document.escape);
      if (written !== word.text) expect(written, name).toBe(word.text);
    }
  }
  for (const problem of document.problems) {
    expect(problem.span.end, name).toBeGreaterThan(problem.span.start);
    expect(problem.span.end, name).toBeLessThanOrEqual(text.length);
  }
}

/** Joins continued lines by the book, line by line; written apart from the scanner. */
function rejoin(raw: string, escapeCharacter: string): string {
  const ending = escapeCharacter === '`' ? /(^|[^`])`[ \t]*$/ : /(^|[^\\])\\[ \t]*$/;
  return raw
    .split('\n')
    .map((line) => line.replace(/\r+$/, ''))
    .filter((line, index) => index === 0 || (line.trim() !== '' && !line.trim().startsWith('#')))
    .map((line) => line.replace(ending, '$1'))
    .join('');
}

/** The dump that BuildKit's parser prints. */
function toSexp(document: Document): string {
  return document.instructions.map((instruction) => `(${sexpOf(instruction)})\n`).join('');
}

function sexpOf(instruction: Instruction): string {
  const head =
    instruction.keyword === 'UNKNOWN' ? instruction.keywordText.toLowerCase() : instruction.keyword.toLowerCase();
  const flags = instruction.flags.map((flag) => `--${flag.name}${flag.value ? `=${flag.value.text}` : ''}`);
  const parts = [head];
  if (flags.length > 0) parts.push(`[${flags.map(goQuote).join(' ')}]`);
  if (instruction.keyword === 'ONBUILD') {
    if (instruction.trigger) parts.push(`(${sexpOf(instruction.trigger)})`);
  } else {
    parts.push(...argumentsOf(instruction).map(goQuote));
  }
  return parts.join(' ');
}

function argumentsOf(instruction: Instruction): string[] {
  switch (instruction.keyword) {
    case 'RUN':
    case 'CMD':
    case 'ENTRYPOINT':
    case 'SHELL':
      if (instruction.command?.form === 'exec') return instruction.command.strings.map((item) => item.value);
      return instruction.argumentsText === '' ? [] : [instruction.argumentsText];
    case 'COPY':
    case 'ADD': {
      const { sources, destination } = instruction;
      return [...sources, ...(destination ? [destination] : [])].map((word) => word.text);
    }
    case 'ENV':
    case 'LABEL':
      return instruction.pairs.flatMap((pair) => [pair.key.text, pair.value?.text ?? '', pair.legacy ? '' : '=']);
    case 'ARG':
      return instruction.pairs.map((pair) => pair.key.text + (pair.value ? `=${pair.value.text}` : ''));
    case 'VOLUME':
      return instruction.paths.map((path) => path.text);
    case 'HEALTHCHECK': {
      const [type = '', rest = ''] = /^(\S+)\s*(.*)$/s.exec(instruction.argumentsText)?.slice(1) ?? [];
      if (instruction.command?.form === 'exec') return [type, ...instruction.command.strings.map((item) => item.value)];
      return [type, rest].filter((text) => text !== '');
    }
    case 'MAINTAINER':
    case 'STOPSIGNAL':
    case 'USER':
    case 'WORKDIR':
      return instruction.argumentsText === '' ? [] : [instruction.argumentsText];
    case 'UNKNOWN':
      return [];
    default:
      return instruction.words.map((word) => word.text);
  }
}

/** Go's strconv.Quote, as far as the fixtures go. */
function goQuote(text: string): string {
  return JSON.stringify(text).replaceAll('\\u0000', '\\x00');
}

function heredocsOf(document: Document): unknown[] {
  return document.instructions.slice(1).map((instruction) =>
    instruction.heredocs.length === 0
      ? null
      : instruction.heredocs.map((heredoc) => ({
          name: heredoc.name,
          content: heredoc.content,
          expand: heredoc.expand,
          chomp: heredoc.chomp,
          fd: heredoc.fileDescriptor,
        })),
  );
}

function dataOf(heredoc: Heredoc): string {
  return heredoc.chomp ? chompHeredoc(heredoc.content) : heredoc.content;
}

function linesOf(document: Document): number[][] {
  const { source } = document;
  return document.instructions.map(({ span }) => [locate(source, span.start).line, locate(source, span.end).line]);
}

/** The comment that begins with the name of what follows it documents it. */
function docCommentsOf(document: Document): string[][] {
  return document.instructions.flatMap((instruction) => {
    const names =
      instruction.keyword === 'ARG'
        ? instruction.pairs.map((pair) => pair.key.text)
        : instruction.keyword === 'FROM' && instruction.name
          ? [instruction.name.text]
          : [];
    return names.map((name) => {
      const comment = instruction.leadingComments.find(({ text }) => text.startsWith(`${name} `));
      return [instruction.keyword, name, comment ? comment.text.slice(name.length + 1) : ''];
    });
  });
}
