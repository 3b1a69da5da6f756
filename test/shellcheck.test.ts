import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { corpusFolder, corpusText, hasShared, readHadolintCases } from '../scripts/hadolint/compare.js';
import { readDifferences } from '../scripts/hadolint/differences.js';
import { compareShellcheck, remarksOf, startOf, wasmEngine } from '../scripts/hadolint/shellcheck.js';
import { parse } from '../src/dockerfile/parse.js';
import { analyse } from '../src/facts/analyse.js';
import { createSource, locate } from '../src/model/source.js';
import { openNative } from '../src/shellcheck/native.js';
import { isPlain } from '../src/shellcheck/plain.js';
import type { Engine, Remark } from '../src/shellcheck/types.js';
import { openWasm } from '../src/shellcheck/wasm.js';
import { type CliSetup, plimsoll } from './support/cli.js';

const skipped = hasShared ? '' : ' (skipped: no ../shared)';
const wasm = wasmEngine();
afterAll(() => wasm.close());

/** What ShellCheck itself says of a Dockerfile, at its place: `line:column-endLine:endColumn code`. */
async function shellcheck(
  text: string,
  preset: 'recommended' | 'hadolint' = 'recommended',
): Promise<readonly string[]> {
  const findings = await findingsOf(text, preset);
  return findings.map(({ at, rule }) => {
    const start = locate(at.file, at.span.start);
    const end = locate(at.file, at.span.end);
    return `${start.line}:${start.column}-${end.line}:${end.column} ${rule.slice('shellcheck/'.length)}`;
  });
}

async function findingsOf(text: string, preset: 'recommended' | 'hadolint' = 'recommended') {
  const pending = startOf(text, preset);
  const known = await remarksOf(
    wasm,
    pending.scripts.map((script) => script.text),
  );
  return pending.finish((script) => known.get(script) ?? null).findings.filter(({ suppressed }) => !suppressed);
}

/** The words that the findings mark. */
async function marked(text: string): Promise<readonly string[]> {
  const findings = await findingsOf(text);
  return findings.map(
    ({ at, rule }) => `${rule.slice('shellcheck/'.length)} ${text.slice(at.span.start, at.span.end)}`,
  );
}

describe('the place of what ShellCheck says', () => {
  it('is the token in the Dockerfile', async () => {
    expect(await shellcheck('FROM debian:13\nRUN echo $A\n')).toEqual(['2:10-2:12 SC2086']);
  });

  it('is exact through continuations, comments and blank lines between them', async () => {
    const text = 'FROM debian:13\nRUN set -x \\\n  # why\n\n  && echo \\\n    $A && \\\n  cd /x; ls $B\n';
    expect(await marked(text)).toEqual(['SC2086 $A', 'SC2164 cd /x', 'SC2086 $B']);
    expect((await shellcheck(text))[0]).toBe('6:5-6:7 SC2086');
  });

  it('is exact in heredocs, whatever runs them', async () => {
    expect(await marked('FROM debian:13\nRUN <<EOF\nset -x\n  echo $A\nEOF\n')).toEqual(['SC2086 $A']);
    expect(await marked('FROM debian:13\nRUN <<-EOF\n\tset -x\n\techo $A\nEOF\n')).toEqual(['SC2086 $A']);
    expect(await marked('FROM debian:13\nRUN bash -x <<EOF && ls $B\necho $A\nEOF\n')).toEqual(['SC2086 $B']);
  });

  it('is exact behind tabs, and behind characters of two code units', async () => {
    expect(await shellcheck('FROM debian:13\nRUN\tls 😀é\t\t$A\n')).toEqual(['2:13-2:15 SC2086']);
    expect(await marked('FROM debian:13\nRUN ls "😀" \\\n\t\t$A\n')).toEqual(['SC2086 $A']);
  });

  it('is the same with CRLF, with a BOM and with ` as the escape character', async () => {
    const text = 'FROM debian:13\nRUN set -x && \\\n  echo $A\n';
    expect(await shellcheck(text.replaceAll('\n', '\r\n'))).toEqual(await shellcheck(text));
    expect(await marked('# escape=`\nFROM debian:13\nRUN set -x && `\n  echo $A\n')).toEqual(['SC2086 $A']);
  });

  it('is exact in ONBUILD', async () => {
    expect(await shellcheck('FROM debian:13\nONBUILD RUN echo $A\n')).toEqual(['2:18-2:20 SC2086']);
  });

  it('marks something where ShellCheck names the end of a line, or of the script', async () => {
    for (const script of ['if true; then echo', 'echo "', "echo 'a", 'foo() {', 'case x in', 'echo $(', 'x=(']) {
      const findings = await findingsOf(`FROM debian:13\nRUN ${script}\n`);
      expect(findings.length, script).toBeGreaterThan(0);
      for (const { at } of findings) expect(at.span.end).toBeGreaterThan(at.span.start);
    }
  });
});

