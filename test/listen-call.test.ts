import { describe, expect, it } from 'vitest';
import { findListenCalls, relativeImports } from '../src/facts/listen-call.js';

/** What is seen of a file: `port`, `(VARIABLE)` where it may change the port, `loopback`. */
function seen(text: string, environment: Readonly<Record<string, string | null>> = {}): readonly string[] {
  return findListenCalls(text, (name) => environment[name]).map(
    ({ port, variable, loopback }) =>
      `${port ?? '?'}${variable === null ? '' : ` (${variable})`}${loopback ? ' loopback' : ''}`,
  );
}

describe('ports that are written in the file', () => {
  const cases: readonly (readonly [string, string, readonly string[]])[] = [
    ['a number', 'app.listen(8080);', ['8080']],
    ['a string', "server.listen('3000')", ['3000']],
    ['a constant', 'const PORT = 8080;\napp.listen(PORT, () => {});', ['8080']],
    ['a constant without semicolon', "const host = '0.0.0.0'\nconst port = 4000\napp.listen(port, host)", ['4000']],
    ['a typed constant', 'const port: number = 4000;\napp.listen(port)', ['4000']],
    ['a constant of a constant', 'const base = 4000, x = 1;\nconst port = base;\napp.listen(port)', ['4000']],
    ['a default behind a variable', 'app.listen(process.env.PORT || 3000)', ['3000 (PORT)']],
    ['the same with ??', 'app.listen(process.env.PORT ?? 3000)', ['3000 (PORT)']],
    ['the same in quotes', "app.listen(process.env['PORT'] || '3000')", ['3000 (PORT)']],
    [
      'two variables',
      'const p = process.env.APP_PORT || process.env.PORT || 3000;\napp.listen(p)',
      ['3000 (APP_PORT)'],
    ],
    ['parseInt', "const p = parseInt(process.env.PORT || '3000', 10);\napp.listen(p)", ['3000 (PORT)']],
    ['Number before the default', 'app.listen(Number(process.env.PORT) || 3000)', ['3000 (PORT)']],
    ['a sign', 'app.listen(+process.env.PORT || 3000)', ['3000 (PORT)']],
    ['a type assertion', 'app.listen((process.env.PORT as string) || 3000)', ['3000 (PORT)']],
    ['taken apart', 'const { PORT = 3000, HOST } = process.env;\napp.listen(PORT)', ['3000 (PORT)']],
    [
      'a setting of express',
      "app.set('port', process.env.PORT || 3000);\napp.listen(app.get('port'))",
      ['3000 (PORT)'],
    ],
    ['an object', "server.listen({ port: 8080, host: '0.0.0.0' })", ['8080']],
    ['an object with a name alone', 'const port = 8080;\nserver.listen({ port })', ['8080']],
    ['an expression over two lines', 'const port =\n  process.env.PORT ||\n  3000;\napp.listen(port)', ['3000 (PORT)']],
    [
      'a line that begins with the operator',
      'const port = process.env.PORT\n  || 3000\napp.listen(port)',
      ['3000 (PORT)'],
    ],
    ['two servers', 'http.listen(80);\nhttps.listen(443)', ['80', '443']],
    ['awaited', 'await app.listen(3000);', ['3000']],
    ['a chain', "http.createServer((q, s) => {\n  s.end('(');\n}).listen(8080);", ['8080']],
  ];
  const more: readonly (readonly [string, string, readonly string[]])[] = [
    [
      'a field of an object',
      'const config = { port: process.env.PORT || 8080, x: 1 };\napp.listen(config.port)',
      ['8080 (PORT)'],
    ],
    ['taken from an object', 'const config = { port: 8080 };\nconst { port } = config;\napp.listen(port)', ['8080']],
    [
      'a choice by the variable',
      'const p = process.env.PORT ? Number(process.env.PORT) : 3000;\napp.listen(p)',
      ['3000 (PORT)'],
    ],
    [
      'the environment by a short name',
      "import { env } from 'node:process';\napp.listen(env.PORT ?? 3000)",
      ['3000 (PORT)'],
    ],
    ['Hono', "import { serve } from '@hono/node-server';\nserve({ fetch: app.fetch, port: 8787 })", ['8787']],
    ['Hono without a port', "import { serve } from '@hono/node-server';\nserve(app)", []],
    [
      'Hono with an object without a port',
      "import { serve } from '@hono/node-server';\nserve({ fetch: app.fetch })",
      ['3000'],
    ],
    ['Bun', 'Bun.serve({ fetch(request) { return new Response("x"); } })', ['3000 (BUN_PORT)']],
    ['Bun with a port', "Bun.serve({ port: 4000, hostname: '0.0.0.0', fetch })", ['4000']],
    [
      'hapi',
      "const Hapi = require('@hapi/hapi');\nconst s = Hapi.server({ port: 3000, host: 'localhost' });",
      ['3000 loopback'],
    ],
    ['a web socket', "import { WebSocketServer } from 'ws';\nnew WebSocketServer({ port: 8081 })", ['8081']],
    ['a web socket on a server', "import { WebSocketServer } from 'ws';\nnew WebSocketServer({ server })", []],
    [
      'Apollo',
      "import { startStandaloneServer } from '@apollo/server/standalone';\nawait startStandaloneServer(server, { listen: { port: 4100 } });",
      ['4100'],
    ],
    [
      'Apollo without a port',
      "import { startStandaloneServer } from '@apollo/server/standalone';\nawait startStandaloneServer(server);",
      ['4000'],
    ],
    ['a serve of another package', "import { serve } from './static';\nserve({ port: 1 })", []],
    ['options of somewhere else', 'app.listen({ ...options, port: 3000 })', ['?']],
  ];
  it.each([...cases, ...more])('%s', (_, text, expected) => expect(seen(text)).toEqual(expected));

  it('the name of another scope does not hide it', () => {
    const text = [
      "var port = normalizePort(process.env.PORT || '3000');",
      "app.set('port', port);",
      'server.listen(port);',
      'function normalizePort(val) {',
      '  var port = parseInt(val, 10);',
      '  return port;',
      '}',
    ].join('\n');
    expect(seen(text)).toEqual(['3000 (PORT)']);
  });

  it('the variable that the image sets', () => {
    expect(seen('app.listen(process.env.PORT || 3000)', { PORT: '8080' })).toEqual(['8080']);
    expect(seen('app.listen(process.env.PORT)', { PORT: '8080' })).toEqual(['8080']);
  });

  it('marks the call up to its port', () => {
    const text = 'app.listen(process.env.PORT || 3000, run);';
    const [call] = findListenCalls(text, () => undefined);
    expect(text.slice(call?.span.start, call?.span.end)).toBe('listen(process.env.PORT || 3000');
  });
});

