import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { changedSince, fileFromTop, missingRevision, renamedFrom, runGit } from '../src/cli/git.js';
import { plimsoll } from './support/cli.js';

const FILES = {
  Dockerfile: `FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci
COPY . .
RUN npm run build

FROM node:24-slim
ARG REVISION
WORKDIR /app
RUN apt-get update && apt-get install -y curl
COPY --from=build /app/dist ./dist
CMD ["node", "dist/server.js"]
`,
  '.dockerignore': 'node_modules\n*.md\nDockerfile\n',
  'package.json': '{ "scripts": { "build": "tsc" } }',
  'package-lock.json': '{ "lockfileVersion": 3 }',
  'src/server.ts': 'export {};',
  'README.md': '# App',
};

interface Report {
  readonly version: number;
  readonly context: string | null;
  readonly stages: readonly {
    readonly layers: readonly { readonly line: number; readonly costs: readonly string[] }[];
  }[];
  readonly edits: readonly {
    readonly name: string;
    readonly kind: string;
    readonly reruns: readonly { readonly line: number; readonly verdict: string; readonly reason: string }[];
  }[];
  readonly lines: readonly { readonly line: number; readonly again: readonly number[] }[];
}

async function report(
  argv: readonly string[],
  setup: Parameters<typeof plimsoll>[1] = { files: FILES },
): Promise<Report> {
  const { out, code } = await plimsoll(['layers', ...argv, '--json'], setup);
  expect(code).toBe(0);
  return JSON.parse(out);
}

const linesOf = (edit: Report['edits'][number] | undefined, verdict: string) =>
  edit?.reruns.filter((one) => one.verdict === verdict).map(({ line }) => line);