describe('what the shell will read', () => {
  it.each([
    ['a backslash at the end of a line is gone, also in single quotes', "RUN sed 's/a/\\\nb/' x\n"],
    ['a comment line between continued lines ends nothing', 'RUN set -x \\\n # it is $A\n && ls\n'],
    ['a `#!` line of a heredoc stands where it should', 'RUN <<EOF\n#!/bin/sh\necho "$A"\nEOF\n'],
    ['ARG and ENV are set', 'ARG a=1\nENV b=2\nRUN echo "$a$b"\n'],
    ['an ARG before FROM counts once it is declared again', 'ARG a\nRUN echo "$a"\n'],
    ['secrets in the environment are set', 'RUN --mount=type=secret,id=x,env=tok echo "$tok"\n'],
    ['build arguments for proxies are set', 'RUN echo "$https_proxy"\n'],
    ['`cd` needs no `|| exit` where the shell stops at errors', 'SHELL ["/bin/sh", "-ec"]\nRUN cd /x; rm "$Y"\n'],
    ['files that are sourced are in the image', 'RUN . /etc/os-release && echo "$ID"\n'],
    ['exec form has no shell', 'RUN ["echo", "$A"]\n'],
    ['ash knows echo -e', 'FROM alpine:3.22\nRUN echo -e "$A"\n'],
    ['bash knows arrays', 'SHELL ["/bin/bash", "-c"]\nRUN a=(1 2); echo "${a[@]}"\n'],
    ['zsh is not read', 'SHELL ["/bin/zsh", "-c"]\nRUN echo $A\n'],
    ['PowerShell is not read', 'SHELL ["pwsh", "-Command"]\nRUN Write-Host $A\n'],
    ['Windows is not read', 'FROM mcr.microsoft.com/windows/servercore:ltsc2022\nRUN dir %A% & echo $A\n'],
    ['paths of Windows on an unknown image', 'FROM acme/iis\nRUN del C:\\build\\x.exe & %windir%\\system32\\x $A\n'],
    ['nobody knows the shell of an unknown image', 'FROM acme/unknown:1\nRUN source "$A" && [[ $A == b ]]\n'],
  ])('%s', async (_, text) => {
    expect(await shellcheck(text.startsWith('FROM') ? text : `FROM debian:13\n${text}`)).toEqual([]);
  });

  it.each([
    ['dash lacks what bash has', 'FROM debian:13\nRUN source x && [[ -n "$A" ]]\n', ['SC3046', 'SC3010']],
    ['an ARG of another stage is not set', 'FROM a:1 AS a\nARG x=1\nFROM debian:13\nRUN echo "$x"\n', ['SC2154']],
    ['a heredoc of bash is bash', 'FROM debian:13\nRUN <<EOF\n#!/bin/bash\na=(1)\necho ${a[@]}\nEOF\n', ['SC2068']],
  ])('%s', async (_, text, codes) => {
    expect((await shellcheck(text)).map((line) => line.split(' ')[1])).toEqual(codes);
  });
});

describe('what is left out', () => {
  it.each([
    ['a `$` for the file that gets the text', "RUN echo 'export PATH=$HOME/bin:$PATH' >> ~/.profile\n", 'SC2016'],
    ['a loop over one key', 'RUN for key in A1; do gpg --recv "$key" || exit; done\n', 'SC2043'],
    ['options that may be none', 'RUN ./configure $(test "$A" = x && echo --with-x)\n', 'SC2046'],
    ['a glob without ./', 'RUN rm -f *.deb\n', 'SC2035'],
    ['find without a path', 'RUN find -type f -delete\n', 'SC2185'],
    ['a program in a folder of its version', 'RUN /opt/*/bin/tool update\n', 'SC2211'],
  ])('%s', async (_, text, code) => {
    const dockerfile = `FROM debian:13\n${text}`;
    expect(await shellcheck(dockerfile)).toEqual([]);
    expect((await shellcheck(dockerfile, 'hadolint')).map((line) => line.split(' ')[1])).toContain(code);
    const { out } = await plimsoll(['--format', 'compact', '--rule', `${code}=info`, '--no-cache'], {
      files: { Dockerfile: dockerfile },
      engines: { native: wasmEngine },
    });
    expect(out).toContain(`[shellcheck/${code}]`);
  });

  it.each([
    ['packages in a variable', 'RUN apt-get install -y --no-install-recommends $buildDeps\n', 'SC2086'],
    ['packages in a variable, in the middle', 'RUN apk add -q $PHPIZE_DEPS git\n', 'SC2086'],
    ['a list that the script itself makes', "RUN p=' a b ' && rpm -V $p\n", 'SC2086'],
    ['a list that grows', 'RUN p="$A" && p+=" b" && foo $p\n', 'SC2086'],
    ['a cd that is the last command', 'RUN ls "$A" && mkdir /x; cd /x\n', 'SC2164'],
    ['a folder by mktemp', 'RUN export D="$(mktemp -d)"; ls "$D"\n', 'SC2155'],
  ])('%s, where quotes or `|| exit` would be of no use', async (_, text, code) => {
    const codes = async (preset: 'recommended' | 'hadolint') =>
      (await shellcheck(`FROM debian:13\nSHELL ["/bin/bash", "-c"]\n${text}`, preset)).map(
        (line) => line.split(' ')[1],
      );
    expect(await codes('recommended')).not.toContain(code);
    expect(await codes('hadolint')).toContain(code);
  });

  it('knows which shells expand backslashes, and is silent where it does not know the shell', async () => {
    const echo = (before: string) => shellcheck(`${before}\nRUN echo "a\\nb" > /x\n`);
    expect((await echo('FROM debian:13\nSHELL ["/bin/bash", "-c"]')).map((line) => line.slice(-6))).toEqual(['SC2028']);
    expect(await echo('FROM debian:13')).toEqual([]);
    expect(await echo('FROM acme/unknown:1')).toEqual([]);
  });

  it('is not as severe where it is advice, but for hadolint', async () => {
    const text = 'FROM debian:13\nRUN a=1; make\n';
    expect((await findingsOf(text)).map(({ severity }) => severity)).toEqual(['info']);
    expect((await findingsOf(text, 'hadolint')).map(({ severity }) => severity)).toEqual(['warning']);
  });
});