describe('ports that cannot be read are said to be unknown', () => {
  const cases: readonly (readonly [string, string, Readonly<Record<string, string | null>>])[] = [
    ['a value that is not known', 'app.listen(process.env.PORT || 3000)', { PORT: null }],
    ['a value that is no port', 'app.listen(process.env.PORT || 3000)', { PORT: 'tcp://10.0.0.1:80' }],
    ['a configuration', 'app.listen(config.port)', {}],
    ['another file', "import { PORT } from './config';\napp.listen(PORT)", {}],
    ['assigned twice', 'let port = 3000;\nif (x) port = 4000;\napp.listen(port)', {}],
    ['a condition', 'const port = dev ? 3000 : 80;\napp.listen(port)', {}],
    ['arithmetic', 'const port = 3000;\napp.listen(port + id)', {}],
    ['out of range', 'const port = 70000;\napp.listen(port)', {}],
  ];
  it.each(cases)('%s', (_, text, environment) => expect(seen(text, environment)).toEqual(['?']));

  it('no default', () => expect(seen('app.listen(process.env.PORT)')).toEqual(['? (PORT)']));
});

describe('what is no server', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['a server attached to another', 'const server = http.createServer(app);\nio.listen(server);'],
    ['a listener', 'history.listen((location) => track(location));'],
    ['no argument', 'const server = app.listen();'],
    ['a socket file', "app.listen('/run/app.sock');"],
    ['a comment', '// app.listen(3000)\n/* app.listen(4000) */'],
    ['text', 'console.log("call app.listen(3000)");\nconst help = `\napp.listen(3000)\n`;'],
    ['another method', 'bus.listenTo(3000)'],
  ];
  it.each(cases)('%s', (_, text) => expect(seen(text)).toEqual([]));
});

describe('the host', () => {
  const cases: readonly (readonly [string, string, readonly string[]])[] = [
    ['loopback', "app.listen(3000, '127.0.0.1')", ['3000 loopback']],
    ['localhost in a constant', "const HOST = 'localhost';\napp.listen(3000, HOST)", ['3000 loopback']],
    ['a default', "app.listen(3000, process.env.HOST || 'localhost')", ['3000 loopback']],
    ['all interfaces', "app.listen(3000, '0.0.0.0', done)", ['3000']],
    ['IPv6', "app.listen(3000, '::')", ['3000']],
    ['not known', 'app.listen(3000, config.host)', ['3000']],
    ['a field', "const config = { host: '127.0.0.1' };\napp.listen(3000, config.host)", ['3000 loopback']],
    [
      'a server beside fastify',
      "import Fastify from 'fastify';\nconst s = http.createServer();\ns.listen(3000)",
      ['3000'],
    ],
    ['fastify binds localhost', "import Fastify from 'fastify';\nserver.listen({ port: 3000 })", ['3000 loopback']],
    [
      'fastify with a host',
      "const fastify = require('fastify')();\nfastify.listen({ port: 3000, host: '0.0.0.0' })",
      ['3000'],
    ],
  ];
  it.each(cases)('%s', (_, text, expected) => expect(seen(text)).toEqual(expected));
});