describe('plimsoll layers', () => {
  it('shows a table of what each edit runs again', async () => {
    const { out, code, err } = await plimsoll(['layers'], { files: FILES, terminal: 80 });
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out.replace(/\u001b\[\d+m/g, '')).toMatchInlineSnapshot(`
      "Dockerfile, build context .: 8 steps in 2 stages

                                                    src/server.ts (source file)
                                                    │ package.json (manifest)
                                                    │ │ package-lock.json (lockfile)
                                                    │ │ │ README.md
                                                    │ │ │ │ Dockerfile (comment)
                                                    │ │ │ │ │ ARG REVISION
      build (FROM node:24-slim)
         2 WORKDIR /app                             . . . . . .
         3 COPY package.json package-lock.json ./   . x x . . .
         4 RUN npm ci                               . x x . . .  dependencies
         5 COPY . .                                 x x x . . .
         6 RUN npm run build                        x x x . . .  compile
      stage 1 (FROM node:24-slim)
        10 WORKDIR /app                             . . . . . .
        11 RUN apt-get update && apt-get install …  . . . . . x  system packages
        12 COPY --from=build /app/dist ./dist       ? ? ? . . x

      x runs again   . from the cache
      ? runs again only if files from another stage differ
      a step's own line: that step, and what stands on it
      "
    `);
  });

  it.each([
    [
      'the requirements that a COPY names before those that come along',
      {
        Dockerfile:
          'FROM python:3.13-slim\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\nCOPY . .\nCMD ["python", "a.py"]\n',
        'requirements.in': 'flask',
        'requirements.txt': 'flask==3.0',
        'a.py': '',
      },
      ['a.py', 'requirements.txt', 'Dockerfile'],
    ],
    [
      'a directory of requirements before the file beside it',
      {
        Dockerfile:
          'FROM python:3.13-slim\nCOPY requirements/ /tmp/\nRUN pip install -r /tmp/production.txt\nCOPY . .\nCMD ["python", "a.py"]\n',
        'requirements.txt': '-r requirements/production.txt',
        'requirements/production.txt': 'flask==3.0',
        'a.py': '',
      },
      ['a.py', 'requirements/production.txt', 'Dockerfile'],
    ],
    [
      'a project of .NET before the solution',
      {
        Dockerfile: 'FROM mcr.microsoft.com/dotnet/sdk:9.0\nCOPY . .\nRUN dotnet publish src/Api -o /out\n',
        'App.sln': '',
        'src/Api/Api.csproj': '<Project/>',
        'src/Api/Program.cs': '',
      },
      ['src/Api/Program.cs', 'src/Api/Api.csproj', 'Dockerfile'],
    ],
    [
      'what only a script installs, beside what a RUN does',
      {
        Dockerfile:
          'FROM node:24-slim AS assets\nCOPY package.json ./\nRUN npm install\nFROM python:3.13-slim\nCOPY --from=assets /node_modules /assets\nCOPY requirements*.txt ./\nCOPY bin bin\nRUN bin/install\nCOPY src src\n',
        'package.json': '{}',
        'requirements.txt': 'flask==3.0',
        'bin/install': 'pip install -r requirements.txt',
        'src/app.py': '',
      },
      ['package.json', 'src/app.py', 'requirements.txt', 'Dockerfile'],
    ],
  ])('takes %s', async (_, files, names) => {
    const { edits } = await report([], { files });
    expect(edits.map(({ name }) => name)).toEqual(names);
  });

  it.each([60, 80, 100, 200])('fits %i columns', async (terminal) => {
    for (const argv of [['layers'], ['layers', '--changed', 'package.json']]) {
      const { out } = await plimsoll([...argv, '--no-color'], { files: FILES, terminal });
      for (const line of out.split('\n')) expect(line.length, line).toBeLessThanOrEqual(terminal);
    }
  });

  it('says in JSON what each edit and each line runs again', async () => {
    const found = await report([]);
    expect(found.version).toBe(1);
    const by = (name: string) => found.edits.find((edit) => edit.name === name);
    expect(linesOf(by('src/server.ts'), 'again')).toEqual([5, 6]);
    expect(linesOf(by('src/server.ts'), 'perhaps')).toEqual([12]);
    expect(linesOf(by('package.json'), 'again')).toEqual([3, 4, 5, 6]);
    expect(linesOf(by('README.md'), 'again')).toEqual([]);
    expect(linesOf(by('Dockerfile'), 'again')).toEqual([]);
    expect(linesOf(by('REVISION'), 'again')).toEqual([11, 12]);
    expect(found.stages[0]?.layers.find(({ line }) => line === 4)?.costs).toEqual(['dependencies']);
    expect(found.stages[1]?.layers.find(({ line }) => line === 11)?.costs).toEqual(['system packages']);
    // The line of CMD is in no key.
    expect(found.lines.find(({ line }) => line === 13)?.again).toEqual([]);
    expect(found.lines.find(({ line }) => line === 4)?.again).toEqual([4, 5, 6]);
  });

  it('says why each step runs again after a change', async () => {
    const { out } = await plimsoll(['layers', '--changed', 'package.json', 'src/server.ts'], { files: FILES });
    expect(out).toMatchInlineSnapshot(`
      "2 files: 4 of 8 steps run again, 1 more may
      build
         3 x COPY package.json package-lock.json ./             brings package.json
         4 x RUN npm ci                                         stands on line 3 [dependencies]
         5 x COPY . .                                           brings package.json
         6 x RUN npm run build                                  stands on line 3 [compile]
      stage 1
        12 ? COPY --from=build /app/dist ./dist                 takes /app/dist from build

      x runs again   all else from the cache
      ? runs again only if files from another stage differ
      "
    `);
  });

  it('takes a directory for a file below it, and several Dockerfile options', async () => {
    const found = await report(['--changed', 'src']);
    expect(linesOf(found.edits[0], 'again')).toEqual([5, 6]);
  });

  it.each([
    ['README.md', 'README.md is not sent to the build: .dockerignore:2 `*.md`'],
    ['../other.txt', '../other.txt is outside the build context, so that no step takes it'],
    ['Dockerfile', 'the lines of the Dockerfile are not compared; --since does that'],
  ])('tells why %s runs nothing again', async (path, note) => {
    const { out, err, code } = await plimsoll(['layers', '--changed', path], { files: FILES });
    expect(code).toBe(0);
    expect(out).toContain('nothing runs again');
    expect(err).toContain(note);
  });

  it('draws a flow chart', async () => {
    const { out } = await plimsoll(['layers', '--format', 'mermaid'], { files: FILES });
    expect(out).toMatchInlineSnapshot(`
      "flowchart TD
        %% coloured: what runs again after an edit of src/server.ts
        subgraph S0["build"]
          L0["1: FROM node:24-slim AS build"]
          L1["2: WORKDIR /app"]
          L2["3: COPY package.json package-lock.json ./"]
          L3["4: RUN npm ci<br/>dependencies"]
          L4["5: COPY . ."]
          L5["6: RUN npm run build<br/>compile"]
        end
        subgraph S1["stage 1"]
          L6["8: FROM node:24-slim"]
          L7["10: WORKDIR /app"]
          L8["11: RUN apt-get update #38;#38; apt-get install -y curl<br/>system packages"]
          L9["12: COPY --from=build /app/dist ./dist"]
        end
        L0 --> L1
        L1 --> L2
        L2 --> L3
        L3 --> L4
        L4 --> L5
        L6 --> L7
        L7 --> L8
        L8 --> L9
        L5 -. files .-> L9
        classDef again fill:#f8d7da,stroke:#b02a37,color:#000
        classDef perhaps fill:#fff3cd,stroke:#997404,color:#000
        classDef cached fill:#d1e7dd,stroke:#146c43,color:#000
        class L4,L5 again
        class L9 perhaps
        class L0,L1,L2,L3,L6,L7,L8 cached
      "
    `);
  });

  it('escapes what a chart or a terminal would take for its own', async () => {
    const files = {
      Dockerfile: 'FROM scratch AS a\nCOPY "a\u001b[31m]\\"x" /\nRUN echo "]; click L1 \\u202e <script>" {}|#\n',
    };
    const chart = await plimsoll(['layers', '--format', 'mermaid'], { files });
    expect(chart.out).not.toContain('<script>');
    expect(chart.out).not.toContain('\u001b');
    const text = await plimsoll(['layers'], { files });
    expect(text.out).not.toContain('\u001b');
  });

  it('shows arguments alone where there is no context', async () => {
    const { out, err, code } = await plimsoll(['layers', '-'], { stdin: FILES.Dockerfile });
    expect(code).toBe(0);
    expect(out).toContain('REVISION');
    expect(err).toContain('no build context was read');
    const changed = await plimsoll(['layers', '-', '--changed', 'a'], { stdin: FILES.Dockerfile });
    expect(changed.code).toBe(2);
    expect(changed.err).toContain('standard input has no build context');
  });

  it('leaves stages out that the target does not need', async () => {
    const found = await report(['--target', 'build']);
    expect(found.stages).toHaveLength(1);
  });
});

