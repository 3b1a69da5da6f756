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
  help: (value) =>
    /^[\w-]+(?:\.[\w-]+)+(?:[:/]\S*)?$/.test(value) && value.length < 100
      ? `write it with its scheme: \`https://${value}\``
      : 'write an address that begins with `https://`',
});
