import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseExec } from '../src/shell/exec.js';
import { optionAt, parseScript } from '../src/shell/parse.js';
import { detectShebang, detectShell } from '../src/shell/shells.js';
import type { Command, CommandFlag, Script } from '../src/shell/types.js';

const corpus = fileURLToPath(new URL('../../shared/corpus/', import.meta.url));
const hasCorpus = existsSync(corpus);
if (!hasCorpus) console.warn('skipped: ../shared/corpus is not there');

/** Texts do not begin at 0 in these tests, so that a span without the offset is seen. */
const OFFSET = 100;

function read(text: string, joined = true): Script {
  return parseScript({ text, offset: OFFSET }, 'bash', { joined });
}

/** `wrapper > name (subcommand) -flag=value | operand operand`. */
function render(command: Command): string {
  const wrappers = command.wrappers.map((wrapper) => `${[wrapper.name, ...wrapper.flags.map(renderFlag)].join(' ')} >`);
  const name = command.name || (command.nameWord ? '?' : '-');
  const subcommand = command.subcommand === null ? [] : [`(${command.subcommand})`];
  const operands = command.operands.length > 0 ? ['|', ...command.operands.map((word) => word.value)] : [];
  return [...wrappers, name, ...subcommand, ...command.flags.map(renderFlag), ...operands].join(' ');
}

function renderFlag(flag: CommandFlag): string {
  return flag.name + (flag.value === null ? '' : `=${flag.value}`);
}

function slice(text: string, span: { start: number; end: number }): string {
  return text.slice(span.start - OFFSET, span.end - OFFSET);
}

function expectSpans(text: string, script: Script, joined: boolean): void {
  const plain = (part: string) => (joined ? part.replaceAll('\\\n', '') : part);
  for (const command of script.commands) {
    expect(command.span.start).toBeGreaterThanOrEqual(OFFSET);
    expect(command.span.end).toBeLessThanOrEqual(OFFSET + text.length);
    for (const word of [...command.words, ...command.operands]) {
      expect(plain(slice(text, word.span))).toBe(word.text);
      expect(word.span.end).toBeGreaterThan(word.span.start);
    }
    for (const flag of command.flags) expect(slice(text, flag.span)).toContain(slice(text, flag.word.span));
  }
}

