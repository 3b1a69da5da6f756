import { shorten } from '../model/shorten.js';
import type { SourceFile } from '../model/source.js';
import type { Comment, Document, Flag, FromInstruction, Instruction, Stage, SyntaxProblem } from './ast.js';
import { type ParsedKeyword, parseKeywords } from './dockerfile-ast.js';
import { type Base, consequence, type Draft, type ReadContext, report } from './draft.js';
import { type Frontend, frontendOf, mayHaveInstructions } from './frontend.js';
import { readCommand, readShell } from './instructions/command.js';
import { readCopy } from './instructions/copy.js';
import { readFrom } from './instructions/from.js';
import { readHealthcheck } from './instructions/healthcheck.js';
import { readOnbuild } from './instructions/onbuild.js';
import { readPairs } from './instructions/pairs.js';
import { readRun } from './instructions/run.js';
import { readSimple, readUnknown } from './instructions/simple.js';
import { readVolume } from './instructions/volume.js';
import { KEYWORDS, keywordOf } from './keywords.js';
import { type LogicalLine, spanOf } from './logical-line.js';
import { type Scan, scan } from './scan.js';
import { suggest } from './suggest.js';
import { type CommandParts, splitCommand } from './words.js';

/**
 * Reads a Dockerfile as BuildKit does. Never throws: what BuildKit would refuse is in `problems`, and the rest of the
 * file is read all the same.
 */
export function parse(source: SourceFile): Document {
  const problems: SyntaxProblem[] = [];
  const scanned = scan(source, problems);
  const keywords = parseKeywords(source, scanned);
  const frontend = frontendOf(scanned.directives);
  const context: ReadContext = {
    escape: scanned.escape,
    frontend,
    isContainerfile: /(?:^|\/)containerfile(?:[-_.][^/]*)?$|\.containerfile$/i.test(source.path),
    isOneLine: scanned.lines.length === 1 && scanned.comments.length === 0,
    problems,
    stageNames: new Set(),
    globalArgs: new Set(),
  };
  const instructions: Instruction[] = [];
  const preamble: Instruction[] = [];
  const groups: { from: FromInstruction; instructions: Instruction[] }[] = [];
  const comments = leadingComments(source, scanned);
  scanned.lines.forEach((line, index) => {
    const reader: Reader = {
      line,
      context,
      comments: comments[index] ?? NO_COMMENTS,
      parsed: keywords.get(line.span.start),
      previous: instructions.at(-1) ?? null,
      stage: groups.length - 1,
    };
    const instruction = readInstruction(reader, 0, false);
    instructions.push(instruction);
    if (instruction.keyword === 'FROM') groups.push({ from: instruction, instructions: [instruction] });
    else (groups.at(-1)?.instructions ?? preamble).push(instruction);
    if (groups.length === 0 && instruction.keyword === 'ARG') {
      for (const pair of instruction.pairs) context.globalArgs.add(pair.key.text);
    }
  });
  if (!isOtherLanguage(frontend, preamble)) checkOrder(source, instructions, preamble, groups.length, problems);
  return {
    source,
    escape: scanned.escape,
    directives: scanned.directives,
    comments: scanned.comments,
    instructions,
    preamble,
    stages: groups.map(stageOf),
    problems: problems.sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end),
  };
}

interface Reader {
  readonly line: LogicalLine;
  readonly context: ReadContext;
  readonly comments: readonly Comment[];
  /** What dockerfile-ast says of the instruction at the start of the line. */
  readonly parsed: ParsedKeyword | undefined;
  readonly previous: Instruction | null;
  readonly stage: number;
}

const NO_COMMENTS: readonly Comment[] = [];

