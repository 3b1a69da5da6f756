import type { KeyValue, Word } from '../dockerfile/ast.js';
import type { ImageReference } from '../dockerfile/image-reference.js';
import type { Span } from '../model/span.js';
import { memoise } from './lazy.js';
import type { Facts, ImageFacts } from './types.js';

/** The ARG before the first FROM whose default a word of FROM takes; null where it takes none. */
export function defaultOf({ text }: Word, facts: Facts): KeyValue | null {
  for (const [, name = ''] of text.slice(0, 1000).matchAll(/\$\{?(\w+)/g)) {
    const pair = defaults(facts).get(name);
    if (pair && !facts.options.buildArgs.has(name)) return pair;
  }
  return null;
}

const defaults = memoise((facts: Facts): ReadonlyMap<string, KeyValue> => {
  const pairs = facts.document.preamble.flatMap((one) => (one.keyword === 'ARG' ? one.pairs : []));
  return new Map(pairs.filter(({ value }) => value !== null).map((pair) => [pair.key.text, pair]));
});

/** True for an image that is made on the machine that builds, or stands for a named context: nobody publishes versions of it. */
export function isLocalImage({ registry, repository, familiarName }: ImageReference, { context }: Facts): boolean {
  if (context?.namedContexts.has(familiarName)) return true;
  return /^localhost(?::\d+)?$/.test(registry) || /^local[-_.\w]*\//.test(repository);
}

/** Without a subscription these publish hardly more than `latest`: only a digest stays the same. */
export function hasFewTags({ name }: ImageReference): boolean {
  return name.startsWith('cgr.dev/chainguard/') || name.startsWith('gcr.io/distroless/');
}

/** The tag where it stands in FROM, else the whole word; null where there is no FROM. */
export function tagSpan({ word, text, reference }: ImageFacts): Span | null {
  if (!word) return null;
  const isLiteral = word.text === text && word.span.end - word.span.start === word.text.length;
  const tag = reference?.tag ?? null;
  const at = isLiteral && tag !== null ? word.text.indexOf(`:${tag}`, word.text.lastIndexOf('/') + 1) : -1;
  if (at === -1 || tag === null) return word.span;
  return { start: word.span.start + at + 1, end: word.span.start + at + 1 + tag.length };
}

/** False where something else than the file may say what image this is: a compose file, a named context. */
export function isSettledImage({ word, reference }: ImageFacts, facts: Facts): boolean {
  const { context, options } = facts;
  if (!word || !reference || isLocalImage(reference, facts)) return false;
  const names = [...word.text.slice(0, 1000).matchAll(/\$\{?(\w+)/g)].map(([, name = '']) => name);
  return names.every((name) => options.buildArgs.has(name) || context?.suppliedArgs.has(name) !== true);
}