describe('other files', () => {
  const files: Readonly<Record<string, string>> = {
    './config':
      "import base from './base';\nexport const PORT = process.env.PORT || 8080;\nexport default { port: 4000, host: 'localhost', base };",
    './settings': 'module.exports = { port: 5000, web: web.port };',
    './single': 'exports.port = 6000;',
    './computed': 'module.exports = load();',
    './changed': 'const config = { port: 1 };\nif (x) config.port = 2;\nmodule.exports = config;',
    './twice': 'exports.port = 1000;\nexports.port = 2000;',
    './again': "const { PORT } = require('./config');\nmodule.exports = { PORT };",
  };
  const ports = (text: string) =>
    findListenCalls(
      text,
      () => undefined,
      (_, name) => (files[name] === undefined ? null : { file: name, text: files[name] }),
    ).map(
      ({ port, variable, loopback }) =>
        `${port ?? '?'}${variable ? ` (${variable})` : ''}${loopback ? ' loopback' : ''}`,
    );
  const cases: readonly (readonly [string, string, readonly string[]])[] = [
    ['a named export', "import { PORT } from './config';\napp.listen(PORT)", ['8080 (PORT)']],
    ['under another name', "import { PORT as port } from './config';\napp.listen(port)", ['8080 (PORT)']],
    ['the default export', "import config from './config';\napp.listen(config.port, config.host)", ['4000 loopback']],
    ['module.exports', "const settings = require('./settings');\napp.listen(settings.port)", ['5000']],
    ['taken apart', "const { port } = require('./settings');\napp.listen(port)", ['5000']],
    ['exports', "const { port } = require('./single');\napp.listen(port)", ['6000']],
    ['handed on', "const { PORT } = require('./again');\napp.listen(PORT)", ['8080 (PORT)']],
    ['computed', "const config = require('./computed');\napp.listen(config.port)", ['?']],
    ['a value that is not known', "const { web } = require('./settings');\napp.listen(web.port)", ['?']],
    ['a field that is set again', "const config = require('./changed');\napp.listen(config.port)", ['?']],
    [
      'handed to what may change it',
      "const settings = require('./settings');\nrequire('./load')(settings);\napp.listen(settings.port)",
      ['?'],
    ],
    ['set twice', "const { port } = require('./twice');\napp.listen(port)", ['?']],
    ['not there', "import { PORT } from './missing';\napp.listen(PORT)", ['?']],
    ['called', "const config = require('./settings')();\napp.listen(config.port)", ['?']],
  ];
  it.each(cases)('%s', (_, text, expected) => expect(ports(text)).toEqual(expected));
});

describe('a server that may not be started', () => {
  const isConditional = (text: string) => findListenCalls(text, () => undefined).map((one) => one.isConditional);
  const cases: readonly (readonly [string, string, boolean])[] = [
    ['at the top', "app.listen(3000, 'localhost')", false],
    ['in a function', "async function main() {\n  app.listen(3000, 'localhost');\n}\nmain();", false],
    ['in a callback', "connect().then(() => {\n  app.listen(3000, 'localhost');\n});", false],
    ['in the main module', "if (require.main === module) {\n  app.listen(3000, 'localhost');\n}", false],
    ['in a branch', "if (dev) {\n  app.listen(3000, 'localhost');\n}", true],
    ['in the other branch', "if (prod) {\n} else {\n  app.listen(3000, 'localhost');\n}", true],
    ['in a function in a branch', "if (dev) {\n  go(() => {\n    app.listen(3000, 'localhost');\n  });\n}", true],
    ['without braces', "if (dev) app.listen(3000, 'localhost')", true],
    ['behind &&', "dev && app.listen(3000, 'localhost')", true],
    ['fastify that is not seen', "import { app } from './app';\nimport 'fastify';\napp.listen({ port: 3000 })", true],
    ['fastify', "import Fastify from 'fastify';\nconst app = Fastify({});\napp.listen({ port: 3000 })", false],
  ];
  it.each(cases)('%s', (_, text, expected) => expect(isConditional(text)).toEqual([expected]));
});

it('names the modules that a file takes from beside it', () => {
  const text = "import app from './app.js';\nimport './x';\nconst y = require('../y');\nimport z from 'z'; // './no'";
  expect(relativeImports(text)).toEqual(['./app.js', './x', '../y']);
});

describe('hostile text', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['brackets', `app.listen(${'('.repeat(50_000)}`],
    ['comment openers', 'listen /*'.repeat(30_000)],
    ['quotes', `listen ${'\'"`'.repeat(50_000)}`],
    ['a constant of itself', 'const p = p || p || p;\napp.listen(p)'],
    ['many declarations', `${'const p = 1;{'.repeat(10_000)}app.listen(p)`],
    [
      'a long chain',
      Array.from({ length: 2000 }, (_, n) => `const p${n} = p${n + 1};`)
        .join('\n')
        .concat('a.listen(p0)'),
    ],
  ];
  it.each(cases)('%s', (_, text) => {
    const start = performance.now();
    findListenCalls(text, () => undefined);
    expect(performance.now() - start).toBeLessThan(1000);
  });
});
