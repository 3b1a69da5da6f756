import { describe, expect, it } from 'vitest';
import { openContext } from '../src/context/build-context.js';
import { createMemoryFs } from '../src/context/memory-fs.js';
import { parse } from '../src/dockerfile/parse.js';
import { analyse } from '../src/facts/analyse.js';
import { traceToContext } from '../src/facts/copies.js';
import { exposedPorts } from '../src/facts/exposed-ports.js';
import { probedPorts } from '../src/facts/healthcheck-ports.js';
import type { Facts } from '../src/facts/types.js';
import { createSource, textAt } from '../src/model/source.js';

type Files = Readonly<Record<string, string | object>>;

function factsOf(dockerfile: string, files: Files | null = {}): Facts {
  const texts = Object.entries({ ...files, Dockerfile: dockerfile }).map(
    ([path, text]) => [`/ctx/${path}`, typeof text === 'string' ? text : JSON.stringify(text)] as const,
  );
  const fs = createMemoryFs(Object.fromEntries(texts));
  const context =
    files && openContext(fs, { root: '/ctx', displayRoot: '.', dockerfile: '/ctx/Dockerfile', certainty: 'given' });
  return analyse({
    document: parse(createSource('Dockerfile', dockerfile)),
    context,
    options: { target: null, buildArgs: new Map(), now: new Date('2026-11-23') },
  });
}

const NODE = 'FROM node:24\nWORKDIR /app\n';