describe('its changes as fixes', () => {
  const fixed = async (text: string) => {
    const findings = await findingsOf(text);
    const edits = findings.flatMap(({ fix }) => fix?.edits ?? []).sort((a, b) => b.span.start - a.span.start);
    for (const { fix } of findings) if (fix) expect(fix.kind).toBe('suggestion');
    let result = text;
    for (const { span, text: inserted } of edits)
      result = result.slice(0, span.start) + inserted + result.slice(span.end);
    return result;
  };

  it.each([
    ['RUN echo $A\n', 'RUN echo "$A"\n'],
    ['RUN ls && \\\n  echo $A\\\n  && ls\n', 'RUN ls && \\\n  echo "$A"\\\n  && ls\n'],
    ['RUN cd /x; ls "$A"\n', 'RUN cd /x || exit; ls "$A"\n'],
    ['RUN ls "`basename $A`"\n', 'RUN ls "$(basename "$A")"\n'],
    ['RUN <<EOF\n\techo $A\nEOF\n', 'RUN <<EOF\n\techo "$A"\nEOF\n'],
  ])('%j', async (before, after) => {
    expect(await fixed(`FROM debian:13\n${before}`)).toBe(`FROM debian:13\n${after}`);
    expect(await shellcheck(`FROM debian:13\n${after}`)).toEqual([]);
  });

  it.each([
    ['a variable that may hold several words', 'foo $A'],
    ['an argument that may be none', 'foo $1'],
    ['all arguments', 'foo $*'],
    ['what a command printed', 'x=$(foo); bar $x'],
    ['`! grep`, which does not stop the script', 'set -e; ! grep x y; ls'],
  ])('are not offered for %s', async (_, script) => {
    const findings = await findingsOf(`FROM debian:13\nRUN ${script}\n`);
    expect(findings.length).toBeGreaterThan(0);
    expect(findings.map(({ fix }) => fix)).toEqual(findings.map(() => null));
  });

  it.each([
    ['a part of a word', 'foo /x/$A', 'foo /x/"$A"'],
    ['the variable of a loop', 'for x in "$A" b; do foo $x; done', 'for x in "$A" b; do foo "$x"; done'],
  ])('are offered for %s', async (_, before, after) => {
    expect(await fixed(`FROM debian:13\nRUN ${before}\n`)).toBe(`FROM debian:13\nRUN ${after}\n`);
  });

  it('go around a continuation, and none where it runs through what would be replaced', async () => {
    const fixes = async (script: string) => {
      const findings = await findingsOf(`FROM debian:13\nRUN ${script}\n`);
      return findings.map(({ rule, fix }) => [rule.slice('shellcheck/'.length), fix?.edits.length ?? 0]);
    };
    expect(await fixes('ls "`\\\npwd`"')).toEqual([['SC2006', 2]]);
    // ShellCheck's own changes rarely replace that much: `! -z` by `-n`, of which it no longer speaks by itself.
    const replacing = (script: string) => {
      const pending = startOf(`FROM debian:13\nRUN ${script}\n`, 'recommended');
      const place = { line: 3, column: 3, endLine: 3, endColumn: 7 };
      const remark: Remark = { ...place, code: 2236, level: 'style', message: 'x', fix: [{ ...place, text: '-n' }] };
      return pending.finish(() => [remark]).findings[0]?.fix?.edits.map(({ span }) => span.end - span.start) ?? null;
    };
    expect(replacing('[ ! -z "$X" ]')).toEqual([4]);
    expect(replacing('[ ! \\\n-z "$X" ]')).toBeNull();
  });
});