function readInstruction(reader: Reader, from: number, onbuild: boolean): Instruction {
  const draft = draftOf(reader, from, onbuild);
  switch (draft.keyword) {
    case 'FROM':
      return readFrom(draft);
    case 'RUN':
      return readRun(draft);
    case 'CMD':
    case 'ENTRYPOINT':
      return readCommand(draft, draft.keyword);
    case 'SHELL':
      return readShell(draft);
    case 'HEALTHCHECK':
      return readHealthcheck(draft);
    case 'COPY':
    case 'ADD':
      return readCopy(draft, draft.keyword);
    case 'ENV':
    case 'LABEL':
    case 'ARG':
      return readPairs(draft, draft.keyword);
    case 'VOLUME':
      return readVolume(draft);
    case 'ONBUILD':
      return readOnbuild(draft, (at) => readInstruction(reader, at, true));
    case 'EXPOSE':
    case 'MAINTAINER':
    case 'STOPSIGNAL':
    case 'USER':
    case 'WORKDIR':
      return readSimple(draft, draft.keyword);
    case 'UNKNOWN':
      reportUnknown(draft, reader.previous);
      return readUnknown(draft);
  }
}

function draftOf(reader: Reader, from: number, onbuild: boolean): Draft {
  const { line, context, parsed } = reader;
  const parts = splitCommand(line.text, from);
  const keywordText = line.text.slice(parts.keywordStart, parts.keywordEnd);
  let keywordSpan = spanOf(line, parts.keywordStart, parts.keywordEnd);
  // Where the two disagree, the scan is right: it reads lines as BuildKit does.
  const agrees = !onbuild && parsed?.end === keywordSpan.end;
  const keyword = agrees ? keywordOf(parsed.keyword) : keywordOf(keywordText);
  // A line continuation and nothing else: there is no character of a keyword to point at.
  if (keywordSpan.start === keywordSpan.end) keywordSpan = { start: line.span.start, end: line.span.start + 1 };
  const base: Base = {
    keywordText,
    keywordSpan,
    span: { start: onbuild ? keywordSpan.start : line.span.start, end: line.end },
    flags: parts.flags.length === 0 ? NO_FLAGS : flagsOf(line, parts),
    argumentsSpan: spanOf(line, parts.argumentsStart, parts.argumentsEnd),
    argumentsText: line.text.slice(parts.argumentsStart, parts.argumentsEnd),
    heredocs: line.heredocs,
    leadingComments: onbuild ? NO_COMMENTS : reader.comments,
    stage: keyword === 'FROM' && !onbuild ? reader.stage + 1 : reader.stage,
    onbuild,
  };
  return { line, keyword, parts, base, context };
}

const NO_FLAGS: readonly Flag[] = [];

function flagsOf(line: LogicalLine, parts: CommandParts): Flag[] {
  return parts.flags.map((raw) => {
    const nameEnd = raw.equals === -1 ? raw.end : raw.equals;
    const nameStart = Math.min(raw.start + 2, nameEnd);
    const equals = raw.text.indexOf('=');
    return {
      name: raw.text.slice(2, equals === -1 ? undefined : equals),
      nameSpan: spanOf(line, nameStart, nameEnd),
      value:
        raw.equals === -1
          ? null
          : { text: line.text.slice(raw.equals + 1, raw.end), span: spanOf(line, raw.equals + 1, raw.end) },
      span: spanOf(line, raw.start, raw.end),
    };
  });
}

function reportUnknown(draft: Draft, previous: Instruction | null): void {
  const { keywordText, keywordSpan } = draft.base;
  if (previous === null && isLink(draft)) {
    report(draft, 'unknown-instruction', {
      message: `this file is a link that git wrote out as text: it holds only the path \`${shorten(keywordText)}\``,
      help: 'build the file that it names, or check out links as such (`git config core.symlinks true`)',
      span: keywordSpan,
    });
    return;
  }
  const close = suggest(keywordText, KEYWORDS);
  const looksLikeCommand = close === null && !/^[A-Z]+$/.test(keywordText);
  // The lines of a script that lost its continuation are one mistake.
  if (looksLikeCommand && previous?.keyword === 'UNKNOWN' && !draft.base.onbuild) return;
  const { frontend } = draft.context;
  if (mayHaveInstructions(frontend)) {
    report(draft, 'unknown-instruction', {
      message: `\`${shorten(keywordText)}\` is no instruction of docker/dockerfile; \`${frontend.image}\` may have it`,
      help: close ? `did you mean \`${close}\`?` : null,
      span: keywordSpan,
      uncertain: true,
    });
    return;
  }
  const message =
    keywordText === ''
      ? `a line continuation stands alone and is read as an instruction: ${consequence(draft)}`
      : `\`${shorten(keywordText)}\` is not an instruction: ${consequence(draft)}`;
  const continuation = `if it belongs to the instruction above, end the line before it with ${draft.context.escape}`;
  report(draft, 'unknown-instruction', {
    message,
    help: close ? `did you mean \`${close}\`?` : keywordText === '' ? 'delete it' : continuation,
    span: keywordSpan,
    suggestion: close,
  });
}

