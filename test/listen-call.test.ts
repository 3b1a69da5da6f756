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
  it.each(cases)('%s', (_, text, expected) => expect(seen(text)).toEqual(expected));

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
    ['fastify binds localhost', "import Fastify from 'fastify';\nserver.listen({ port: 3000 })", ['3000 loopback']],
    [
      'fastify with a host',
      "const fastify = require('fastify')();\nfastify.listen({ port: 3000, host: '0.0.0.0' })",
      ['3000'],
    ],
  ];
  it.each(cases)('%s', (_, text, expected) => expect(seen(text)).toEqual(expected));
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
