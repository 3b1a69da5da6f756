// biome-ignore-all lint/suspicious/noTemplateCurlyInString: a Dockerfile's variables look like this
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { configResolver } from '../src/config/effective.js';
import { NO_OVERRIDES } from '../src/config/types.js';
import { openContext } from '../src/context/build-context.js';
import { createMemoryFs, type MemoryEntry } from '../src/context/memory-fs.js';
import { decode } from '../src/dockerfile/decode.js';
import { readDocument } from '../src/dockerfile/read-document.js';
import { applyFixes } from '../src/engine/fix.js';
import { lint } from '../src/engine/lint.js';
import type { LintResult } from '../src/engine/types.js';
import { rules } from '../src/rules/index.js';
import { plimsoll } from './support/cli.js';
import { type FixtureCase, readCases } from './support/fixture-case.js';

/**
 * All rules on build contexts of the fixtures that were cut up: whatever the files hold, no rule throws, every finding
 * stands on something, and the fixes come to an end.
 */
type Files = Record<string, MemoryEntry>;

const { settings } = configResolver(null, { ...NO_OVERRIDES, presets: ['all'] }, rules)('/context/Dockerfile');
const cases = readCases().filter(({ settings: { encoding } }) => encoding === undefined);
const CONSTANT = { seed: 20_261_125 };

const LINES: readonly string[] = [
  ...[
    'FROM node:24 AS build',
    'FROM build',
    'FROM scratch',
    'FROM python:3.12-slim',
    'FROM --platform=a/constructor x',
  ],
  ...['COPY . .', 'COPY --from=0 / /', 'COPY --from=build /app /app', 'COPY package*.json ./', 'ADD https://x/a.tgz /'],
  ...['RUN npm ci', 'RUN yarn', 'RUN npm run __proto__', 'RUN cd a && constructor b', 'RUN apt-get install -y curl'],
  ...['RUN pip install -r requirements.txt', 'RUN go build ./...', 'RUN rm -rf /app && curl -o /app/x https://x/y'],
  ...['RUN --mount=type=cache,target=/root/.npm npm ci', 'RUN <<EOF\nnpm ci\nEOF', 'ONBUILD COPY . .', 'ARG A=$B'],
  ...['CMD ["constructor"]', 'CMD ["npm", "run", "toString"]', 'CMD npm start', 'ENTRYPOINT ["/entrypoint.sh"]'],
  ...['WORKDIR $X', 'USER node', 'ENV PATH=$PATH:/x', 'EXPOSE 3000 $P', 'HEALTHCHECK CMD curl localhost', '# escape=`'],
];
const TOKENS: readonly string[] = [
  ...[
    '"',
    "'",
    '\\',
    '`',
    '${',
    '$(',
    '&&',
    '||',
    ';',
    '|',
    '\n',
    '\r',
    '\0',
    '\ufeff',
    '\u202e',
    '\x1b[31m',
    '\ud800',
  ],
  ...[
    '[',
    ']',
    '{}',
    '[]',
    'null',
    '1',
    '""',
    '*',
    '!',
    '..',
    '/',
    '__proto__',
    'constructor',
    'x'.repeat(300),
    '&a',
    '*a',
  ],
];
const VALUES: readonly string[] = [
  ...['null', 'true', '-1', '""', '[]', '{}', '[null]', '[[]]', '{"a":{}}', '{"__proto__":"npm run __proto__"}'],
  ...['{"constructor":"x","toString":"node y"}', '"__proto__"', '["**", "../*"]', '"\\u0000"', `"${'y'.repeat(300)}"`],
];
const ENTRIES: readonly (MemoryEntry | null)[] = [
  ...['', '{', '[]', 'null', '"x"', `${'{"a":'.repeat(3000)}1`, '&a [*a]', 'a: &b [1]\nc: [*b, *b]\n<<: *b\n'],
  ...['{"scripts":{"__proto__":"node x","constructor":"npm run toString"},"dependencies":{"hasOwnProperty":"1"}}'],
  ...[null, { denied: true } as const, { link: '.' }, { link: '..' }, { link: 'package.json' }],
  new Uint8Array([0xff, 0xfe, 0, 0x41, 0x80]),
];
const FILES: readonly string[] = [
  ...['package.json', 'package-lock.json', 'pnpm-workspace.yaml', 'tsconfig.json', '.dockerignore', '.gitignore'],
  ...['compose.yaml', 'docker-bake.hcl', '.npmrc', '.yarnrc.yml', 'entrypoint.sh', 'server.js', 'next.config.js'],
  ...['requirements.txt', 'pyproject.toml', 'go.mod', 'Gemfile', '.nvmrc', 'src', 'node_modules', '.git', 'Makefile'],
];