const CASES: readonly (readonly [script: string, ...commands: readonly string[]])[] = [
  // Lists, pipes and separators.
  ['npm ci', 'npm (ci)'],
  ['npm ci && npm test', 'npm (ci)', 'npm (test)'],
  ['a; b', 'a', 'b'],
  ['a & b', 'a', 'b'],
  ['a || b', 'a', 'b'],
  ['a | b |& c', 'a', 'b', 'c'],
  ['! a', 'a'],
  ['a;', 'a'],
  ['', ...[]],
  ['   ', ...[]],
  ['# only a comment', ...[]],
  // Quotes and escapes.
  ['echo \'a b\' c\\ d "e f"', 'echo | a b c d e f'],
  ['ec"h"o x', 'echo | x'],
  ['\'npm\' "ci"', 'npm (ci)'],
  ["echo $'a\\tb'", 'echo | a\tb'],
  ['/usr/bin/apt-get update', 'apt-get (update)'],
  ['"$HOME"/bin/x y', '? | y'],
  ['~/.cargo/bin/cargo build', 'cargo (build)'],
  // Continuations and comments of an instruction.
  [
    'apt-get update \\\n && apt-get install -y \\\n   curl \\\n   git',
    'apt-get (update)',
    'apt-get (install) -y | curl git',
  ],
  ['ap\\\nt-get upd\\\nate', 'apt-get (update)'],
  ['a &\\\n& b', 'a', 'b'],
  ['a # comment && \\\n b', 'a'],
  ['echo \'# no\' "# no" a#no $# \\\n x # yes \\\n y', 'echo | # no # no a#no $# x'],
  ["echo 'a\\\nb'", 'echo | ab'],
  // Compound commands.
  ['if a; then b; elif c; then d; else e; fi', 'a', 'b', 'c', 'd', 'e'],
  ['for x in 1 2; do a $x; done', 'a | $x'],
  ['while a; do b; done; until c; do d; done', 'a', 'b', 'c', 'd'],
  ['case $x in a|b) c ;; *) d ;; esac', 'c', 'd'],
  ['f() { a; }; function g { b; }', 'a', 'b'],
  ['(a; b) && { c; d; }', 'a', 'b', 'c', 'd'],
  ['[ -f x ] && a', '[ -f | x ]', 'a'],
  ['[[ -f $x && y == z ]] || a', '[[ | $x y z', 'a'],
  ['(( x > 1 )) && a', 'a'],
  // Substitutions.
  ['echo $(a b)', 'echo | $(a b)', 'a | b'],
  ['echo "x $(a "$(b)")"', 'echo | x $(a "$(b)")', 'a | $(b)', 'b'],
  ['echo `a \\`b c\\``', 'echo | `a \\`b c\\``', 'a | `b c`', 'b | c'],
  ['diff <(a) >(b)', 'diff | <(a) >(b)', 'a', 'b'],
  ['X=$(a) b', 'b', 'a'],
  ['echo ${X:-$(a)}', 'echo | ${X:-$(a)}', 'a'],
  ['echo $((1 + $(a)))', 'echo | $((1 + $(a)))', 'a'],
  ['for x in $(a); do b; done', 'a', 'b'],
  ['case $(a) in x) b ;; esac', 'a', 'b'],
  ["echo '$(a)'", 'echo | $(a)'],
  ['a > "$(b)"', 'a', 'b'],
  ['{ a; } > $(b)', 'a', 'b'],
  // Wrappers.
  ['sudo apt-get update', 'sudo > apt-get (update)'],
  ['sudo -E -u root X=1 apt-get update', 'sudo -E -u=root > apt-get (update)'],
  ['env -u C A=b npm ci', 'env -u=C > npm (ci)'],
  ['env -i A=b npm ci', 'env -i > npm (ci)'],
  ["env -S 'node x'", 'env -S=node x > node | x'],
  ['exec npm start', 'exec > npm (start)'],
  ['exec "$@"', 'exec > ?'],
  ['exec 3>&1', 'exec'],
  ['time -p npm ci', 'time > npm (ci)'],
  ['nice -n 5 npm ci', 'nice -n=5 > npm (ci)'],
  ['find . | xargs -0 -n1 rm -rf', 'find | .', 'xargs -0 -n=1 > rm -r -f'],
  ['command npm ci', 'command > npm (ci)'],
  ['command -v npm', 'command -v | npm'],
  ['nohup npm start &', 'nohup > npm (start)'],
  ['timeout -s KILL 5 npm ci', 'timeout -s=KILL > npm (ci)'],
  ['gosu user npm ci', 'gosu > npm (ci)'],
  ['su-exec user:group npm ci', 'su-exec > npm (ci)'],
  ['tini -g -- dumb-init node a.js', 'tini -g > dumb-init > node | a.js'],
  ['chroot --userspec=x /mnt apt-get update', 'chroot --userspec=x > apt-get (update)'],
  ['busybox wget x', 'busybox > wget | x'],
  ['sudo -i', 'sudo -i'],
  ['env', 'env'],
  ['env A=b', 'env | A=b'],
  ['flock -n /l npm ci', 'flock -n > npm (ci)'],
  ["flock /l -c 'npm ci'", 'flock > npm (ci)'],
  ['runuser -u node -- npm ci', 'runuser -u=node > npm (ci)'],
  ["runuser -l node -c 'npm ci'", 'runuser -l > npm (ci)'],
  ['python3 -m pip install x', 'python3 -m=pip > pip (install) | x'],
  ['python -m http.server 80', 'python -m=http.server | 80'],
  ['corepack yarn@1.22.19 install', 'corepack > yarn (install)'],
  ['corepack enable', 'corepack (enable)'],
  ['npx -y serve@14 -l 3000', 'npx -y > serve -l | 3000'],
  ['npx @scope/tool@1 x', 'npx > @scope/tool | x'],
  ['pnpm dlx serve', 'pnpm > serve'],
  ['bundle exec rails s', 'bundle > rails | s'],
  ['poetry run pip install x', 'poetry > pip (install) | x'],
  // Inner scripts.
  ["sh -c 'a && b'", 'sh -c > a', 'sh -c > b'],
  ['bash -lc "npm ci"', 'bash -l -c > npm (ci)'],
  ['bash -euxo pipefail -c "a | b"', 'bash -e -u -x -o=pipefail -c > a', 'bash -e -u -x -o=pipefail -c > b'],
  ['bash -c "echo \\"a b\\" && c"', 'bash -c > echo | a b', 'bash -c > c'],
  ['sh -c "a $X $(b)"', 'sh -c > a | $X $(b)', 'b'],
  ['sh -c "$CMD"', 'sh -c | $CMD'],
  ["sh -c ''", 'sh -c | '],
  ['sudo sh -c \'a; sh -c "b"\'', 'sudo > sh -c > a', 'sudo > sh -c > sh -c > b'],
  ["su -c 'a b'", 'su -c=a b > a | b'],
  ["su - user -c 'a'", 'su - -c=a > a'],
  ['su user -c "a"', 'su -c=a > a'],
  ['su user', 'su | user'],
  ["eval 'a && b'", 'eval > a', 'eval > b'],
  ['eval a b', 'eval > a | b'],
  ['eval "$(ssh-agent -s)"', 'eval | $(ssh-agent -s)', 'ssh-agent -s'],
  ['curl x | sh -s -- -y', 'curl | x', 'sh -s | -y'],
  ['bash ./run.sh -x', 'bash | ./run.sh -x'],
];

