// biome-ignore-all lint/suspicious/noTemplateCurlyInString: a Dockerfile's variables look like this
import { describe, expect, test } from 'vitest';
import type { Document, Instruction, SyntaxProblem } from '../src/dockerfile/ast.js';
import { detectSyntax, parseCheckDirective } from '../src/dockerfile/directives.js';
import { parseDuration } from '../src/dockerfile/duration.js';
import { expandWord, expandWords, type Lookup } from '../src/dockerfile/expand.js';
import { parseImageReference } from '../src/dockerfile/image-reference.js';
import { shellText } from '../src/dockerfile/mask.js';
import { parse } from '../src/dockerfile/parse.js';
import { checkPlatform } from '../src/dockerfile/platform.js';
import { createSource, textAt } from '../src/model/source.js';

function read(text: string): Document {
  return parse(createSource('Dockerfile', text));
}

/** Problems as `kind "marked text" [suggestion]`, with `!` where the build stops. */
function problems(text: string): string[] {
  return read(text).problems.map((problem) => describeProblem(text, problem));
}

/** Problems of an instruction in a file that is fine but for it. */
function problemsOf(instruction: string): string[] {
  return problems(`FROM busybox\n${instruction}`);
}

function describeProblem(text: string, problem: SyntaxProblem): string {
  const suggestion = problem.suggestion === null ? '' : ` -> ${problem.suggestion}`;
  const marked = text.replace(/^\ufeff/, '').slice(problem.span.start, problem.span.end);
  return `${problem.fatal ? '!' : ''}${problem.kind} "${marked}"${suggestion}`;
}

function only<K extends Instruction['keyword']>(document: Document, keyword: K): Instruction & { keyword: K } {
  const found = document.instructions.find((instruction) => instruction.keyword === keyword);
  if (!found) throw new Error(`no ${keyword}`);
  return found as Instruction & { keyword: K };
}

describe('lines', () => {
  test('a line continues over blanks behind the escape character, comments and blank lines', () => {
    const text = 'FROM busybox\nRUN echo a \\ \t\n  # note\n\n  b\\\nc\n';
    const document = read(text);
    const run = only(document, 'RUN');
    expect(run.argumentsText).toBe('echo a   bc');
    expect(textAt(document.source, run.span)).toBe('RUN echo a \\ \t\n  # note\n\n  b\\\nc');
    expect(run.words.map((word) => word.text)).toEqual(['echo', 'a', 'bc']);
    expect(textAt(document.source, run.words[2]?.span ?? run.span)).toBe('b\\\nc');
    expect(document.comments).toMatchObject([{ text: 'note', inside: true }]);
    expect(problems(text)).toEqual(['empty-continuation "\\"']);
  });

  test('an escaped escape character ends the line', () => {
    const document = read('FROM busybox\nENV C trailing\\\\\nENV D next\n');
    expect(document.instructions.map((instruction) => instruction.argumentsText)).toEqual([
      'busybox',
      'C trailing\\\\',
      'D next',
    ]);
  });

  test('CRLF, a byte order mark and a missing final line end change nothing but offsets', () => {
    const document = read('\ufeff# escape=`\r\nFROM busybox\r\nRUN echo `\r\n  x');
    expect(document.escape).toBe('`');
    expect(document.source.hasBom).toBe(true);
    expect(document.problems).toEqual([]);
    expect(only(document, 'RUN').argumentsText).toBe('echo   x');
    expect(textAt(document.source, only(document, 'FROM').span)).toBe('FROM busybox');
  });

  test('a lone carriage return ends no line', () => {
    const document = read('FROM busybox\nRUN echo a\rUSER root\nUSER app\n');
    expect(document.instructions.map((instruction) => instruction.keyword)).toEqual(['FROM', 'RUN', 'USER']);
    expect(only(document, 'RUN').argumentsText).toBe('echo a\rUSER root');
    expect(only(document, 'USER').argumentsText).toBe('app');
  });

  test('a keyword may itself be continued, and stand behind form feeds', () => {
    const document = read('FR\\\nOM busybox\n\f USER app\n');
    expect(document.problems).toEqual([]);
    expect(document.instructions.map((instruction) => instruction.keyword)).toEqual(['FROM', 'USER']);
    expect(only(document, 'FROM').keywordText).toBe('FROM');
  });

  test('comments directly above lead an instruction, those above a blank line do not', () => {
    const document = read('# far\n\n# near\n# nearer\nFROM busybox\n# last\n');
    expect(only(document, 'FROM').leadingComments.map((comment) => comment.text)).toEqual(['near', 'nearer']);
    expect(document.comments).toHaveLength(4);
  });

  test('a line longer than BuildKit reads stops the build', () => {
    expect(problemsOf(`LABEL a=${'x'.repeat(65_527)}`)).toEqual([]);
    expect(problemsOf(`LABEL a=${'x'.repeat(65_528)}`)).toEqual(['!invalid-value "LABEL"']);
    expect(problemsOf(`LABEL a=${'é'.repeat(32_764)}`)).toEqual(['!invalid-value "LABEL"']);
  });
});

