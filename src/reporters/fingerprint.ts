import { createHash } from 'node:crypto';
import type { Finding } from '../model/finding.js';
import { lineIndexAt, lineSpan, textAt } from '../model/source.js';

/**
 * Rule, path and text of the line, blanks squeezed, with a number that tells equal ones apart: the same after lines were
 * added or removed elsewhere.
 *
 * @param seen counts what was asked for; unique among all that share it.
 */
export function fingerprintOf(finding: Finding, seen: Map<string, number>): string {
  const { file, span } = finding.at;
  const line = textAt(file, lineSpan(file, lineIndexAt(file, span.start)));
  return fingerprint([finding.rule, file.path, line.trim().replace(/\s+/g, ' ')], seen);
}

/** The same for what is no finding. */
export function fingerprint(parts: readonly string[], seen: Map<string, number>): string {
  const hash = createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
  const occurrence = (seen.get(hash) ?? 0) + 1;
  seen.set(hash, occurrence);
  return `${hash}:${occurrence}`;
}