describe.skipIf(!hasShared)(`the preset hadolint and ShellCheck${skipped}`, () => {
  it('every case of hadolint about ShellCheck is answered as recorded', async () => {
    const cases = readHadolintCases().filter(({ rule }) => rule === 'SC');
    expect(cases).toHaveLength(31);
    const started = cases.map((one) => ({ one, pending: startOf(one.dockerfile, 'hadolint') }));
    const known = await remarksOf(
      wasm,
      started.flatMap(({ pending }) => pending.scripts.map(({ text }) => text)),
    );
    const wrong = started.filter(({ one, pending }) => {
      const { findings } = pending.finish((text) => known.get(text) ?? null);
      return findings.some(({ suppressed }) => !suppressed) !== (one.expect === 'fires');
    });
    expect(wrong.map(({ one }) => one.id)).toEqual([]);
  });

  it('all that hadolint finds in real files with ShellCheck is among ours, but for the differences', async () => {
    const { theirs, ours } = await compareShellcheck(wasm);
    const recorded = readDifferences().flatMap(({ corpus }) => corpus.filter((entry) => /:SC\d+$/.test(entry)));
    expect(theirs.size).toBeGreaterThan(200);
    expect([...theirs].filter((finding) => !ours.has(finding)).sort()).toEqual([...recorded].sort());
  }, 120_000);

  it('no finding is lost by passing over plain scripts', async () => {
    const texts = new Set<string>();
    for (const file of readdirSync(corpusFolder).filter((name) => name.endsWith('.Dockerfile'))) {
      const document = parse(createSource(file, corpusText(file)));
      const options = { target: null, buildArgs: new Map<string, string>(), now: new Date('2026-11-23') };
      const facts = analyse({ document, context: null, options });
      for (const instruction of facts.instructions('RUN'))
        for (const { script } of facts.scriptsOf(instruction))
          if (isPlain(script)) texts.add(`#!/bin/sh\n\n${script.source.text.replaceAll('\\\n', '')}`);
    }
    expect(texts.size).toBeGreaterThan(400);
    const known = await remarksOf(wasm, [...texts]);
    expect([...known].filter(([, remarks]) => remarks.length > 0)).toEqual([]);
  }, 120_000);
});

describe('plain scripts', () => {
  const scriptOf = (text: string) => {
    const document = parse(createSource('Dockerfile', `FROM debian:13\nRUN ${text}\n`));
    const options = { target: null, buildArgs: new Map<string, string>(), now: new Date('2026-11-23') };
    const facts = analyse({ document, context: null, options });
    const [use] = facts.scriptsOf(facts.instructions('RUN')[0] ?? expect.fail());
    return use?.script ?? expect.fail();
  };

  it.each(['apt-get update && apt-get install -y git', 'npm ci', 'mkdir -p /a && \\\n  chmod 755 /a', 'rm -rf /tmp/x'])(
    '%s',
    (text) => expect(isPlain(scriptOf(text))).toBe(true),
  );

  it.each([
    'apt-get install $X',
    'rm -rf /tmp/*',
    'rm -rf /usr',
    'cd /x && ls',
    'npm ci | tee log',
    'A=1 npm ci',
    'npm ci > log',
    'sudo npm ci',
    'npm ci || true',
    '(npm ci)',
    'ln -s /a',
    'mkdir -pm 700 a/b',
    'npm run done',
    'npm ci # comment',
    'npm ci &',
    'npm install "a b"',
    'npm ci –omit',
  ])('not %s', (text) => expect(isPlain(scriptOf(text))).toBe(false));
});