type Edit = (text: string) => string;
const at = fc.double({ min: 0, max: 1, noNaN: true });
const place = (share: number, length: number): number => Math.floor(share * length);
const textEdit: fc.Arbitrary<Edit> = fc.oneof(
  fc.tuple(at, fc.constantFrom(...TOKENS)).map(
    ([share, token]): Edit =>
      (text) =>
        splice(text, share, 0, token),
  ),
  fc.tuple(at, fc.nat(30)).map(
    ([share, length]): Edit =>
      (text) =>
        splice(text, share, length, ''),
  ),
  fc.tuple(at, at).map(
    ([from, to]): Edit =>
      (text) => {
        const lines = text.split('\n');
        const [moved = ''] = lines.splice(place(from, lines.length), 1);
        lines.splice(place(to, lines.length + 1), 0, moved, moved);
        return lines.join('\n');
      },
  ),
  fc.tuple(at, fc.constantFrom(...VALUES)).map(
    ([share, value]): Edit =>
      (text) => {
        const found = [...text.matchAll(/(?<=":\s*)(?:"[^"\n]*"|\d+|\{[^{}]*\}|\[[^[\]]*\])/g)];
        const one = found[place(share, found.length)];
        return one ? text.slice(0, one.index) + value + text.slice(one.index + one[0].length) : text;
      },
  ),
);
const lineEdit = fc.tuple(at, fc.constantFrom(...LINES)).map(
  ([share, line]): Edit =>
    (text) => {
      const lines = text.split('\n');
      lines.splice(place(share, lines.length + 1), 0, line);
      return lines.join('\n');
    },
);
const wholeEdit = fc.constantFrom<Edit>(
  (text) => text.replaceAll('\n', '\r'),
  (text) => text.replaceAll('\n', '\r\n'),
  (text) => `\ufeff${text}`,
  (text) => text.replaceAll(/^(?=[A-Z])/gm, 'ONBUILD '),
  () => '',
);
const dockerfileEdits = fc.array(
  fc.oneof({ weight: 6, arbitrary: textEdit }, { weight: 6, arbitrary: lineEdit }, { weight: 1, arbitrary: wholeEdit }),
  { maxLength: 6 },
);
const fileEdits = fc.array(
  fc.record({
    path: fc.oneof(at, fc.constantFrom(...FILES)),
    edit: fc.oneof({ weight: 3, arbitrary: textEdit }, { weight: 2, arbitrary: fc.constantFrom(...ENTRIES) }),
  }),
  { maxLength: 5 },
);
const mutated = fc
  .tuple(fc.constantFrom(...cases), dockerfileEdits, fileEdits)
  .map(([one, edits, others]) => ({ one, name: nameOf(one), files: mutate(one, edits, others) }));

function nameOf({ settings: { dockerfile = 'Dockerfile' } }: FixtureCase): string {
  return dockerfile;
}

function splice(text: string, share: number, length: number, added: string): string {
  const start = place(share, text.length + 1);
  return text.slice(0, start) + added + text.slice(start + length);
}

function mutate(
  one: FixtureCase,
  edits: readonly Edit[],
  others: readonly { readonly path: string | number; readonly edit: Edit | MemoryEntry | null }[],
): Files {
  const name = nameOf(one);
  const files: Files = { ...one.files };
  for (const { path: wanted, edit } of others) {
    const names = Object.keys(files);
    const path = typeof wanted === 'string' ? wanted : (names[place(wanted, names.length)] ?? 'package.json');
    if (path === name) continue;
    const before = files[path];
    if (typeof edit !== 'function') {
      delete files[path];
      // A directory where a file is expected.
      files[edit === null ? `${path}/` : path] = edit ?? '';
    } else if (before === undefined || typeof before === 'string') files[path] = edit(before ?? '');
  }
  files[name] = edits.reduce((text, edit) => edit(text), one.files[name] ?? '');
  return files;
}

function run({ settings: own }: FixtureCase, files: Files, name: string): LintResult {
  const root = '/context';
  const fs = createMemoryFs(files, { base: root, executable: own.executable ?? [] });
  const text = files[name];
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : new Uint8Array();
  const context = openContext(fs, { root, displayRoot: '.', dockerfile: `${root}/${name}`, certainty: 'given' });
  const buildArgs = new Map(Object.entries(own.buildArgs ?? {}));
  const options = { target: own.target ?? null, buildArgs, now: new Date('2026-11-23') };
  return lint({ document: readDocument(decode(bytes, name)), settings, context, options }, rules);
}

function expectSound({ findings, crashed }: LintResult): void {
  if (crashed.length > 0) throw new Error(crashed[0]?.rule, { cause: crashed[0]?.error });
  for (const { rule, message, help, label, at: own, related, fix } of findings) {
    for (const { file, span } of [own, ...related, ...(fix?.edits ?? [])]) {
      if (!(span.start >= 0 && span.start <= span.end && span.end <= file.text.length))
        expect.fail(`${rule} leaves ${file.path}: ${JSON.stringify(span)}`);
    }
    for (const { file, span } of [own, ...related]) {
      if (file.text !== '' && span.start === span.end) expect.fail(`${rule} marks nothing in ${file.path}`);
    }
    for (const sentence of [message, help ?? '', label ?? '', ...related.map((one) => one.message)]) {
      if (sentence.length >= 200 || /\[object |\[native code/.test(sentence)) expect.fail(`${rule}: ${sentence}`);
    }
  }
}

test('no context makes a rule throw or point at nothing, and its fixes come to an end', () => {
  fc.assert(
    fc.property(mutated, ({ one, name, files }) => {
      let state = run(one, files, name);
      expectSound(state);
      let now = files;
      for (let pass = 0; state.findings.some(({ fix }) => fix); pass++) {
        const { changed, applied } = applyFixes(state.findings, 'all');
        if (applied.length === 0) break;
        if (pass === 20) expect.fail(`fixes go on: ${applied.map(({ rule }) => rule).join(' ')}`);
        now = { ...now, ...Object.fromEntries([...changed].map(([file, text]) => [file.path, text])) };
        state = run(one, now, name);
        expectSound(state);
      }
    }),
    { ...CONSTANT, numRuns: 400 },
  );
});

/** All but line ends and tabs. */
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

const COMMANDS: readonly (readonly string[])[] = [
  ['--preset', 'all', '-f', 'text'],
  ['--preset', 'all', '-f', 'json'],
  ['context'],
  ['context', '--json'],
  ['layers'],
  ['layers', '-f', 'json'],
  ['layers', '-f', 'mermaid'],
];

test('no context makes a command fail from within, or print what acts on a terminal', async () => {
  await fc.assert(
    fc.asyncProperty(mutated, fc.constantFrom(...COMMANDS), async ({ name, files }, command) => {
      const { out, err } = await plimsoll([...command, name], { files });
      if (/internal/.test(err)) expect.fail(err);
      if (CONTROL.test(`${out}${err}`)) expect.fail(JSON.stringify(`${out}${err}`));
    }),
    { ...CONSTANT, numRuns: 150 },
  );
});
