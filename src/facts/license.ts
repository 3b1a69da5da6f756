import parse from 'spdx-expression-parse';
import deprecated from 'spdx-license-ids/deprecated.json' with { type: 'json' };
import current from 'spdx-license-ids/index.json' with { type: 'json' };
import { suggest } from '../dockerfile/suggest.js';
import { lazy } from './lazy.js';

/** Values of a licence field that are no expression (https://spdx.github.io/spdx-spec/v2.3/package-information/). */
const NO_EXPRESSION = new Set(['NONE', 'NOASSERTION']);
/** Guards the parser, which recurses; the longest expression in the wild is a line or two. */
const LONGEST = 1000;

/** In lower case, since identifiers are compared without regard to case. */
const identifiers = lazy(() => new Map([...current, ...deprecated].map((id) => [id.toLowerCase(), id])));

/**
 * Whether a text is an SPDX licence expression (https://spdx.github.io/spdx-spec/v2.3/SPDX-license-expressions/), which
 * `org.opencontainers.image.licenses` wants.
 */
export function isLicenseExpression(text: string): boolean {
  if (text.length > LONGEST || NO_EXPRESSION.has(text)) return true;
  const known = identifiers();
  try {
    parse(text.replace(/[A-Za-z0-9.-]+/g, (word) => known.get(word.toLowerCase()) ?? word));
    return true;
  } catch {
    return false;
  }
}

/** The expression that a name such as `Apache License 2.0` or `GPLv3` stands for; null where none is sure enough. */
export function licenseMeant(text: string): string | null {
  const words = text
    .toLowerCase()
    .replace(/\b(?:the|licen[cs]e|licen[cs]ed|version|v)\b|[,"()]/g, ' ')
    .trim()
    .split(/[\s_-]+/)
    .join('-')
    .replace(/^(a?gpl|lgpl|apache|mpl|bsl|epl|artistic)-?v?(\d)/, '$1-$2');
  const [, family, number] = /^(a?gpl|lgpl)-(\d(?:\.\d)?)$/.exec(words) ?? [];
  const release = number === undefined || number.includes('.') ? number : `${number}.0`;
  if (family !== undefined) {
    const only = identifiers().get(`${family}-${release}-only`);
    return only === undefined ? null : `${only}\` or \`${only.replace(/only$/, 'or-later')}`;
  }
  const known = identifiers();
  return known.get(words) ?? known.get(`${words}.0`) ?? suggest(words, current);
}