/** One path and nothing else, as git writes a link where the system or its settings have none. */
function isLink({ base, line, context }: Draft): boolean {
  const { keywordText } = base;
  return (
    line.text === keywordText &&
    context.isOneLine &&
    keywordText.length <= 200 &&
    /^[\w.@+-]+(?:\/[\w.@+-]+)*$/.test(keywordText) &&
    /\/|^(?:docker|container)file[-_.]|[-_.](?:docker|container)file$/i.test(keywordText)
  );
}

/** For each line, the comments directly above it. */
function leadingComments(source: SourceFile, scanned: Scan): readonly (readonly Comment[])[] {
  const { comments, lines } = scanned;
  if (comments.length === 0) return [];
  let next = 0;
  return lines.map((line) => {
    let first = next;
    while (next < comments.length && (comments[next]?.span.start ?? 0) < line.span.start) next++;
    if (first === next) return NO_COMMENTS;
    let below = line.span.start;
    first = next;
    while (first > 0) {
      const comment = comments[first - 1];
      if (!comment || comment.inside || !isNextLine(source.text, comment.span.end, below)) break;
      below = comment.span.start;
      first--;
    }
    return comments.slice(first, next);
  });
}

/** True where nothing but one line end and blanks stands between. */
function isNextLine(text: string, end: number, start: number): boolean {
  const newline = text.indexOf('\n', end);
  return newline !== -1 && newline < start && !text.slice(newline + 1, start).includes('\n');
}

/** A frontend of another kind may begin a file without FROM: with an INCLUDE, say. */
function isOtherLanguage(frontend: Frontend, preamble: readonly Instruction[]): boolean {
  return mayHaveInstructions(frontend) && preamble.some((instruction) => instruction.keyword === 'UNKNOWN');
}

function checkOrder(
  source: SourceFile,
  instructions: readonly Instruction[],
  preamble: readonly Instruction[],
  stages: number,
  problems: SyntaxProblem[],
): void {
  const first = instructions[0];
  if (!first) {
    problems.push({
      kind: 'no-instructions',
      message: 'there is no instruction in this file, so nothing can be built from it',
      help: 'begin with FROM <image>',
      span: firstCharacter(source),
      suggestion: null,
      fatal: true,
    });
    return;
  }
  const early = preamble.find((instruction) => instruction.keyword !== 'ARG' && instruction.keyword !== 'UNKNOWN');
  if (early) {
    problems.push({
      kind: 'misplaced-instruction',
      message: `${early.keyword} stands before the first FROM: the build stops here`,
      help: stages > 0 ? 'move it behind FROM; only ARG may stand before it' : 'begin with FROM <image>',
      span: early.keywordSpan,
      suggestion: null,
      fatal: true,
    });
  } else if (stages === 0 && preamble.every((instruction) => instruction.keyword === 'ARG')) {
    problems.push({
      kind: 'no-instructions',
      message: 'there is no FROM in this file, so nothing can be built from it',
      help: 'add FROM <image>',
      span: first.keywordSpan,
      suggestion: null,
      fatal: true,
    });
  }
}

/** The first character that is no space, or the first of all; empty in an empty file. */
function firstCharacter(source: SourceFile): { start: number; end: number } {
  const { text } = source;
  const at = Math.max(0, text.search(/\S/));
  return { start: at, end: Math.min(text.length, at + 1) };
}

function stageOf(
  group: { readonly from: FromInstruction; readonly instructions: readonly Instruction[] },
  index: number,
): Stage {
  const { from, instructions } = group;
  return {
    index,
    from,
    name: from.name?.text.toLowerCase() ?? null,
    instructions,
    span: { start: from.span.start, end: (instructions.at(-1) ?? from).span.end },
  };
}
