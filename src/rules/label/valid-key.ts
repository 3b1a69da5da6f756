import { labelsOf } from '../../facts/labels.js';
import { defineRule, semantics } from '../define-rule.js';

/** Labels that Docker's own products ask the author of an image for, though they are in its namespace. */
const ASKED_FOR = /^com\.docker\.(?:extension|desktop)\./;
/** Read by `podman container runlabel` under this very name. */
const COMMANDS = new Set(['RUN', 'INSTALL', 'UNINSTALL']);

/** https://docs.docker.com/engine/manage-resources/labels/#key-format-recommendations */
export default defineRule({
  id: 'label/valid-key',
  summary: "Name labels as Docker's guidelines have it",
  category: 'style',
  severity: 'style',
  presets: ['strict'],
  since: '0.2.0',
  aliases: ['DL3048'],
  like: { hadolint: { severity: 'style', options: { semantics: 'hadolint' } } },
  options: { semantics: semantics('hadolint') },
  messages: {
    reserved: ({ space }: { space: string }) => ({
      message: `labels that begin with \`${space}\` are Docker's own, and a later version may give this one a meaning`,
      help: 'begin it with the reversed name of a domain of yours',
    }),
    malformed: ({ key, written }: { key: string; written: string | null }) => ({
      message: `\`${key}\` is not written as names of labels are, so that filters and tools that look for it may miss it`,
      help:
        written === null
          ? 'begin and end with a letter or digit, and write small letters, digits, `_`, single `.` and `-`'
          : `write \`${written}\``,
    }),
  },
  check({ facts, options, report }) {
    const isLike = options.semantics === 'hadolint';
    for (const { key: value, pair, instruction } of labelsOf(facts)) {
      if (isLike ? instruction.onbuild : value !== null && COMMANDS.has(value)) continue;
      const key = isLike ? pair.key.text.replace(/^(["'])(.*)\1$/, '$2') : value;
      if (key === null || key === '') continue;
      const space = /^(?:com\.docker|io\.docker|org\.dockerproject)\./.exec(key)?.[0];
      if (space !== undefined && (isLike || !ASKED_FOR.test(key)))
        report('reserved', { at: pair.key.span, data: { space } });
      else if (!isWellFormed(key))
        report('malformed', { at: pair.key.span, data: { key: shortened(key), written: mended(key) } });
    }
  },
});

function isWellFormed(key: string): boolean {
  return /^[a-z][a-z0-9._-]*$/.test(key) && !/\.\.|--|[._-]$/.test(key);
}

/** The name that is meant where only the letters are other than they should be. */
function mended(key: string): string | null {
  const written = key.toLowerCase().replaceAll(' ', '-');
  return isWellFormed(written) && written.length <= 60 ? written : null;
}

function shortened(key: string): string {
  return key.length > 60 ? `${key.slice(0, 59)}…` : key;
}