describe('directives', () => {
  test('are read at the top, in any case and order', () => {
    const document = read('# Syntax=docker/dockerfile:1\n#  ESCAPE = `  \n# check=skip=all\nFROM busybox\n');
    expect(document.directives.map(({ name, value }) => [name, value])).toEqual([
      ['syntax', 'docker/dockerfile:1'],
      ['escape', '`'],
      ['check', 'skip=all'],
    ]);
    const escapeDirective = document.directives[1];
    expect(escapeDirective && textAt(document.source, escapeDirective.nameSpan)).toBe('ESCAPE');
    expect(escapeDirective && textAt(document.source, escapeDirective.valueSpan)).toBe('`');
    expect(document.comments).toEqual([]);
  });

  test.each(['# note\n# escape=`\n', '\n# escape=`\n', 'FROM a\n# escape=`\n', '# note=1\n# escape=`\n'])(
    'end at anything else: %j',
    (top) => {
      const document = read(`${top}FROM busybox\n`);
      expect(document.directives).toEqual([]);
      expect(document.escape).toBe('\\');
    },
  );

  test('twice, or an escape that is none, stops the build', () => {
    expect(problems('# escape=`\n# escape=\\\nFROM busybox\n')).toEqual(['!invalid-directive "escape"']);
    expect(problems('# escape=/\nFROM busybox\n')).toEqual(['!invalid-directive "/"']);
  });

  test('a `#!` line may stand before syntax and check', () => {
    const document = read('#!/usr/bin/env docker\n# syntax=a/b\nFROM busybox\n');
    expect(document.directives).toMatchObject([{ name: 'syntax', value: 'a/b' }]);
    expect(document.comments).toMatchObject([{ text: '!/usr/bin/env docker' }]);
    expect(detectSyntax('{"syntax": "a/b"}')).toMatchObject({ reference: 'a/b' });
  });

  test('check has three options', () => {
    expect(parseCheckDirective('skip=A, B ;error=true;experimental=all')).toEqual({
      ok: true,
      value: { skip: ['A', 'B'], error: true, experimental: ['all'] },
    });
    expect(parseCheckDirective('skp=all')).toMatchObject({ ok: false, message: expect.stringContaining('`skip`') });
    expect(problems('# check=skp=all\nFROM a\n')).toEqual(['!invalid-directive "skp=all"']);
    expect(problems('# check=skip=all // why\nFROM a\n')).toEqual([]);
    expect(parseCheckDirective('error=maybe').ok).toBe(false);
    expect(parseCheckDirective('all').ok).toBe(false);
  });
});