describe('the program on the PATH', () => {
  const folders: string[] = [];
  afterAll(() => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });
  const scripts = ['#!/bin/sh\n\necho $A\n', '#!/bin/busybox sh\n\necho -e "$A"\n', '#!/bin/sh\n\nls\n'];

  /** A program of that name which does what the text says. */
  const program = (text: string): string => {
    const folder = mkdtempSync(join(tmpdir(), 'plimsoll-test-'));
    folders.push(folder);
    writeFileSync(join(folder, 'shellcheck'), `#!/bin/sh\n${text}\n`);
    chmodSync(join(folder, 'shellcheck'), 0o755);
    return folder;
  };
  const path = process.env.PATH ?? '';
  const isThere = path.split(':').some((folder) => existsSync(join(folder, 'shellcheck')));

  it.skipIf(!isThere)(`says what it says (${isThere ? 'it is here' : 'skipped: it is not here'})`, async () => {
    const engine = openNative({ env: { PATH: path } }) ?? expect.fail();
    const answers = await engine.check(scripts);
    expect(
      answers.map((answer) => answer.ok && answer.remarks.map(({ line, column, code }) => [line, column, code])),
    ).toEqual([[[3, 6, 2086]], expect.any(Array), []]);
    engine.close();
  });

  it('is not there', () => {
    expect(openNative({ env: { PATH: '/nowhere' } })).toBeNull();
    expect(openNative({ env: {} })).toBeNull();
    // A folder that is relative would be the project's own.
    expect(openNative({ env: { PATH: '.:bin:' } })).toBeNull();
  });

  it.each([
    ['ends with an error', 'exit 3', 'it ended with exit code 3'],
    ['prints garbage', 'echo "<html>"', 'its answer cannot be read'],
    ['prints JSON of another kind', `echo '{"comments":[{"line":"x"}]}'`, 'its answer cannot be read'],
    ['prints nothing', 'exit 0', 'its answer cannot be read'],
    ['dies', 'kill -9 $$', 'it was ended by SIGKILL'],
    ['hangs', 'sleep 60', /^it was stopped after 0\.\d+ s without an answer$/],
  ])('%s: each script has a reason, soon', async (_, text, reason) => {
    const engine = openNative({ env: { PATH: `${program(text)}:${path}` }, limit: 400 }) ?? expect.fail();
    const begin = Date.now();
    const answers = await engine.check([...scripts, ...scripts.map((script) => `${script}ls\n`)]);
    expect(answers).toHaveLength(6);
    for (const answer of answers)
      expect(answer).toEqual({
        ok: false,
        reason: typeof reason === 'string' ? reason : expect.stringMatching(reason),
      });
    expect(Date.now() - begin).toBeLessThan(10_000);
  });

  it('is not there where a folder has its name', () => {
    const folder = mkdtempSync(join(tmpdir(), 'plimsoll-test-'));
    folders.push(folder);
    mkdirSync(join(folder, 'shellcheck'));
    expect(openNative({ env: { PATH: folder } })).toBeNull();
  });

  it('is stopped with all that it started, and where it does not stop printing', async () => {
    const folder = program('echo $$ >"$0.pid"; sleep 60 & echo $! >>"$0.pid"; sleep 60');
    const engine = openNative({ env: { PATH: `${folder}:${path}` }, limit: 500 }) ?? expect.fail();
    await engine.check(['#!/bin/sh\n\nls $A\n']);
    const pids = readFileSync(join(folder, 'shellcheck.pid'), 'utf8').trim().split('\n').map(Number);
    expect(pids).toHaveLength(2);
    await expect
      .poll(() => pids.filter((pid) => existsSync(`/proc/${pid}`) && !isZombie(pid)), { timeout: 2000 })
      .toEqual([]);
    const endless = openNative({ env: { PATH: `${program('yes | head -c 150000000; sleep 60')}:${path}` } });
    expect(await endless?.check(['#!/bin/sh\n\nls $A\n'])).toEqual([{ ok: false, reason: 'its answer is too long' }]);
  });

  it('is of no use where its input cannot be written, and says so', async () => {
    const engine = openNative({ env: { PATH: `${program('echo "{}"')}:${path}` } }) ?? expect.fail();
    const before = process.env.TMPDIR;
    process.env.TMPDIR = '/nonexistent';
    const answers = await engine.check(['#!/bin/sh\n\nls $A\n']);
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
    expect(answers).toEqual([{ ok: false, reason: 'its input cannot be written to /nonexistent (ENOENT)' }]);
  });

  it('says nothing of BusyBox that it knows of dash, where it is too old to know BusyBox', async () => {
    const folder = program(
      `case "$*" in *--version*) echo "version: 0.9.0"; exit;; esac
      for file; do case "$file" in *.sh) list="$list\${list:+,}{\\"file\\":\\"$file\\",\\"line\\":3,\\"column\\":1,\\"code\\":3036,\\"level\\":\\"error\\",\\"message\\":\\"x\\"}";; esac; done
      echo "{\\"comments\\":[$list]}"`,
    );
    const engine = openNative({ env: { PATH: `${folder}:${path}` } }) ?? expect.fail();
    const answers = await engine.check(['#!/bin/dash\n\necho -e\n', '#!/bin/busybox sh\n\necho -e\n']);
    expect(answers.map((answer) => answer.ok && answer.remarks.length)).toEqual([1, 0]);
  });

  it('is left alone with one script that it cannot bear, and the others are checked', async () => {
    const folder = program(
      `case "$*" in *--version*) echo "version: 0.10.0"; exit;; esac
      for file; do case "$file" in *.sh) if grep -q BAD "$file"; then exit 4; fi;; esac; done
      echo '{"comments":[]}'`,
    );
    const engine = openNative({ env: { PATH: `${folder}:${path}` } }) ?? expect.fail();
    const answers = await engine.check(['#!/bin/sh\n\nls $A\n', '#!/bin/sh\n\nBAD\n', '#!/bin/sh\n\nls $B\n']);
    expect(answers.map(({ ok }) => ok)).toEqual([true, false, true]);
  });
});