describe('installs', () => {
  const list = (dockerfile: string, files?: Files): readonly string[] =>
    factsOf(dockerfile, files).node.installs.map(
      ({ manager, frozen, directory, project }) =>
        `${manager}${frozen ? ' frozen' : ''} ${directory ?? '?'} ${project?.directory ?? '-'}`,
    );

  const commands: readonly (readonly [string, readonly string[]])[] = [
    ['npm i', ['npm /app -']],
    ['npm isntall --no-audit', ['npm /app -']],
    ['npm ci --omit=dev', ['npm frozen /app -']],
    ['yarn', ['yarn /app -']],
    ['yarn --frozen-lockfile', ['yarn frozen /app -']],
    ['yarn install --immutable', ['yarn frozen /app -']],
    ['pnpm i --frozen-lockfile=false', ['pnpm /app -']],
    ['CI=true pnpm install', ['pnpm frozen /app -']],
    ['bun install --frozen-lockfile', ['bun frozen /app -']],
    ['npm ci --prefix client', ['npm frozen /app/client -']],
    ['cd client && npm ci', ['npm frozen /app/client -']],
    ['(cd a && npm i) && (cd b && npm i)', ['npm /app/a -', 'npm /app/b -']],
    ['(cd a && npm i) && npm ci', ['npm /app/a -', 'npm frozen /app -']],
    ["sh -c 'cd a' && npm ci", ['npm frozen /app -']],
    ['cd "$DIR" && npm ci', ['npm frozen ? -']],
    ['npm i -g serve', []],
    ['npm i --location=global', []],
    ['npm install express', []],
    ['npm install --package-lock-only', []],
    ['yarn --version', []],
    ['yarn add express', []],
    ['npm run ci', []],
  ];
  it.each(commands)('%s', (command, expected) => expect(list(`${NODE}RUN ${command}\n`)).toEqual(expected));

  it('finds the project whose manifest was copied', () => {
    const files = { 'package.json': {}, 'web/package.json': {}, 'web/index.js': '' };
    expect(list(`${NODE}COPY package.json ./\nRUN npm i`, files)).toEqual(['npm /app .']);
    expect(list(`${NODE}COPY web .\nRUN npm i`, files)).toEqual(['npm /app web']);
    expect(list(`${NODE}COPY web/package.json web/\nRUN cd web && npm i`, files)).toEqual(['npm /app/web web']);
    expect(list(`${NODE}COPY . /\nWORKDIR /web\nRUN npm i`, files)).toEqual(['npm /web web']);
    expect(list(`${NODE}COPY --parents ./web/package.json ./\nRUN cd web && npm i`, files)).toEqual([
      'npm /app/web web',
    ]);
    expect(list(`FROM node:24 AS a\nWORKDIR /src\nCOPY web .\n${NODE}COPY --from=a /src ./\nRUN npm i`, files)).toEqual(
      ['npm /app web'],
    );
  });

  it('a directory without a manifest brings none, whatever is copied later', () => {
    const files = { 'package.json': {}, 'src/index.js': '' };
    expect(list(`${NODE}COPY package.json ./\nCOPY src ./\nRUN npm i`, files)).toEqual(['npm /app .']);
    expect(list(`${NODE}COPY src ./\nRUN npm i\nCOPY package.json ./`, files)).toEqual(['npm /app -']);
  });

  const omissions: readonly (readonly [string, string, boolean | null])[] = [
    ['nothing said', 'RUN npm ci', false],
    ['--omit=dev', 'RUN npm ci --omit=dev', true],
    ['--omit dev', 'RUN npm ci --omit dev', true],
    ['--production', 'RUN npm install --production', true],
    ['--production=false', 'ENV NODE_ENV=production\nRUN npm install --production=false', false],
    ['--only=prod', 'RUN npm install --only=prod', true],
    ['pnpm --prod', 'RUN pnpm install --prod', true],
    ['ENV', 'ENV NODE_ENV=production\nRUN npm ci', true],
    ['ENV and --include=dev', 'ENV NODE_ENV=production\nRUN npm ci --include=dev', false],
    ['ENV of something else', 'ENV NODE_ENV=development\nRUN npm ci', false],
    ['set for the command', 'RUN NODE_ENV=production npm ci', true],
    ['an argument that says so', 'ARG NODE_ENV=production\nRUN npm ci', true],
    ['an argument that may be changed', 'ARG NODE_ENV=development\nRUN npm ci', null],
    ['an argument without a value', 'ARG NODE_ENV\nRUN npm ci', null],
    ["npm's own variable", 'ENV NPM_CONFIG_PRODUCTION=true\nRUN npm ci', null],
    ['a flag of unknown value', 'RUN npm ci --omit=$OMIT', null],
  ];
  it.each(omissions)('devDependencies: %s', (_, lines, expected) => {
    expect(factsOf(`${NODE}${lines}\n`).node.installs[0]?.omitsDev).toBe(expected);
  });

  it('an unknown base image may set NODE_ENV', () => {
    expect(factsOf('FROM example.org/team/base\nRUN npm ci').node.installs[0]?.omitsDev).toBe(null);
  });
});

