import type { Finding } from '../../src/model/finding.js';
import type { FileReport, Report, RuleInfo } from '../../src/model/report.js';
import { createSource, type SourceFile } from '../../src/model/source.js';
import type { Span } from '../../src/model/span.js';

export function spanOf(text: string, word: string): Span {
  const start = text.indexOf(word);
  return { start, end: start + word.length };
}

export function finding(file: SourceFile, at: string | Span, more: Partial<Finding> = {}): Finding {
  return {
    rule: 'apt/no-recommends',
    severity: 'warning',
    message: 'recommended packages come along',
    help: null,
    label: null,
    at: { file, span: typeof at === 'string' ? spanOf(file.text, at) : at },
    related: [],
    fix: null,
    sensitive: [],
    suppressed: null,
    ...more,
  };
}

export function report(files: readonly FileReport[]): Report {
  return {
    tool: { name: 'plimsoll', version: '0.1.0' },
    files,
    failures: [],
    rules: new Map([ruleInfo('apt/no-recommends', ['DL3015']), ruleInfo('context/copy-ignored', [])]),
  };
}

function ruleInfo(id: string, aliases: readonly string[]): [string, RuleInfo] {
  const url = `https://example.org/rules/${id}`;
  return [id, { id, aliases, summary: `Summary of ${id}`, category: 'size', severity: 'info', url }];
}

export function sampleReport(): Report {
  const text = [
    'FROM node:22',
    'WORKDIR /app',
    'COPY . .',
    'RUN npm ci',
    'RUN apt-get update && \\',
    '    apt-get install curl && \\',
    '    true',
    'EXPOSE 8080',
    'COPY dist ./dist',
    'CMD npm start',
    'USER root',
  ].join('\n');
  const file = createSource('app/Dockerfile', text);
  const ignore = createSource('app/.dockerignore', '.git\n\ndist\n');
  const manifest = createSource('app/package.json', '{\r\n  "name": "a"\r\n}\r\n');
  const install = spanOf(text, 'install');
  const findings: Finding[] = [
    finding(file, '. .', {
      rule: 'context/copy-ignored',
      message: 'every source edit reinstalls the dependencies',
      label: 'brings package.json together with 41 other files',
      help: 'copy package.json and package-lock.json first, run npm ci, then copy the rest',
      at: { file, span: { start: text.indexOf('. .'), end: text.indexOf('. .') + 1 } },
      related: [
        { file, span: spanOf(text, 'npm ci'), message: 'runs again whenever any of them changes' },
        { file, span: spanOf(text, 'FROM'), message: 'two lines above' },
        { file, span: spanOf(text, '8080'), message: 'far below' },
      ],
      fix: {
        kind: 'suggestion',
        title: 'Copy the manifests first',
        edits: [
          { file, span: spanOf(text, '. .'), text: 'package*.json ./' },
          { file: ignore, span: { start: 0, end: 0 }, text: 'node_modules\n' },
        ],
      },
    }),
    finding(file, { start: text.indexOf('apt-get update'), end: text.indexOf('true') + 4 }, { severity: 'style' }),
    finding(file, 'install', {
      severity: 'info',
      message: '`apt-get install` also pulls recommended packages',
      help: `${'a help text of many words that does not fit one line '.repeat(3)}and ends`,
      label: 'a label that is so long that it cannot stand beside the squiggle and goes below it, at the right',
      fix: {
        kind: 'safe',
        title: 'Add --no-install-recommends',
        edits: [{ file, span: { start: install.end, end: install.end }, text: ' --no-install-recommends' }],
      },
    }),
    finding(file, 'dist', {
      rule: 'context/copy-ignored',
      severity: 'error',
      message: 'COPY finds no file, since `dist` is ignored',
      related: [
        { file: ignore, span: spanOf(ignore.text, 'dist'), message: 'this pattern leaves it out of the build context' },
      ],
    }),
    finding(file, 'USER root', {
      message: 'this one is silenced',
      suppressed: { by: { file, span: spanOf(text, 'USER') }, reason: 'needs root' },
    }),
    finding(manifest, '"name"', { rule: 'internal', message: 'a finding in another file, of no known rule' }),
  ];
  return report([
    { source: file, context: 'app', findings },
    { source: createSource('Dockerfile', 'FROM scratch\n'), context: '.', findings: [] },
  ]);
}

export function cleanReport(): Report {
  const clean = (path: string) => ({ source: createSource(path, 'FROM scratch\n'), context: '.', findings: [] });
  return { ...report([clean('Dockerfile'), clean('web/Dockerfile')]), rules: new Map() };
}

/** Everything that a file, a path or a message could try on a terminal or on a consumer. */
export function hostile(): Report {
  const evil =
    '\u001b[2J\u001b]0;owned\u0007 \u009b31m \u202egnp.exe\u202c \u200b \ufeff \u{e0041} \ud83d %0A ::error::x \ufffe\uffff ]]> <!-- &amp; "\' \u{1f600}';
  const file = createSource(`a b,c:d\u001b[1m\u202e/Docker\nfile`, `RUN\techo ${evil}\r\r\n\u0000`);
  const found = finding(file, evil, {
    message: `message ${evil}\n::error::second line`,
    label: evil,
    help: `${evil}\n::warning::third line`,
    related: [{ file, span: spanOf(file.text, '\u0000'), message: evil }],
  });
  const withFailure = report([{ source: file, context: null, findings: [found] }]);
  return { ...withFailure, failures: [{ path: `gone\u001b[1m,:%`, message: `no such file ${evil}\n::error::x` }] };
}

/** A syntax error and other places that are hard to tell: beyond ASCII, behind tabs, of no width, up to a line end, shared. */
export function places(): Report {
  const text =
    'FROM a\r\nRUNN\techo \ud55c\uad6d\uc5b4 \u{1f469}\u200d\u{1f4bb} && apt-get install\r\nRUN a \\\r\n  b\r\n';
  const file = createSource('Dockerfile', text);
  const ignore = createSource('.dockerignore', '# none\n!!x\n');
  const other = createSource('web/Dockerfile', 'FROM a');
  const shared = finding(ignore, '!!', { severity: 'info', message: 'a pattern that leaves nothing out' });
  const twice = { message: 'said twice', help: 'write it once' };
  const findings = [
    finding(file, 'RUNN', { rule: 'syntax/unknown-instruction', severity: 'error', message: 'there is no RUNN' }),
    finding(file, 'install', {
      ...twice,
      related: [{ file: ignore, span: spanOf(ignore.text, '#'), message: 'here' }],
    }),
    finding(file, { start: text.indexOf('install'), end: text.indexOf('install') }, twice),
    finding(file, { start: text.indexOf('RUN a'), end: text.length }, twice),
    finding(file, { start: text.length, end: text.length }, { message: 'at the end' }),
    shared,
  ];
  return report([
    { source: file, context: '.', findings },
    { source: other, context: '.', findings: [shared] },
  ]);
}

/** Nothing could be read. */
export function failed(): Report {
  const failures = [
    { path: 'gone', message: 'no such file or directory' },
    { path: 'a/secret.Dockerfile', message: 'permission denied' },
  ];
  return { ...report([]), failures, rules: new Map() };
}

/** What goes through every format. */
export const REPORTS = {
  findings: sampleReport(),
  clean: cleanReport(),
  hostile: hostile(),
  places: places(),
  failed: failed(),
};