describe('parseScript', () => {
  it.each(CASES)('%j', (text, ...commands) => {
    const script = read(text);
    expect(script.commands.map(render)).toEqual(commands);
    expectSpans(text, script, true);
    expect(script.errors).toEqual([]);
  });

  it('gives each word the place that it has in the Dockerfile', () => {
    const text = 'apt-get install -y \\\n  cu\\\nrl=1 \'g it\' -o "A b"';
    const [command] = read(text).commands;
    expect(command?.words.map((word) => [word.value, slice(text, word.span)])).toEqual([
      ['apt-get', 'apt-get'],
      ['install', 'install'],
      ['-y', '-y'],
      ['curl=1', 'cu\\\nrl=1'],
      ['g it', "'g it'"],
      ['-o', '-o'],
      ['A b', '"A b"'],
    ]);
    expect(command?.flags.map((flag) => slice(text, flag.span))).toEqual(['-y', '-o "A b"']);
    expect(slice(text, command?.span ?? { start: 0, end: 0 })).toBe(text);
    expect(slice(text, command?.subcommandWord?.span ?? { start: 0, end: 0 })).toBe('install');
  });

  it('gives words of inner scripts their place through quotes, escapes and continuations', () => {
    const text = 'sudo bash -c "echo \\"a b\\" && \\\n npm \\$x" && eval  foo   bar';
    const words = read(text).commands.map((command) => command.words.map((word) => slice(text, word.span)));
    expect(words).toEqual([
      ['echo', '\\"a b\\"'],
      ['npm', '\\$x'],
      ['foo', 'bar'],
    ]);
  });

  it('reads a heredoc that is given to a shell as a script of its own', () => {
    const text = "bash -e <<'EOF'\nnpm ci # c \\\nsh <<X\na\nX\nEOF\nb <<EOF\n$(c)\nEOF";
    const script = read(text, false);
    expect(script.commands.map(render)).toEqual(['bash -e > npm (ci)', 'bash -e > sh > a', 'b', 'c']);
    expectSpans(text, script, false);
    expect(script.commands[0]?.nesting).toEqual(['inner-script']);
  });

  it('ends a comment at the line end in a heredoc body, and keeps backslashes in single quotes', () => {
    const text = "a # c \\\nb 'x\\\ny'";
    expect(read(text, false).commands.map(render)).toEqual(['a', 'b | x\\\ny']);
    expect(read(text).commands.map(render)).toEqual(['a']);
  });

  it('leaves the bodies of heredocs after a joined line alone', () => {
    const text = 'cat <<EOF > f \\\n && a\nx \\\n$(b)\nEOF\n';
    const script = read(text);
    expect(script.commands.map(render)).toEqual(['cat', 'a', 'b']);
    expectSpans(text, script, false);
  });

  it('lists commands in the order of the text', () => {
    expect(read('a <<E | b $(c)\n$(d)\nE\n', false).commands.map((command) => command.name)).toEqual([
      'a',
      'b',
      'c',
      'd',
    ]);
    expect(read('a <<E | b $(c)\n$(d)\nE\n', false).pipelines[0]?.members).toEqual([0, 1]);
  });

  it('keeps assignments and redirects apart from words', () => {
    const text = 'A=1 B="$x y" env C=3 cmd >/dev/null 2>&1 <in x';
    const [command] = read(text).commands;
    expect(command?.assignments.map(({ name, value }) => [name, value?.value, value?.literal])).toEqual([
      ['A', '1', true],
      ['B', '$x y', false],
      ['C', '3', true],
    ]);
    expect(
      command?.redirects.map((redirect) => [redirect.descriptor, redirect.operator, redirect.target?.value]),
    ).toEqual([
      [null, '>', '/dev/null'],
      [2, '>&', '1'],
      [null, '<', 'in'],
    ]);
    expect(command?.operands.map((word) => word.value)).toEqual(['x']);
  });

  it.each([
    ['plain', true, []],
    ["'$x*'", true, []],
    ['\\$x', true, []],
    ['$x', false, ['x']],
    ['"a${b:-$c}$b"', false, ['b', 'c']],
    ['*.deb', false, []],
    ['x{a,b}', false, []],
    ['$(y)', false, []],
    ['`y`', false, []],
    ['[', true, []],
    ['$((n + 1))', false, ['n']],
  ] as const)('knows whether %j is literal and which variables it expands', (word, literal, variables) => {
    const found = read(`cmd ${word}`).commands[0]?.operands[0];
    expect([found?.literal, found?.variables]).toEqual([literal, variables]);
  });

  it('knows how commands are joined', () => {
    const { commands } = read('a && b || c | d; e &');
    expect(commands.map(({ name, previous, next }) => [name, previous, next])).toEqual([
      ['a', null, '&&'],
      ['b', '&&', '||'],
      ['c', '||', '|'],
      ['d', '|', ';'],
      ['e', ';', '&'],
    ]);
  });

  it.each([
    ['a && b', []],
    ['a || b && c', ['b']],
    ['if a; then b; elif c; then d; fi', ['b', 'c', 'd']],
    ['while a; do b; done', ['b']],
    ['f() { a; }; b', ['a']],
    ['(a) && { b; }', []],
    ['[ x ] && a; b', ['a']],
    ['[ x ] && a', []],
    ['a || { b; c $(d); }', ['b', 'c', 'd']],
    ["a || sh -c 'b'", ['b']],
  ] as const)('knows which commands of %j are conditional', (text, expected) => {
    expect(
      read(text)
        .commands.filter((command) => command.conditional)
        .map((command) => command.name),
    ).toEqual(expected);
  });

  it.each([
    ['if a; then b; fi', [['if-condition'], ['if-body']]],
    ['while a; do b; done', [['loop-condition'], ['loop-body']]],
    ['( { a; } )', [['subshell', 'group']]],
    ['f() { a; }', [['function', 'group']]],
    ['case x in y) a $(b);; esac', [['case'], ['case', 'substitution']]],
    ["cat <(sh -c 'a')", [[], ['process-substitution', 'inner-script']]],
  ] as const)('knows what the commands of %j are nested in', (text, expected) => {
    expect(read(text).commands.map((command) => command.nesting)).toEqual(expected);
  });

  it.each([
    ['a | b', false],
    ['a | b || true', true],
    ['a | b && c || d', true],
    ['c || a | b', false],
    ['! a | b', true],
    ['if a | b; then c; fi', true],
    ['echo $(a | b)', true],
    ['X=$(a | b)', false],
    ['a | b &', true],
    ["sh -c 'a | b' || true", true],
  ] as const)('knows whether the status of the pipeline in %j is used', (text, unused) => {
    const { pipelines } = read(text);
    expect(pipelines.map((pipeline) => pipeline.statusUnused)).toEqual([unused]);
  });

  it('gives members and bars of pipelines', () => {
    const text = 'x; a | { b; } |& c # |';
    const { pipelines, commands } = read(text);
    expect(pipelines).toHaveLength(1);
    expect(pipelines[0]?.members.map((member) => commands[member]?.name ?? null)).toEqual(['a', null, 'c']);
    expect(pipelines[0]?.pipes.map((pipe) => slice(text, pipe))).toEqual(['|', '|&']);
    expect(slice(text, pipelines[0]?.span ?? { start: 0, end: 0 })).toBe('a | { b; } |& c');
    expect(commands.map((command) => command.pipeline)).toEqual([-1, 0, -1, 0]);
  });

  it('knows the options of the shell and where they hold', () => {
    const text = "set -euxo pipefail; a; set +e; b; (set -f; c); shopt -s globstar; bash -o errexit -c 'd'; e";
    const script = read(text);
    expect(script.options.map(({ name, on }) => (on ? '' : '!') + name)).toEqual([
      'errexit',
      'nounset',
      'xtrace',
      'pipefail',
      '!errexit',
      'noglob',
      'globstar',
      'errexit',
    ]);
    const at = (name: string) => script.commands.find((command) => command.name === name)?.span.start ?? 0;
    expect(['a', 'b', 'd', 'e'].map((name) => optionAt(script, 'errexit', at(name)))).toEqual([
      true,
      false,
      true,
      false,
    ]);
    expect(['b', 'c', 'e'].map((name) => optionAt(script, 'noglob', at(name)))).toEqual([null, true, null]);
    expect(optionAt(script, 'pipefail', OFFSET)).toBeNull();
  });

  it('knows which names are assigned', () => {
    const text = 'A=1; export B=2 C; D=4 cmd; for E in 1; do read -r F; done; G=(1 2); printf -v H x';
    expect([...read(text).assigned].sort()).toEqual(['A', 'B', 'C', 'E', 'F', 'G', 'H']);
  });

  it('says where it lost its way, and gives the commands before', () => {
    const script = read('npm ci; if a; then b');
    expect(script.commands.map(render)).toEqual(['npm (ci)', 'a', 'b']);
    expect(script.errors[0]?.message).toContain('fi');
    expect(script.errors[0]?.span.end).toBeGreaterThan(script.errors[0]?.span.start ?? 0);
  });
});

