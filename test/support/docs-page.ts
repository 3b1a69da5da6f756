import type { Encoding } from './lint-one.js';

/** A fence of a rule's page: ` ```dockerfile bad `, ` ```dockerfile ok `, or ` ```json file=package.json `. */
export interface Fence {
  readonly language: string;
  readonly info: string;
  readonly content: string;
  /** The heading above it. */
  readonly section: string;
}

export interface Example {
  readonly polarity: 'bad' | 'ok';
  /** The build context with the Dockerfile. */
  readonly files: Readonly<Record<string, string>>;
  /** How the Dockerfile's text comes to bytes (`dockerfile bad encoding=latin1`). */
  readonly encoding: Encoding;
  /** Options of the rule, for one that does nothing without (`dockerfile bad options={"labels":["team"]}`). */
  readonly options: Readonly<Record<string, unknown>>;
}

/** All fences of a page, in order. */
export function fencesOf(markdown: string): readonly Fence[] {
  const fences: Fence[] = [];
  let section = '';
  let open: { info: string; lines: string[] } | null = null;
  for (const line of markdown.split('\n')) {
    const mark = /^```(.*)$/.exec(line);
    if (open && mark) {
      const [language = '', ...info] = open.info.split(' ');
      fences.push({ language, info: info.join(' '), content: `${open.lines.join('\n')}\n`, section });
      open = null;
    } else if (mark) open = { info: mark[1] ?? '', lines: [] };
    else if (open) open.lines.push(line);
    else if (line.startsWith('## ')) section = line.slice(3);
  }
  return fences;
}

/**
 * The Dockerfiles of a page with the files that stand beside them: a fence with `file=PATH` belongs to the examples that
 * follow it in its section; with `eol=crlf` its lines end as on Windows.
 */
export function examplesOf(markdown: string): readonly Example[] {
  const examples: Example[] = [];
  let section = '';
  let files: Record<string, string> = {};
  for (const fence of fencesOf(markdown)) {
    if (fence.section !== section) files = {};
    section = fence.section;
    const path = /(?:^| )file=(\S+)/.exec(fence.info)?.[1];
    const polarity = /(?:^| )(bad|ok)(?: |$)/.exec(fence.info)?.[1];
    const content = /(?:^| )eol=crlf(?: |$)/.test(fence.info) ? fence.content.replaceAll('\n', '\r\n') : fence.content;
    if (path !== undefined) files = { ...files, [path]: content };
    if (fence.language === 'dockerfile' && (polarity === 'bad' || polarity === 'ok')) {
      const encoding = (/(?:^| )encoding=(\S+)/.exec(fence.info)?.[1] ?? 'utf8') as Encoding;
      const options = JSON.parse(/(?:^| )options=(\{.*\})$/.exec(fence.info)?.[1] ?? '{}');
      examples.push({ polarity, encoding, options, files: { ...files, Dockerfile: fence.content } });
    }
  }
  return examples;
}
