import { isUrl } from '../../facts/label-values.js';
import { labelValueRule } from '../label-value-rule.js';

/** The labels that the OCI defines as URLs (https://specs.opencontainers.org/image-spec/annotations/). */
const LABELS = ['documentation', 'source', 'url'].map((name) => `org.opencontainers.image.${name}`);

export default labelValueRule({
  id: 'label/valid-url',
  summary: 'Write whole URLs in labels that are links',
  code: 'DL3052',
  wanted: 'a URL',
  labels: LABELS,
  cost: 'registries and update tools cannot follow it',
  isValid: isUrl,
  help: (value) => {
    const meant = value.length < 100 ? addressMeant(value) : null;
    return meant === null ? 'write an address that begins with `https://`' : `write \`${meant}\``;
  },
});

/** What is meant by `example.com/web`, and by what git takes for an address: `git@example.com:web.git`. */
function addressMeant(value: string): string | null {
  const [, host, path] = /^git@([\w.-]+):([\w./~-]+?)(?:\.git)?$/.exec(value) ?? [];
  if (host !== undefined && path !== undefined) return `https://${host}/${path}`;
  return /^[\w-]+(?:\.[\w-]+)+(?:[:/]\S*)?$/.test(value) ? `https://${value}` : null;
}
