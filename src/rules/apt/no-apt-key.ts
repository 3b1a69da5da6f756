import type { ImageFacts } from '../../facts/types.js';
import type { Command } from '../../shell/types.js';
import { defineRule } from '../define-rule.js';

/** What changes the keys; `list` and the like only show them. */
const CHANGES = new Set(['add', 'adv', 'del', 'net-update', 'update']);

/** Who asks first whether it is there has another way where it is not. */
const LOOKED_FOR = /(?:-v|which|type|hash)\s+apt-key|-x\s+\S*apt-key/;

/** {@link https://manpages.debian.org/bookworm/apt/apt-key.8.en.html} announces its end after Debian 12. */
export default defineRule({
  id: 'apt/no-apt-key',
  summary: 'Put the key of a repository into a file of its own rather than call apt-key',
  category: 'security',
  severity: 'warning',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  messages: {
    gone: ({ base }: { base: string }) => ({
      message: `\`${base}\` has no apt-key any more, so the build stops here`,
      help: 'save the key below /etc/apt/keyrings and name it in the source: `deb [signed-by=/etc/apt/keyrings/x.asc] https://...`',
    }),
    apart: () => ({
      message: 'apt-key is gone since Debian 13: on a newer base image the build stops here',
      help: 'save the key to that file with `gpg --dearmor`, or as it is with `.asc` at the end of the name',
    }),
    leaving: () => ({
      message: 'apt-key is gone since Debian 13, and its keys are trusted for every repository, not just the one meant',
      help: 'save the key below /etc/apt/keyrings and name it in the source: `deb [signed-by=/etc/apt/keyrings/x.asc] https://...`',
    }),
  },
  check({ facts, report }) {
    for (const { command, script, stage } of facts.commands('apt-key')) {
      const { nameWord, operands } = command;
      if (!nameWord || !operands.some(({ value }) => CHANGES.has(value))) continue;
      if (script && LOOKED_FOR.test(script.source.text)) continue;
      const isGone = stage && isWithoutAptKey(stage.image) && !command.conditional && command.next !== '||';
      if (isGone) report('gone', { at: nameWord.span, data: { base: stage.image.text ?? '' }, severity: 'error' });
      // Removing a key that came with the base image is what apt-key is still needed for.
      else if (operands.some(({ value }) => value === 'del')) continue;
      else if (isApart(command)) report('apart', { at: nameWord.span, severity: 'info' });
      else report('leaving', { at: nameWord.span });
    }
  },
});

/** Only the source that names this file trusts what is in it. */
function isApart({ words }: Command): boolean {
  const at = words.findIndex(({ value }) => value === '--keyring');
  const file = words[at + 1]?.value ?? '';
  return at >= 0 && file.startsWith('/') && !file.startsWith('/etc/apt/trusted.gpg');
}

function isWithoutAptKey({ name, tag, word }: ImageFacts): boolean {
  if (name !== 'docker.io/library/debian' || word?.text.includes('$')) return false;
  return /^(?:13|trixie|14|forky|sid|unstable|testing)(?:[.-]|$)/.test(tag ?? '');
}