describe('start', () => {
  const files: Files = {
    'package.json': {
      main: 'lib/main.js',
      scripts: {
        start: 'npm run serve',
        serve: 'node lib/main.js',
        both: 'node a.js && node b.js',
        dev: 'nodemon x.js',
      },
    },
    'lib/main.js': '',
    'src/server.ts': '',
  };
  const started = (lines: string, given: Files | null = files): string => {
    const { start } = factsOf(`${NODE}COPY . .\n${lines}\n`, given).node;
    if (!start) return 'nothing';
    const words = start.command.words.map((word) => word.value).join(' ');
    const script = start.script ? ` by ${start.script.manager} ${start.script.chain.join('>')}` : '';
    return `${words}${script}${start.simple ? '' : ' ...'} = ${start.entry ?? '-'}`;
  };

  const cases: readonly (readonly [string, string])[] = [
    ['CMD ["node", "lib/main.js"]', 'node lib/main.js = lib/main.js'],
    ['CMD node lib/main', 'node lib/main = lib/main.js'],
    ['CMD ["node", "."]', 'node . = lib/main.js'],
    ['CMD ["node", "dist/server.js"]', 'node dist/server.js = src/server.ts'],
    ['CMD ["npm", "start"]', 'node lib/main.js by npm start>serve = lib/main.js'],
    ['CMD ["yarn", "serve"]', 'node lib/main.js by yarn serve = lib/main.js'],
    ['CMD ["npm", "run", "both"]', 'npm run both by npm both ... = -'],
    ['CMD ["npm", "start", "-w", "api"]', 'npm start -w api by npm start ... = -'],
    ['CMD ["yarn", "node", "lib/main.js"]', 'yarn node lib/main.js = -'],
    ['ENTRYPOINT ["node"]\nCMD ["lib/main.js"]', 'node lib/main.js = lib/main.js'],
    ['ENTRYPOINT ["tini", "--"]\nCMD ["node", "lib/main.js"]', 'tini -- node lib/main.js = lib/main.js'],
    ['ENTRYPOINT ["/docker-entrypoint.sh"]\nCMD ["node", "lib/main.js"]', 'node lib/main.js = lib/main.js'],
    ['ENTRYPOINT ["/bin/tool"]\nCMD ["node", "lib/main.js"]', 'nothing'],
    ['ENTRYPOINT exec node lib/main.js\nCMD ["ignored"]', 'exec node lib/main.js = lib/main.js'],
    ['CMD cd lib && node main.js', 'node main.js = lib/main.js'],
    ['CMD if test "$W"; then node w.js; else node lib/main.js; fi', 'nothing'],
    ['CMD node lib/main.js\nWORKDIR /app/lib', 'node lib/main.js = -'],
  ];
  it.each(cases)('%s', (lines, expected) => {
    const words = expected.replace(/^(?:tini -- |exec )/, '');
    expect(started(lines).replace(/^(?:tini -- |exec )/, '')).toBe(words);
  });

  it('without a context only the names are known', () => {
    expect(started('CMD ["npm", "start"]', null)).toBe('npm start by npm start ... = -');
    expect(started('CMD ["bun", "run", "index.ts"]', null)).toBe('bun run index.ts = -');
  });

  it('node is the entrypoint of the distroless images', () => {
    const { start } = factsOf('FROM gcr.io/distroless/nodejs24-debian13\nCOPY a.js /\nCMD ["a.js"]', {
      'a.js': '',
    }).node;
    expect(start?.entry).toBe('a.js');
  });
});

describe('ports', () => {
  const ports = (lines: string, files: Files): readonly string[] =>
    factsOf(`${NODE}COPY . .\n${lines}\n`, files).ports.map(
      ({ port, source, variable, loopback, place }) =>
        `${port} ${source}${variable ? ` (${variable})` : ''}${loopback ? ' loopback' : ''} ${place.file.path}`,
    );

  it('a flag of a known server', () => {
    expect(ports('CMD ["npx", "next", "start", "-p", "8080"]', {})).toEqual(['8080 next start Dockerfile']);
    expect(ports('CMD gunicorn --bind=0.0.0.0:8000 a:b', {})).toEqual(['8000 gunicorn Dockerfile']);
    expect(ports('CMD gunicorn --bind=0.0.0.0:$PORT a:b', {})).toEqual([]);
    expect(ports('CMD ["uvicorn", "a:b", "--port", "80"]', {})).toEqual(['80 uvicorn loopback Dockerfile']);
    expect(ports('CMD ["uvicorn", "a:b", "--host", "0.0.0.0", "--port", "80"]', {})).toEqual(['80 uvicorn Dockerfile']);
  });

  it('the default of a framework, in package.json', () => {
    const files = { 'package.json': { scripts: { start: 'next start' } } };
    expect(ports('CMD ["npm", "start"]', files)).toEqual(['3000 next start (PORT) package.json']);
    expect(ports('ENV PORT=80\nCMD ["npm", "start"]', files)).toEqual(['80 next start package.json']);
    expect(ports('CMD PORT=81 npm start', files)).toEqual(['81 next start package.json']);
  });

  it('a standalone Next.js server', () => {
    const dockerfile = `FROM node:24 AS b\nWORKDIR /app\n${NODE}COPY --from=b /app/.next/standalone ./\nCMD ["node", "server.js"]`;
    expect(factsOf(dockerfile).ports.map(({ port }) => port)).toEqual([3000]);
  });

  it('every file that the entry imports has to be read', () => {
    const files = { 'a.js': "require('./b');\napp.listen(80)", 'b.js': 'metrics.listen(config.port)' };
    expect(ports('CMD ["node", "a.js"]', files)).toEqual([]);
    expect(ports('CMD ["node", "a.js"]', { ...files, 'b.js': 'app.listen(81)' })).toEqual([
      '80 a.js a.js',
      '81 b.js b.js',
    ]);
  });

  it('files that import one another are read once', () => {
    const files = { 'a.js': "require('./b')", 'b.js': "require('./a');\nx.listen(80)" };
    expect(ports('CMD ["node", "a.js"]', files)).toEqual(['80 b.js b.js']);
  });

  it('ignored files are not in the image', () => {
    expect(ports('CMD ["node", "a.js"]', { 'a.js': 'x.listen(80)', '.dockerignore': 'a.js\n' })).toEqual([]);
  });
});