describe('parseExec', () => {
  function exec(values: readonly string[]): readonly Command[] {
    let at = OFFSET + 1;
    return parseExec(
      values.map((value) => {
        const start = at;
        at += JSON.stringify(value).length + 2;
        return { value, span: { start, end: at - 2 } };
      }),
    );
  }

  it.each([
    [['npm', 'start'], ['npm (start)']],
    [['tini', '--', 'node', '--inspect', 'a.js', '--x'], ['tini > node --inspect | a.js --x']],
    [
      ['sh', '-c', 'a "$X" && b'],
      ['sh -c > a | $X', 'sh -c > b'],
    ],
    [['/bin/bash', '-lc', 'exec npm start'], ['bash -l -c > exec > npm (start)']],
    [['node', '$X'], ['node | $X']],
    [['sh', '-c', ''], ['sh -c | ']],
    [['powershell', '-Command', 'a; b'], ['powershell -Command | a; b']],
    [[], []],
  ] as const)('%j', (values, expected) => {
    expect(exec(values).map(render)).toEqual(expected);
  });

  it('gives exact places in a string without escapes, and the whole string otherwise', () => {
    const text = '["sh", "-c", "npm start && a"]';
    const spanOf = (value: string) => {
      const start = text.indexOf(`"${value}"`) + OFFSET;
      return { start, end: start + value.length + 2 };
    };
    const values = ['sh', '-c', 'npm start && a'];
    const commands = parseExec(values.map((value) => ({ value, span: spanOf(value) })));
    expect(commands.map((command) => slice(text, command.span))).toEqual(['npm start', 'a']);
    const [escaped] = exec(['sh', '-c', 'npm "start"']);
    expect(escaped?.span).toEqual({ start: OFFSET + 13, end: OFFSET + 28 });
    expect(escaped?.operands).toEqual([]);
  });

  it('expands nothing: words are literal', () => {
    expect(exec(['node', '$X', '*'])[0]?.operands.map((word) => word.literal)).toEqual([true, true]);
  });
});