describe('what dockerfile-ast misreads', () => {
  test('`<<` in quotes opens no heredoc', () => {
    const document = read('FROM busybox\nRUN echo "use <<EOF here"\nUSER app\n');
    expect(document.instructions.map((instruction) => instruction.keyword)).toEqual(['FROM', 'RUN', 'USER']);
    expect(document.problems).toEqual([]);
  });

  test('`<<` in an exec form, an arithmetic shift and a here-string open none either', () => {
    const text = 'FROM busybox\nRUN ["cat", "<<EOF"]\nRUN echo $((1<<2)) <<<word\nRUN cat <<< word\nUSER app\n';
    expect(read(text).instructions.map((instruction) => instruction.heredocs.length)).toEqual([0, 0, 0, 0, 0]);
  });

  test('a heredoc with a file descriptor, of ADD, and of ONBUILD', () => {
    const text = 'FROM busybox\nRUN cat 3<<A\nUSER x\nA\nADD <<B /b\nUSER y\nB\nONBUILD RUN <<C\nUSER z\nC\nUSER app\n';
    const document = read(text);
    expect(document.problems).toEqual([]);
    expect(document.instructions.map((instruction) => instruction.keyword)).toEqual([
      'FROM',
      'RUN',
      'ADD',
      'ONBUILD',
      'USER',
    ]);
    expect(only(document, 'RUN').heredocs).toMatchObject([{ name: 'A', fileDescriptor: 3, content: 'USER x\n' }]);
    const trigger = only(document, 'ONBUILD').trigger;
    expect(trigger).toMatchObject({ keyword: 'RUN', onbuild: true, heredocs: [{ name: 'C', content: 'USER z\n' }] });
    expect(trigger && textAt(document.source, trigger.span)).toBe('RUN <<C\nUSER z\nC');
  });

  test('two flags', () => {
    const copy = only(read('FROM busybox AS b\nFROM scratch\nCOPY --link --from=b /x /y\n'), 'COPY');
    expect(copy.from?.text).toBe('b');
    expect(copy.flags.map((flag) => [flag.name, flag.value?.text ?? null])).toEqual([
      ['link', null],
      ['from', 'b'],
    ]);
  });

  test('an exec form that is no JSON is a shell form', () => {
    const cmd = only(read('FROM busybox\nCMD ["node", $X]\n'), 'CMD');
    expect(cmd.command).toMatchObject({ form: 'shell', failedJson: true });
  });

  test('HEALTHCHECK CMD with an exec form', () => {
    const document = read('FROM busybox\nHEALTHCHECK --interval=5s CMD ["curl", "-f", "\\u0061"]\n');
    const check = only(document, 'HEALTHCHECK');
    if (check.command?.form !== 'exec') throw new Error('no exec form');
    expect(check.command.strings.map((item) => item.value)).toEqual(['curl', '-f', 'a']);
    expect(check.command.strings.map((item) => textAt(document.source, item.span))).toEqual([
      '"curl"',
      '"-f"',
      '"\\u0061"',
    ]);
  });
});

describe('stages', () => {
  test('hold their instructions; ARG may stand before', () => {
    const document = read('ARG V=1\nFROM node:$V AS Build\nRUN x\nFROM build\nCOPY --from=0 /a /b\n');
    expect(document.problems).toEqual([]);
    expect(document.preamble.map((instruction) => [instruction.keyword, instruction.stage])).toEqual([['ARG', -1]]);
    expect(document.stages.map((stage) => [stage.name, stage.instructions.length, stage.from.stage])).toEqual([
      ['build', 2, 0],
      [null, 2, 1],
    ]);
    const [stage] = document.stages;
    expect(stage && textAt(document.source, stage.span)).toBe('FROM node:$V AS Build\nRUN x');
  });
});

