import type { Keyword } from './ast.js';

export const KEYWORDS: readonly Keyword[] = [
  'ADD',
  'ARG',
  'CMD',
  'COPY',
  'ENTRYPOINT',
  'ENV',
  'EXPOSE',
  'FROM',
  'HEALTHCHECK',
  'LABEL',
  'MAINTAINER',
  'ONBUILD',
  'RUN',
  'SHELL',
  'STOPSIGNAL',
  'USER',
  'VOLUME',
  'WORKDIR',
];

const SET: ReadonlySet<string> = new Set(KEYWORDS);

/** The keyword of a word in any case; `UNKNOWN` where it is none. */
export function keywordOf(word: string): Keyword | 'UNKNOWN' {
  if (SET.has(word)) return word as Keyword;
  const upper = word.toUpperCase();
  return SET.has(upper) ? (upper as Keyword) : 'UNKNOWN';
}

/**
 * `text` needs a value and stands once, `list` may be repeated, `switch` is true, false or alone.
 */
export type FlagType = 'text' | 'list' | 'switch';

export type FlagTypes = Readonly<Record<string, FlagType>>;

const NO_FLAGS: FlagTypes = {};

/** The flags of each instruction that has any, those of the newest syntax among them. */
const FLAGS: Readonly<Partial<Record<Keyword, FlagTypes>>> = {
  ADD: {
    checksum: 'text',
    chmod: 'text',
    chown: 'text',
    exclude: 'list',
    'keep-git-dir': 'switch',
    link: 'switch',
    unpack: 'switch',
  },
  COPY: { chmod: 'text', chown: 'text', exclude: 'list', from: 'text', link: 'switch', parents: 'switch' },
  FROM: { platform: 'text' },
  HEALTHCHECK: { interval: 'text', retries: 'text', 'start-interval': 'text', 'start-period': 'text', timeout: 'text' },
  RUN: { device: 'list', mount: 'list', network: 'text', security: 'text' },
};

/** Names without dashes; case matters. */
export function flagsOf(keyword: Keyword | 'UNKNOWN'): FlagTypes {
  return (keyword !== 'UNKNOWN' && FLAGS[keyword]) || NO_FLAGS;
}