describe('plimsoll layers --since', () => {
  const git = (before: string) => (args: readonly string[]) => {
    if (args[0] === 'diff') return 'Dockerfile\0src/server.ts\0';
    if (args[0] === 'ls-files') return '';
    return args[0] === 'show' ? before : null;
  };

  it('compares files and the lines of the Dockerfile', async () => {
    const before = FILES.Dockerfile.replace('install -y curl', 'install -y wget');
    const found = await report(['--since', 'main'], { files: FILES, git: git(before) });
    expect(linesOf(found.edits[0], 'again')).toEqual([5, 6, 11, 12]);
  });

  it('counts no comment, and no line of the configuration', async () => {
    const before = FILES.Dockerfile.replace('CMD', '# start\nLABEL a=b\nCMD');
    const found = await report(['--since', 'main'], { files: FILES, git: git(before) });
    expect(linesOf(found.edits[0], 'again')).toEqual([5, 6]);
  });

  it('counts the step after a line that is gone', async () => {
    const before = FILES.Dockerfile.replace('RUN apt-get', 'ENV A=1\nRUN apt-get');
    const found = await report(['--since', 'main'], { files: FILES, git: git(before) });
    expect(linesOf(found.edits[0], 'again')).toEqual([5, 6, 11, 12]);
  });

  it.each([
    ['false\n', '--since: git knows no revision "no-such" in .'],
    ['true\n', 'the clone is shallow'],
    [null, '--since: . is in no git repository'],
  ])('says that git knows no such revision, and why (%j)', async (shallow, message) => {
    const answer = (args: readonly string[]) => (args.includes('--is-shallow-repository') ? shallow : null);
    const { code, err } = await plimsoll(['layers', '--since', 'no-such'], { files: FILES, git: answer });
    expect(code).toBe(2);
    expect(err).toContain(message);
  });

  it('counts the step after a setting that is gone, wherever the next line is', async () => {
    const before = FILES.Dockerfile.replace('ARG REVISION', 'ARG REVISION\nUSER node\nENV A=1').replace(
      'CMD',
      'RUN x\nCMD',
    );
    const { out } = await plimsoll(['layers', '--since', 'main'], { files: FILES, git: git(before) });
    // USER is part of WORKDIR, ENV of RUN; a RUN that is gone at the end is told by the last step.
    expect(out).toContain('10 x WORKDIR /app');
    expect(out).toContain('a line beside it is gone');
  });

  it('says that a file with errors would not build, and that one without steps has none', async () => {
    const broken = await plimsoll(['layers'], { files: { Dockerfile: 'FROM alpine\nRUNX a\nRUN b\n' } });
    expect(broken.code).toBe(0);
    expect(broken.err).toContain('Dockerfile has errors that end the build');
    const bare = await plimsoll(['layers'], { files: { Dockerfile: 'FROM alpine\nLABEL a=b\n' } });
    expect(bare.out).toContain('there is no step beside FROM');
  });

  it('names three tools of those that an edit runs in vain, and where to name the file', async () => {
    const runs = Array.from({ length: 5 }, (_, at) => `RUN make t${at}`).join('\n');
    const { out } = await plimsoll(['layers'], {
      files: { Dockerfile: `FROM gcc:14\nCOPY . .\n${runs}\n`, 'a.c': '' },
    });
    expect(out).toContain('`make t0`, `make t1`, `make t2` and 2 more again (line 3); name it in .dockerignore');
  });
});