describe('problems', () => {
  test.each([
    ['COYP a b', ['!unknown-instruction "COYP" -> COPY']],
    ['FORM a', ['!unknown-instruction "FORM" -> FROM']],
    ['WOKRDIR /a', ['!unknown-instruction "WOKRDIR" -> WORKDIR']],
    ['FOO bar', ['!unknown-instruction "FOO"']],
    ['&& apt-get install x\n&& rm y', ['!unknown-instruction "&&"']],
    ['RUN a \\\n  b\n\\', ['!unknown-instruction "\\"']],
  ])('unknown instructions: %j', (instruction, expected) => {
    expect(problemsOf(instruction)).toEqual(expected);
  });

  test.each([
    ['COPY --form=a b c', ['!unknown-flag "--form" -> --from']],
    ['COPY --from=0 --parents --exclude=a --exclude=b --chown=a --chmod=1 --link a b', []],
    ['ADD --keep-git-dir=true --checksum=x --unpack --exclude=a --link --chown=a --chmod=1 a b', []],
    ['RUN --mount=type=cache,target=/a --network=none --security=insecure --device=x y', []],
    ['HEALTHCHECK --interval=1s --timeout=1s --start-period=1s --start-interval=1s --retries=1 CMD x', []],
    ['RUN --mout=type=cache x', ['!unknown-flag "--mout" -> --mount']],
    ['MAINTAINER --boo joe', ['!unknown-flag "--boo"']],
    ['CMD --port 80', ['!unknown-flag "--port"']],
    ['COPY --chown a b c', ['!invalid-flag-value "--chown"']],
    ['COPY --link=maybe a b', ['!invalid-flag-value "maybe"']],
    ['COPY --link --link a b', ['!invalid-flag-value "--link"']],
    ['COPY --Link a b', ['!unknown-flag "--Link" -> --link']],
    ['RUN --network=hots x', ['!invalid-flag-value "hots" -> host']],
    ['COPY -- --x /y', []],
  ])('flags: %j', (instruction, expected) => {
    expect(problemsOf(instruction)).toEqual(expected);
  });

  test.each([
    ['type=cahce,target=/a', ['!invalid-flag-value "cahce" -> cache']],
    ['type=cache,taget=/a', ['!invalid-flag-value "taget" -> target']],
    ['type=cache,target', ['!invalid-flag-value "target"']],
    ['type=secret,id=x,required,env=Y', []],
    ['type=cache,target=/a,required', ['!invalid-flag-value "required"']],
    ['type=cache,target=/a,sharing=lokced', ['!invalid-flag-value "lokced" -> locked']],
    ['type=bind,from=$X,target=/a', ['!invalid-flag-value "$X"']],
    ['type=cache,target=/a,mode=0999', ['!invalid-flag-value "0999"']],
    ['type=$TYPE,target=/a', []],
    // The quotes are gone before the commas are looked at.
    ['type=bind,"source=a,b",target=/c', ['!invalid-flag-value "type=bind,"source=a,b",target=/c"']],
  ])('mounts: %j', (mount, expected) => {
    expect(problemsOf(`RUN --mount=${mount} x`)).toEqual(expected);
  });

  test('mount options are read under one name', () => {
    const run = only(read('FROM busybox\nRUN --mount=type=bind,src=a,dst=/b,ro --mount=target=/c x'), 'RUN');
    expect(run.mounts.map((mount) => [mount.type, Object.fromEntries(mount.options)])).toEqual([
      ['bind', { type: 'bind', source: 'a', target: '/b', ro: 'true' }],
      ['bind', { target: '/c' }],
    ]);
  });

  test.each([
    ['FROM', ['!missing-arguments "FROM"']],
    ['FROM a AS', ['!missing-arguments "AS"']],
    ['FROM a SA b', ['!extra-arguments "SA" -> AS']],
    ['FROM a AS b c', ['!extra-arguments "c"']],
    ['FROM a # note', ['!extra-arguments "#"']],
    ['COPY', ['!missing-arguments "COPY"']],
    ['COPY a', ['!missing-arguments "a"']],
    ['ADD ["a"]', ['!missing-arguments ""a""']],
    ['COPY /foo <<EOF\nEOF', ['!invalid-value "<<EOF"']],
    ['COPY https://a.example/b /c', ['!invalid-value "https://a.example/b"']],
    ['ENV', ['!missing-arguments "ENV"']],
    ['ENV PATH', ['!missing-arguments "PATH"']],
    ['ENV a=b c', ['!invalid-value "c"']],
    ['ENV =x', ['!invalid-value "=x"']],
    ['ARG =x', ['!invalid-value "=x"']],
    ['ARG', ['!missing-arguments "ARG"']],
    ['SHELL', ['!missing-arguments "SHELL"']],
    ['SHELL []', ['!missing-arguments "[]"']],
    ['VOLUME', ['!missing-arguments "VOLUME"']],
    ['VOLUME [""]', ['!invalid-value """"']],
    ['EXPOSE', ['!missing-arguments "EXPOSE"']],
    ['WORKDIR', ['!missing-arguments "WORKDIR"']],
    ['RUN', ['missing-arguments "RUN"']],
    ['CMD', ['missing-arguments "CMD"']],
    ['ONBUILD', ['!missing-arguments "ONBUILD"']],
    ['ONBUILD FROM a', ['!invalid-trigger "FROM"']],
    ['ONBUILD ONBUILD RUN a', ['!invalid-trigger "ONBUILD"']],
    ['ONBUILD COYP a b', ['unknown-instruction "COYP" -> COPY']],
    ['HEALTHCHECK', ['!missing-arguments "HEALTHCHECK"']],
    ['HEALTHCHECK CMD', ['!missing-arguments "CMD"']],
    ['HEALTHCHECK NONE x', ['!extra-arguments "x"']],
    ['HEALTHCHECK CURL x', ['!invalid-value "CURL"']],
    ['HEALTHCHECK --interval=30 CMD x', ['!invalid-flag-value "30" -> 30s']],
    ['HEALTHCHECK --timeout=5us CMD x', ['!invalid-flag-value "5us"']],
    ['HEALTHCHECK --retries=-1 CMD x', ['!invalid-flag-value "-1"']],
  ])('arguments: %j', (instruction, expected) => {
    expect(problemsOf(instruction)).toEqual(expected);
  });

  test.each([
    ["CMD ['node', 'x.js']", ['invalid-json-form "[\'node\', \'x.js\']" -> ["node", "x.js"]']],
    ['CMD ["node", "x.js",]', ['invalid-json-form "["node", "x.js",]" -> ["node", "x.js"]']],
    ['CMD ["node" "x.js"]', ['invalid-json-form "["node" "x.js"]" -> ["node", "x.js"]']],
    ['CMD [“node”, “x.js”]', ['invalid-json-form "[“node”, “x.js”]" -> ["node", "x.js"]']],
    ['CMD ["node", "x.js"', ['invalid-json-form "["node", "x.js""']],
    ['CMD ["node", "x.js"] # start', ['invalid-json-form "["node", "x.js"] # start"']],
    ['CMD [node, x.js]', ['invalid-json-form "[node, x.js]"']],
    ['CMD ["node", 1]', ['!invalid-json-form "["node", 1]"']],
    ["COPY ['a', 'b', '/c']", ['invalid-json-form "[\'a\', \'b\', \'/c\']" -> ["a", "b", "/c"]']],
    ["VOLUME ['/a']", ['invalid-json-form "[\'/a\']" -> ["/a"]']],
    ["HEALTHCHECK CMD ['a']", ['invalid-json-form "[\'a\']" -> ["a"]']],
    ['SHELL /bin/bash -c', ['!invalid-json-form "/bin/bash -c" -> ["/bin/bash", "-c"]']],
    ['RUN [ -f x ] && y', []],
    ['RUN [ "$x" = "y" ]', []],
    ['RUN [ -f "a,b" ]', []],
    ['RUN [ "$a" ] && [ "$b" ]', []],
    ['RUN [[ "$a" == "b" ]]', []],
    ['COPY [a-z].txt /b', []],
  ])('JSON forms: %j', (instruction, expected) => {
    expect(problemsOf(instruction)).toEqual(expected);
  });

  test('a heredoc that no line closes, and the line that was meant to', () => {
    const text = 'FROM busybox\nRUN <<EOF\n  echo\n  EOF\nUSER app\n';
    const document = read(text);
    expect(problems(text)).toEqual(['!unterminated-heredoc "<<EOF"']);
    expect(document.problems[0]?.message).toContain('line 4');
    expect(document.instructions.map((instruction) => instruction.keyword)).toEqual(['FROM', 'RUN', 'USER']);
    expect(problemsOf('RUN <<EOF\necho')).toEqual(['!unterminated-heredoc "<<EOF"']);
    expect(problemsOf('RUN <<EOF')).toEqual(['!unterminated-heredoc "<<EOF"']);
    expect(problemsOf('RUN <<A <<B\nA\n')).toEqual(['!unterminated-heredoc "<<B"']);
  });

  test.each([
    ['FROM Node:12', ['!invalid-image-reference "Node:12" -> node:12']],
    ['FROM node:', ['!invalid-image-reference "node:"']],
    ['FROM ""', ['!invalid-image-reference """"']],
    ['FROM ${BLANK} AS foo', ['!invalid-image-reference "${BLANK}"']],
    ['FROM node:$VERSION', ['!invalid-image-reference "node:$VERSION"']],
    ['ARG VERSION\nFROM node:$VERSION', []],
    ['FROM reg:5000/a/b:1@sha256:abc', ['!invalid-image-reference "reg:5000/a/b:1@sha256:abc"']],
    ['FROM scratch', []],
    ['FROM a AS Base\nFROM BASE', []],
    ['FROM a AS 1st', ['!invalid-value "1st"']],
    ['FROM a AS scratch', []],
    ['FROM --platform=linux/amd64 a', []],
    ['FROM --platform=$BUILDPLATFORM a', []],
    ['FROM --platform=$BULIDPLATFORM a', ['!invalid-flag-value "$BULIDPLATFORM"']],
    ['FROM --platform=amd46 a', ['!invalid-flag-value "amd46" -> amd64']],
    ['FROM --platform=linux//v7 a', ['!invalid-flag-value "linux//v7"']],
    ['RUN a\nFROM b', ['!misplaced-instruction "RUN"']],
    ['RUN a\nRUN b', ['!misplaced-instruction "RUN"']],
    ['ARG a', ['!no-instructions "ARG"']],
    ['# note\n', ['!no-instructions "#"']],
    ['', ['!no-instructions ""']],
    ['\n \n', ['!no-instructions "\n"']],
  ])('the file as a whole: %j', (text, expected) => {
    expect(problems(text)).toEqual(expected);
  });

  test.each([
    ['ENV A=${B', ['!invalid-expansion "${B"']],
    ['ENV A=x${B^^}y', ['!invalid-expansion "${B^^}"']],
    ['ENV A=${B:-${C,}}', ['!invalid-expansion "${C,}"']],
    ['ENV A=${B#\\x}', ['!invalid-expansion "${B#\\x}"']],
    ['ENV A=${B:-x} C=${D##*/} E=${F/a/b}', []],
    ["USER it's", ['!invalid-expansion "\'"']],
    ['RUN echo ${B^^}', []],
    ['CMD echo ${B', []],
    ["COPY <<EOF /x\nit's ${A^^}\nEOF", ['!invalid-expansion "${A^^}"']],
    ["COPY <<'EOF' /x\n${A^^}\nEOF", []],
    ["COPY <<EOF /x\nit's $A\nEOF", []],
    ['LABEL a="b', ['!invalid-expansion """']],
  ])('expansion: %j', (instruction, expected) => {
    expect(problemsOf(instruction)).toEqual(expected);
  });

  test('messages are sentences without a full stop, and one cause is one problem', () => {
    const text = 'RUN\nFROM A B C\nCOYP --x\nCOPY --frm=a\nENV A=${\nCMD [a,]\nHEALTHCHECK --interval=x\n';
    const all = read(text).problems;
    expect(all.length).toBeGreaterThan(7);
    for (const problem of all) {
      expect(problem.message).not.toMatch(/\.$/);
      expect(problem.help ?? '').not.toMatch(/[^.]\.$/);
    }
    expect(problemsOf('COYP --form=a')).toEqual(['!unknown-instruction "COYP" -> COPY']);
  });
});

