import { decode } from '../dockerfile/decode.js';
import { readDocument } from '../dockerfile/read-document.js';
import { analyse } from '../facts/analyse.js';
import { wantedPlatforms } from '../facts/base-platforms.js';
import type { AnalysisOptions, PublishedPlatforms } from '../facts/types.js';
import { createRegistryClient, referenceKey } from '../registry/client.js';
import type { Io } from './io.js';

/** Asks registries before a file is linted, so that its rules have all they need at once. */
export interface RegistryStep {
  publishedFor(bytes: Uint8Array, display: string): Promise<NonNullable<AnalysisOptions['published']>>;
}

/** @param note is told of each image that could not be asked for, once. */
export function createRegistryStep(options: AnalysisOptions, io: Io, note: (text: string) => void): RegistryStep {
  const client = createRegistryClient(io.fetch);
  const known = new Map<string, PublishedPlatforms | null>();
  return {
    async publishedFor(bytes, display) {
      const document = readDocument(decode(bytes, display));
      const wanted = wantedPlatforms(analyse({ document, context: null, options }));
      const missing = new Map(
        wanted.map(({ reference }) => [referenceKey(reference), reference] as const).filter(([key]) => !known.has(key)),
      );
      await Promise.all(
        [...missing].map(async ([key, reference]) => {
          const answer = await client.published(reference);
          known.set(key, answer.ok ? answer : null);
          if (!answer.ok) note(`--registry: ${key}: ${answer.reason}`);
        }),
      );
      return (reference) => known.get(referenceKey(reference)) ?? null;
    },
  };
}