describe('HEALTHCHECK and EXPOSE', () => {
  const probed = (lines: string): readonly string[] => {
    const facts = factsOf(`FROM debian:13\n${lines}\n`);
    return probedPorts(facts).map(({ port, span }) => `${port} ${textAt(facts.document.source, span)}`);
  };
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ['HEALTHCHECK CMD curl -f http://localhost:8080/health || exit 1', ['8080 8080']],
    ['HEALTHCHECK CMD ["wget", "-qO-", "http://127.0.0.1:81"]', ['81 81']],
    ['ENV PORT=82\nHEALTHCHECK CMD curl localhost:$PORT/', ['82 $PORT']],
    ['HEALTHCHECK CMD curl localhost:${PORT:-83}/', ['83 ${PORT:-83}']],
    ['HEALTHCHECK CMD nc -z localhost 84', ['84 84']],
    ["HEALTHCHECK CMD node -e \"require('http').get('http://[::1]:85/')\"", ['85 85']],
    ['HEALTHCHECK CMD curl localhost:$PORT/', []],
    ['HEALTHCHECK CMD curl http://db:5432', []],
    ['HEALTHCHECK CMD pg_isready', []],
    ['HEALTHCHECK NONE', []],
  ];
  it.each(cases)('%s', (lines, expected) => expect(probed(lines)).toEqual(expected));

  it('EXPOSE is expanded, split and read', () => {
    const dockerfile = 'FROM debian:13\nENV P="80 81/udp"\nEXPOSE $P 8080:90 3000-3002/tcp';
    const { written, known } = exposedPorts(factsOf(dockerfile));
    expect(written.map(({ word, ports }) => `${word.text}: ${ports.join(' ')}`)).toEqual([
      '$P: 80',
      '8080:90: 90',
      '3000-3002/tcp: 3000 3001 3002',
    ]);
    expect(known).toBe(true);
    expect(exposedPorts(factsOf('FROM debian:13\nARG P\nEXPOSE $P')).known).toBe(false);
    expect(exposedPorts(factsOf('FROM nginx:1.29')).image).toEqual([80]);
  });
});

it('tracing ends although stages copy from one another in very many ways', () => {
  const stages = Array.from({ length: 60 }, (_, n) => {
    const copies = n === 0 ? '' : `COPY --from=s${n - 1} / /\nCOPY --from=s${n - 1} / /\n`;
    return `FROM scratch AS s${n}\n${copies}`;
  });
  const facts = factsOf(stages.join(''));
  const start = performance.now();
  expect(facts.target && traceToContext(facts.target, '/a/b.js', facts.context)).toBe(null);
  expect(performance.now() - start).toBeLessThan(1000);
});