describe('shellText', () => {
  const cases: [string, string, string][] = [
    ['plain', 'a && b', 'a && b'],
    [
      'a comment and a blank line between',
      'a \\\n  # c\n\n  && b',
      'a \\\n       \n  && b'.replace('\n       \n', '\n       '),
    ],
    ['blanks behind the escape, CRLF', 'a \\ \t\r\nb', 'a    \\\nb'],
    ['a hash that is no comment', 'a #b \\\n c', 'a #b \\\n c'],
  ];
  test.each(cases)('%s', (_, command, expected) => {
    const document = read(`FROM busybox\nRUN ${command}\n`);
    const run = only(document, 'RUN');
    if (run.command.form !== 'shell') throw new Error('no shell form');
    const text = shellText(document.source, run.command.span, document.escape, run.heredocs);
    expect(text).toHaveLength(run.command.span.end - run.command.span.start);
    expect(text).toBe(expected);
  });

  test('a backtick becomes the shell’s backslash', () => {
    const document = read('# escape=`\nFROM busybox\nRUN a ` \r\n  b\n');
    const run = only(document, 'RUN');
    expect(shellText(document.source, run.command.span, document.escape)).toBe('a   \\\n  b');
  });

  test('bodies of heredocs stay, but for carriage returns', () => {
    const document = read('FROM busybox\r\nRUN <<EOF\r\n# c\r\n\r\na \\\r\nb\r\nEOF\r\n');
    const run = only(document, 'RUN');
    const heredoc = run.heredocs[0];
    expect(heredoc && shellText(document.source, heredoc.body, document.escape, run.heredocs)).toBe(
      '# c \n \na \\ \nb \n',
    );
    const through = { start: run.command.span.start, end: run.span.end };
    expect(shellText(document.source, through, document.escape, run.heredocs)).toBe('<<EOF \n# c \n \na \\ \nb \nEOF');
  });
});