describe('detectShell and detectShebang', () => {
  it.each([
    [['/bin/bash', '-eo', 'pipefail', '-c'], 'bash', null, ['errexit', 'pipefail']],
    [['/bin/ash', '-o', 'pipefail', '-c'], 'ash', null, ['pipefail']],
    [['/bin/sh', '-c'], 'sh', null, []],
    [['BASH.EXE', '-c'], 'bash', null, []],
    [['/usr/bin/env', 'bash', '-e', '-c'], 'bash', null, ['errexit']],
    [['busybox', 'sh', '-c'], 'sh', null, []],
    [['powershell', '-Command', '$x'], null, 'powershell', []],
    [['pwsh', '-Command'], null, 'powershell', []],
    [['C:\\Windows\\System32\\cmd.exe', '/S', '/C'], null, 'cmd', []],
    [['python3', '-c'], null, 'other', []],
    [[], null, null, []],
  ] as const)('%j', (argv, dialect, foreign, options) => {
    const shell = detectShell(argv);
    expect([shell.dialect, shell.foreign, [...shell.options]]).toEqual([dialect, foreign, options]);
  });

  it.each([
    ['#!/bin/sh', 'sh', null, []],
    ['#! /bin/bash -eu\r', 'bash', null, ['errexit']],
    ['#!/usr/bin/env -S bash -e', 'bash', null, ['errexit']],
    ['#!/usr/bin/env python3', null, 'other', []],
  ] as const)('%j', (line, dialect, foreign, options) => {
    const shell = detectShebang(line);
    expect([shell?.dialect, shell?.foreign, [...(shell?.options ?? [])]]).toEqual([dialect, foreign, options]);
  });

  it('takes a line without #! for no interpreter', () => {
    expect(detectShebang('set -e')).toBeNull();
  });
});