describe('the npm package', () => {
  it('has a fresh instance for each script, in worker threads', async () => {
    const scripts = Array.from({ length: 40 }, (_, index) => `#!/bin/sh\n\nexport A${index}=1\n\techo $B${index}\n`);
    const answers = await wasm.check(scripts);
    for (const [index, answer] of answers.entries()) {
      const remarks = answer.ok ? answer.remarks : [];
      expect(remarks.map(({ line, column, endColumn, code }) => [line, column, endColumn, code])).toEqual([
        [4, 7, 9 + String(index).length, 2086],
      ]);
    }
  });

  it('is not there', () => expect(openWasm({ packageRoot: '/nowhere', workerFile: 'x' })).toBeNull());

  it.each([
    ['a worker that hangs', 'setInterval(() => {}, 1000)', /without an answer$/],
    ['a worker that throws', 'throw new Error("no luck")', /no luck/],
    ['a worker that ends', 'process.exit(0)', /its worker ended/],
    [
      'a worker that answers garbage',
      'require("node:worker_threads").parentPort.on("message", function () { this.postMessage({ ok: true, json: "<html>" }) })',
      /cannot be read/,
    ],
  ])('%s: each script has a reason', async (_, text, reason) => {
    const folder = mkdtempSync(join(tmpdir(), 'plimsoll-test-'));
    const workerFile = join(folder, 'worker.cjs');
    writeFileSync(workerFile, text);
    const engine = openWasm({ packageRoot: process.cwd(), workerFile, limit: 300 }) ?? expect.fail();
    const answers = await engine.check(['#!/bin/sh\n\nls $A\n', '#!/bin/sh\n\nls $B\n']);
    for (const answer of answers) expect(answer).toEqual({ ok: false, reason: expect.stringMatching(reason) });
    engine.close();
    rmSync(folder, { recursive: true });
  });
});