describe('expandWord', () => {
  const lookup: Lookup = (name) => (name === 'UNKNOWN' ? null : { A: 'a', EMPTY: '', SPACES: 'x y' }[name]);
  const value = (text: string) => {
    const result = expandWord(text, lookup, { escape: '\\' });
    return result.ok ? result.value : { error: result.message };
  };
  test.each([
    ['$UNKNOWN', null],
    ['x${UNKNOWN}y', null],
    ['${UNKNOWN:-b}', null],
    ['${A:-$UNKNOWN}', 'a'],
    ['${NONE:-$UNKNOWN}', null],
    ['${NONE:+$UNKNOWN}', ''],
    ['${A:+$UNKNOWN}', null],
    ['${UNKNOWN:+}', ''],
    ['${UNKNOWN+b}', 'b'],
    ['${UNKNOWN:?x}', null],
    ['${UNKNOWN#x}', null],
    ["'$UNKNOWN'", '$UNKNOWN'],
  ])('of unknown values: %s', (text, expected) => {
    expect(value(text)).toBe(expected);
  });

  test('tells what it looked up', () => {
    expect(expandWord('$A$NONE${A}', lookup, { escape: '\\' })).toMatchObject({ matched: ['A'], unmatched: ['NONE'] });
  });

  test('splits what is not in quotes', () => {
    expect(expandWords('$SPACES "$SPACES"', lookup, { escape: '\\' })).toEqual({ ok: true, words: ['x', 'y', 'x y'] });
    expect(expandWords('$UNKNOWN', lookup, { escape: '\\' })).toEqual({ ok: true, words: null });
  });

  test('the escape character may be the backtick', () => {
    expect(expandWord('`$A C:\\x', lookup, { escape: '`' })).toMatchObject({ value: '$A C:\\x' });
  });

  test('a pattern that an engine of regular expressions chokes on is no trouble', () => {
    const started = performance.now();
    const long = 'a'.repeat(5000);
    expandWord('${X%%*a*a*a*a*a*a*a*a*a*b}', () => long, { escape: '\\' });
    expandWord('${X//*a*a*a*a*b/c}', () => long, { escape: '\\' });
    expandWord('${A:-'.repeat(10_000), () => null, { escape: '\\' });
    const longer = expandWord('${X//a/$X$X}', () => 'a'.repeat(10_000), { escape: '\\' });
    expect(longer).toMatchObject({ ok: true, value: null });
    expect(expandWord(`\${X//a/${'b'.repeat(1_000_000)}}`, () => 'a'.repeat(1000), { escape: '\\' })).toMatchObject({
      value: null,
    });
    expect(performance.now() - started).toBeLessThan(2000);
  });
});