describe('bad and big input', () => {
  const deep = 10_000;
  it.each([
    ['nested parentheses', `${'('.repeat(deep)}a${')'.repeat(deep)}`],
    ['nested subshells', `${'( '.repeat(deep)}a${' )'.repeat(deep)}`],
    ['nested substitutions', `${'$('.repeat(deep)}a${')'.repeat(deep)}`],
    ['nested substitutions in quotes', '"$('.repeat(deep)],
    ['nested arithmetic', `echo ${'$(('.repeat(deep)}`],
    ['nested expansions', `echo ${'${a:-'.repeat(deep)}`],
    ['nested conditions', 'if a; then '.repeat(deep)],
    ['functions of functions', 'f() '.repeat(deep * 10)],
    ['wrappers of wrappers', `${'sudo '.repeat(deep)}a`],
    ['heredocs', `cat ${'<<A '.repeat(deep)}`],
    ['quotes', '\'"`'.repeat(deep)],
    ['one long word', 'x'.repeat(5_000_000)],
  ])('reads %s in bounded time and stack', (_name, text) => {
    const started = performance.now();
    expect(() => read(text)).not.toThrow();
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  // How its time grows is a matter of `npm run bench`; were it quadratic, the test would never end.
  it('reads 100,000 commands', () => {
    expect(read(`${'npm ci && \\\n'.repeat(100_000)}a`).commands).toHaveLength(100_001);
  });

  it('cuts the end of an unclosed word to the text', () => {
    const text = '${x`\\';
    expect(read(text, false).commands[0]?.span.end).toBe(OFFSET + text.length);
  });

  it('never throws, and keeps every span inside the text', () => {
    const token = fc.constantFrom(
      ...[
        'a',
        ' ',
        '\n',
        '\\\n',
        '$(',
        ')',
        '"',
        "'",
        '`',
        '${x',
        '}',
        '|',
        '&&',
        ';',
        '<<E',
        'E\n',
        '#',
        '\\',
        'sh -c ',
        'if ',
        'then ',
        'fi',
        '{ ',
        '((',
        '[[ ',
        '=',
        '>',
        '\u{1f600}',
        '\0',
        'eval ',
        'npm i ',
      ],
    );
    fc.assert(
      fc.property(fc.array(token, { maxLength: 40 }), fc.boolean(), (tokens, joined) => {
        const text = tokens.join('');
        const script = read(text, joined);
        const spans = [
          ...script.commands.flatMap((command) => [
            command.span,
            ...command.words.map((word) => word.span),
            ...command.flags.map((flag) => flag.span),
            ...command.redirects.map((redirect) => redirect.span),
            ...command.assignments.map((assignment) => assignment.span),
          ]),
          ...script.pipelines.flatMap((pipeline) => [pipeline.span, ...pipeline.pipes]),
          ...script.options.map((option) => option.span),
          ...script.errors.map((error) => error.span),
        ];
        for (const { start, end } of spans) {
          expect(start).toBeGreaterThanOrEqual(OFFSET);
          expect(end).toBeLessThanOrEqual(OFFSET + text.length);
          expect(end).toBeGreaterThanOrEqual(start);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

/**
 * The shell form RUN instructions of a Dockerfile, masked, without those that have a heredoc. Comment lines and blank
 * lines between continued lines are blanks.
 */
function runScripts(text: string): readonly { readonly text: string; readonly offset: number }[] {
  const scripts: { text: string; offset: number }[] = [];
  const escapes = /^#\s*escape\s*=\s*`/i.test(text) ? '`' : '\\';
  const lines = text.split(/(?<=\n)/);
  let offset = 0;
  let masked: string | null = null;
  let start = 0;
  for (const line of lines) {
    const lineStart = offset;
    offset += line.length;
    let body = line;
    if (masked === null) {
      const keyword = /^\s*RUN\s+(?:--\S+\s+)*/i.exec(line)?.[0];
      if (keyword === undefined) continue;
      start = lineStart + keyword.length;
      masked = '';
      body = line.slice(keyword.length);
    } else if (/^\s*(?:#|$)/.test(line)) {
      masked += ' '.repeat(line.length);
      continue;
    }
    const code = body.trimEnd();
    if (code.endsWith(escapes) && !code.endsWith(escapes + escapes) && body.endsWith('\n')) {
      masked += `${code.slice(0, -1)}${' '.repeat(body.length - code.length - 1)}\\\n`;
      continue;
    }
    masked += code;
    if (!masked.includes('<<') && !masked.startsWith('[')) scripts.push({ text: masked, offset: start });
    masked = null;
  }
  return scripts;
}

describe.skipIf(!hasCorpus)('every RUN of the corpus', () => {
  const files = hasCorpus ? readdirSync(corpus).filter((name) => name.endsWith('ockerfile')) : [];
  const scripts = files.flatMap((name) => runScripts(readFileSync(corpus + name, 'utf8')));

  it('has places that hold the text of the words', () => {
    expect(scripts.length).toBeGreaterThan(2000);
    let commands = 0;
    for (const source of scripts) {
      const script = parseScript(source, 'sh', { joined: true });
      commands += script.commands.length;
      for (const command of script.commands) {
        expect(command.span.start).toBeGreaterThanOrEqual(source.offset);
        expect(command.span.end).toBeLessThanOrEqual(source.offset + source.text.length);
        for (const word of command.words) {
          const text = source.text.slice(word.span.start - source.offset, word.span.end - source.offset);
          expect(text.replaceAll('\\\n', '')).toBe(word.text);
        }
      }
    }
    expect(commands).toBeGreaterThan(7000);
  });

  it('is shell to the parser unless it is PowerShell or a template', () => {
    const foreign =
      /c:\\|\$env:|Get-|Set-|Add-|New-|Invoke-|Write-|Remove-|Test-Path|-eq|Function |iex |foreach|setx|\$url|<%|New-Object|nuget|XmlTransform|solr\.cmd|MinGit|Install-|\$newPath|\$LASTEXITCODE/i;
    const wrong = scripts.filter(
      (source) => parseScript(source, 'sh', { joined: true }).errors.length > 0 && !foreign.test(source.text),
    );
    expect(wrong.map((source) => source.text)).toEqual([]);
  });
});