/** True for a process that has ended, and that nobody has asked about. */
function isZombie(pid: number): boolean {
  try {
    return / [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return true;
  }
}

/** An engine that finds SC2086 in each `$A` of a script, and counts what it is asked. */
function stubEngine(log: string[] = [], id = 'stub 1'): () => Engine {
  return () => ({
    id,
    async check(scripts) {
      log.push(...scripts);
      return scripts.map((script) => {
        const remarks = script.split('\n').flatMap((line, index): Remark[] => {
          const column = line.indexOf('$A') + 1;
          const place = { line: index + 1, column, endLine: index + 1, endColumn: column + 2 };
          return column === 0 ? [] : [{ ...place, code: 2086, level: 'info', message: 'Quote this.', fix: null }];
        });
        return { ok: true, remarks };
      });
    },
    close() {},
  });
}

function failing(reason: string): () => Engine {
  return () => ({ id: 'broken', check: async (scripts) => scripts.map(() => ({ ok: false, reason })), close() {} });
}

describe('on the command line', () => {
  const compact = ['--format', 'compact', '--only', 'SC2086', '--threshold', 'info'];
  const one = { Dockerfile: 'FROM debian:13\nRUN echo $A\n' };
  const run = (args: readonly string[], setup: CliSetup = {}) =>
    plimsoll([...compact, ...args], { files: one, engines: { native: stubEngine() }, ...setup });

  it('is a finding like any other', async () => {
    const { code, out, err } = await run([]);
    expect(out).toBe('Dockerfile:2:10: info: Quote this [shellcheck/SC2086]\n');
    expect([code, err]).toEqual([1, '']);
  });

  it.each([
    [['--shellcheck', 'off'], ''],
    [['--ignore', 'SC2086'], ''],
    [['--rule', 'sc2086=off'], ''],
    [['--rule', 'shellcheck/SC2086=error'], 'Dockerfile:2:10: error: Quote this [shellcheck/SC2086]\n'],
  ])('%j', async (args, out) => {
    expect((await run(args)).out).toBe(out);
  });

  it('is not of the preset buildkit, but for a code that is named', async () => {
    const args = ['--format', 'compact', '--preset', 'buildkit'];
    const setup = { files: one, engines: { native: stubEngine() } };
    expect((await plimsoll(args, setup)).out).toBe('');
    expect((await plimsoll([...args, '--rule', 'SC2086=warning'], setup)).out).toContain('warning: Quote this');
  });

  it('obeys comments, and tells of those that silence nothing', async () => {
    const text = (name: string, script: string) => `FROM debian:13\n# ${name}\nRUN ${script}\n`;
    const lint = (dockerfile: string) =>
      plimsoll(['--format', 'compact'], { files: { Dockerfile: dockerfile }, engines: { native: stubEngine() } });
    for (const name of ['plimsoll ignore=SC2086', 'plimsoll ignore=shellcheck/SC2086 -- why', 'hadolint ignore=SC2086'])
      expect((await lint(text(name, 'echo $A'))).out).toBe('');
    expect((await lint(text('plimsoll ignore=SC2086', 'echo $B'))).out).toContain('[suppression/unused]');
    const { out } = await plimsoll(['--format', 'compact', '--shellcheck', 'off'], {
      files: { Dockerfile: text('plimsoll ignore=SC2086', 'echo $B') },
    });
    expect(out).toBe('');
  });

  it('takes codes in the configuration, and is off with rules of an older version', async () => {
    const lint = (config: string) =>
      plimsoll(['--format', 'compact'], {
        files: { ...one, '.plimsoll.yaml': config },
        engines: { native: stubEngine() },
      });
    expect((await lint('rules: { SC2086: error }')).out).toContain('error: Quote this');
    expect((await lint('rules: { SC2086: off }')).out).toBe('');
    expect((await lint('rulesVersion: "0.1"')).out).toBe('');
  });

  it('says in one line that no engine is there, and changes no exit code', async () => {
    const { code, out, err } = await run([], { engines: {} });
    expect([code, out]).toEqual([0, '']);
    expect(err).toMatch(/^plimsoll: ShellCheck did not look at the scripts of RUN: [^\n]+\n$/);
    expect((await plimsoll(['--shellcheck', 'off'], { engines: {}, files: one })).err).toBe('');
    // Nothing that ShellCheck could speak of, nothing to say.
    const plain = { Dockerfile: 'FROM debian:13\nRUN npm ci\n' };
    expect((await run([], { engines: {}, files: plain })).err).toBe('');
  });

  it.each(['native', 'wasm'])('--shellcheck %s fails where it is not there', async (kind) => {
    const { code, err } = await run(['--shellcheck', kind], { engines: {} });
    expect(code).toBe(2);
    expect(err).toMatch(new RegExp(`^plimsoll: --shellcheck ${kind}: [^\\n]+\\n$`));
  });

  it('takes the npm package where the program fails, and says so', async () => {
    const engines = { native: failing('it ended with exit code 3'), wasm: stubEngine() };
    const { out, err } = await run([], { engines });
    expect(out).toContain('SC2086');
    expect(err).toBe('plimsoll: the program shellcheck failed: it ended with exit code 3\n');
  });

  it('says how many scripts nobody could check, and why', async () => {
    const engines = { native: failing('it hangs'), wasm: failing('no memory') };
    const { code, out, err } = await run([], { engines });
    expect([code, out]).toEqual([0, '']);
    expect(err.split('\n')).toContain('plimsoll: ShellCheck could not check 1 script: no memory');
  });

  it('refuses an engine that it does not know', async () => {
    const { code, err } = await run(['--shellcheck', 'natve']);
    expect([code, err]).toEqual([2, 'plimsoll: --shellcheck: unknown engine "natve"; did you mean "native"?\n']);
  });

  it('has nothing to say of a comment about a code that is off', async () => {
    const files = { Dockerfile: 'FROM debian:13\n# plimsoll ignore=SC2046,SC2164 -- x\nRUN ls $(cat x)\n' };
    const { out } = await run([], { files });
    const all = await plimsoll(['-f', 'compact'], { files, engines: { native: stubEngine() } });
    expect(out).toBe('');
    expect(all.out).toContain('`SC2164` reports nothing here');
    expect(all.out).not.toContain('`SC2046` reports');
  });

  it('explains what is made of a code', async () => {
    expect(await plimsoll(['explain', 'sc2046'])).toMatchObject({
      code: 0,
      out: expect.stringMatching(/wiki\/SC2046\nHere it is off unless it is named \(--rule SC2046=info\): /),
    });
    expect((await plimsoll(['explain', 'SC2034'])).out).toContain('\nHere it is info: ');
    expect((await plimsoll(['explain', 'SC2086'])).out.split('\n')).toHaveLength(2);
  });

  it('says that a code needs ShellCheck', async () => {
    const { code, err } = await plimsoll(['--only', 'SC2086', '--shellcheck', 'off']);
    expect([code, err]).toEqual([2, 'plimsoll: --only SC2086 needs ShellCheck, and --shellcheck off does without\n']);
    expect((await plimsoll(['--no-shellcheck'])).err).toBe('plimsoll: write --shellcheck off\n');
  });

  it('passes over a script for which ShellCheck would take for ever, and says so', async () => {
    const log: string[] = [];
    const files = { Dockerfile: `FROM debian:13\nRUN echo ${'$A '.repeat(30_000)}\nRUN ls $A\n` };
    const { code, err } = await run([], { files, engines: { native: stubEngine(log) } });
    expect(err).toBe('plimsoll: ShellCheck could not check 1 script: it has more than 60000 characters\n');
    expect([code, log.length]).toEqual([1, 1]);
  });

  it('checks the same script once, in however many files', async () => {
    const log: string[] = [];
    const files = Object.fromEntries(Array.from({ length: 300 }, (_, at) => [`${at}.Dockerfile`, one.Dockerfile]));
    const { out } = await plimsoll([...compact, '.'], { files, engines: { native: stubEngine(log) } });
    expect(out.split('\n')).toHaveLength(301);
    expect(log).toHaveLength(1);
  });

  it('keeps the order of the files in batches of scripts', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 700 }, (_, at) => [
        `${String(at).padStart(3, '0')}.Dockerfile`,
        `FROM a:1\nRUN echo ${at} $A\n`,
      ]),
    );
    const { out } = await plimsoll([...compact, '.'], { files, engines: { native: stubEngine() } });
    const names = out
      .trimEnd()
      .split('\n')
      .map((line) => line.slice(0, 3));
    expect(names).toEqual(names.toSorted());
    expect(names).toHaveLength(700);
  });

  it('fixes until nothing changes', async () => {
    const engine = (): Engine => ({
      id: 'fixing',
      async check(scripts) {
        return scripts.map((script) => {
          const column = (script.split('\n')[2] ?? '').search(/(?<!")\$A/) + 1;
          if (column === 0) return { ok: true, remarks: [] };
          const at = (place: number) => ({ line: 3, column: place, endLine: 3, endColumn: place, text: '"' });
          const place = { line: 3, column, endLine: 3, endColumn: column + 2 };
          const fix = [at(column), at(column + 2)];
          return { ok: true, remarks: [{ ...place, code: 2086, level: 'info', message: 'Quote', fix }] };
        });
      },
      close() {},
    });
    const files = { Dockerfile: 'FROM debian:13\nRUN echo $A $A\n' };
    const { written } = await plimsoll([...compact, '--fix-suggestions', '--no-cache'], {
      files,
      engines: { native: engine },
    });
    expect(written).toEqual({ '/here/Dockerfile': 'FROM debian:13\nRUN echo "$A" "$A"\n' });
  });
});