describe('parseImageReference', () => {
  const digest = `sha256:${'0123456789abcdef'.repeat(4)}`;
  test.each([
    ['ubuntu:14.04', 'docker.io', 'library/ubuntu', 'ubuntu', '14.04', null],
    ['library/ubuntu', 'docker.io', 'library/ubuntu', 'ubuntu', null, null],
    ['docker.io/ubuntu', 'docker.io', 'library/ubuntu', 'ubuntu', null, null],
    ['index.docker.io/a/b', 'docker.io', 'a/b', 'a/b', null, null],
    ['localhost/a', 'localhost', 'a', 'localhost/a', null, null],
    ['reg:5000/a/b:1', 'reg:5000', 'a/b', 'reg:5000/a/b', '1', null],
    [`reg:5000/a/b:1@${digest}`, 'reg:5000', 'a/b', 'reg:5000/a/b', '1', digest],
    [`a@${digest}`, 'docker.io', 'library/a', 'a', null, digest],
    ['ghcr.example/a__b/c-d.e', 'ghcr.example', 'a__b/c-d.e', 'ghcr.example/a__b/c-d.e', null, null],
    ['[::1]:5000/a', '[::1]:5000', 'a', '[::1]:5000/a', null, null],
    ['Reg/a', 'Reg', 'a', 'Reg/a', null, null],
  ])('%s', (text, registry, repository, familiarName, tag, imageDigest) => {
    expect(parseImageReference(text)).toEqual({
      ok: true,
      value: { registry, repository, name: `${registry}/${repository}`, familiarName, tag, digest: imageDigest },
    });
  });

  test.each([
    '',
    'a b',
    'A',
    'a:',
    'a::b',
    'a:b:c',
    'a/',
    '/a',
    'a//b',
    'a@',
    'a@sha256:123',
    `a@md5:${'0'.repeat(32)}`,
    'a..b',
    '-a',
    `a:${'x'.repeat(129)}`,
    '0'.repeat(64),
    'http://a/b',
    `a/${'b'.repeat(255)}`,
  ])('refuses %j', (text) => {
    expect(parseImageReference(text).ok).toBe(false);
  });
});

test('durations are those of Go', () => {
  expect(parseDuration('1h2m3.5s')).toBe(3_723_500_000_000);
  expect(parseDuration('0')).toBe(0);
  expect(parseDuration('-1ms')).toBe(-1e6);
  for (const bad of ['', '1', 's', '1 s', '1d', '1.s.']) expect(parseDuration(bad)).toBeNull();
});

test('platforms are those of containerd', () => {
  for (const good of ['linux', 'amd64', 'linux/arm/v7', 'windows(10.0.17763)/amd64', 'x86_64', 'foo/bar']) {
    expect(checkPlatform(good)).toEqual({ ok: true });
  }
  for (const bad of ['', 'linux/', 'foo', 'a/b/c/d']) expect(checkPlatform(bad).ok).toBe(false);
});