const hasGit = runGit(['--version'], tmpdir()) !== null;

describe.skipIf(!hasGit)('git', () => {
  const root = mkdtempSync(join(tmpdir(), 'plimsoll-git-'));
  afterAll(() => rmSync(root, { recursive: true, force: true }));
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], { cwd: root, stdio: 'pipe' });

  it('names changed, new, removed and unknown files below a directory, whatever they are called', () => {
    git('init', '-q');
    for (const path of ['app/a b.txt', 'app/é.txt', 'app/gone', 'app/same', 'other/x']) write(path, path);
    write('.gitignore', 'ignored\n');
    git('add', '-A');
    git('commit', '-q', '-m', 'first');
    write('app/a b.txt', 'new');
    write('app/é.txt', 'new');
    write('other/x', 'new');
    write('app/fresh', '');
    write('app/ignored', '');
    rmSync(join(root, 'app/gone'));
    expect(changedSince('HEAD', join(root, 'app'), runGit)).toEqual(['a b.txt', 'fresh', 'gone', 'é.txt']);
  });

  it('finds a Dockerfile that was renamed', () => {
    git('init', '-q');
    write('app/Dockerfile', 'FROM alpine\nRUN a\nRUN b\n');
    git('add', '-A');
    git('commit', '-q', '-m', 'second');
    git('mv', 'app/Dockerfile', 'app/build.Dockerfile');
    const directory = join(root, 'app');
    const old = renamedFrom('HEAD', 'build.Dockerfile', directory, runGit);
    expect(old).toBe('app/Dockerfile');
    expect(fileFromTop('HEAD', 'app/Dockerfile', directory, runGit)).toContain('RUN b');
    expect(renamedFrom('HEAD', 'fresh', directory, runGit)).toBe(null);
    expect(missingRevision(directory, runGit)).toBe(null);
    expect(missingRevision(tmpdir(), runGit)).toBe('no-repository');
  });

  it('takes no revision for an option', () => {
    expect(changedSince('--output=stolen', join(root, 'app'), runGit)).toBe(null);
    expect(existsSync(join(root, 'app/stolen'))).toBe(false);
  });
});