describe('the cache', () => {
  const args = ['--format', 'compact', '--only', 'SC2086', '--cache-location', 'cache'];
  const files = { Dockerfile: 'FROM debian:13\nRUN echo $A\nRUN echo $A $B\n' };
  const file = '/here/cache/shellcheck-native.json';
  const lint = async (more: Readonly<Record<string, string>>, options: readonly string[] = [], id = 'stub 1') => {
    const log: string[] = [];
    const engines = { native: stubEngine(log, id) };
    const { out, err, written } = await plimsoll([...args, ...options], { files: { ...files, ...more }, engines });
    return { out, err, asked: log.length, kept: written[file] };
  };

  it('spares ShellCheck what it was asked before', async () => {
    const first = await lint({});
    expect(first.asked).toBe(2);
    const second = await lint({ 'cache/shellcheck-native.json': first.kept ?? '' });
    expect(second).toEqual({ out: first.out, err: '', asked: 0, kept: undefined });
    expect(first.out).toContain('SC2086');
  });

  it('is of no use to another version, which writes it anew', async () => {
    const first = await lint({});
    const second = await lint({ 'cache/shellcheck-native.json': first.kept ?? '' }, [], 'stub 2');
    expect(second.asked).toBe(2);
    expect(JSON.parse(second.kept ?? '').engine).toBe('stub 2');
  });

  it.each([
    ['no JSON', '{"format":1,"eng'],
    ['nothing', ''],
    ['null', 'null'],
    ['a list', '[]'],
    ['another format', '{"format":99,"engine":"stub 1","entries":{}}'],
    ['entries of another kind', '{"format":1,"engine":"stub 1","entries":[1]}'],
  ])('is ignored and written anew where it holds %s', async (_, text) => {
    const { asked, out, err, kept } = await lint({ 'cache/shellcheck-native.json': text });
    expect([asked, err]).toEqual([2, '']);
    expect(out).toContain('SC2086');
    expect(Object.keys(JSON.parse(kept ?? '').entries)).toHaveLength(2);
  });

  it('checks a script again whose entry is broken', async () => {
    const first = await lint({});
    const broken = JSON.parse(first.kept ?? '');
    const [key = ''] = Object.keys(broken.entries);
    broken.entries[key] = [{ line: -1, code: 'x', message: 5 }];
    const { asked, out } = await lint({ 'cache/shellcheck-native.json': JSON.stringify(broken) });
    expect([asked, out]).toEqual([1, first.out]);
  });

  it('is not read and not written with --no-cache', async () => {
    const first = await lint({});
    const { asked, kept } = await lint({ 'cache/shellcheck-native.json': first.kept ?? '' }, ['--no-cache']);
    expect([asked, kept]).toEqual([2, undefined]);
  });

  it('stands in the cache of the user where nothing is said', async () => {
    const at = async (env: Readonly<Record<string, string>>) => {
      const setup = { files, env, engines: { native: stubEngine() } };
      return Object.keys((await plimsoll(['--only', 'SC2086'], setup)).written);
    };
    expect(await at({})).toEqual(['/home/someone/.cache/plimsoll/shellcheck-native.json']);
    expect(await at({ XDG_CACHE_HOME: '/xdg' })).toEqual(['/xdg/plimsoll/shellcheck-native.json']);
    expect(await at({ XDG_CACHE_HOME: 'relative' })).toEqual(['/home/someone/.cache/plimsoll/shellcheck-native.json']);
  });
});
