import type { AddInstruction, Word } from '../../dockerfile/ast.js';
import { isCheckedAfter } from '../../facts/downloads.js';
import type { Facts } from '../../facts/types.js';
import { defineRule } from '../define-rule.js';

/** What an address leads to may change at any time; with a checksum the build stops instead of taking something else. */
export default defineRule({
  id: 'download/add-checksum',
  summary: 'Give ADD the checksum of what it fetches',
  category: 'security',
  severity: 'info',
  presets: ['strict'],
  since: '0.2.0',
  messages: {
    unchecked: ({ name }: { name: string }) => ({
      message: `nothing tells whether ${name} is still the file that was meant: whoever controls the server decides what is in the image`,
      help: 'write `ADD --checksum=sha256:DIGEST ADDRESS DESTINATION`; `sha256sum` of the file says the digest',
    }),
  },
  check({ facts, report }) {
    for (const add of facts.instructions('ADD')) {
      const [only, more] = add.sources;
      // BuildKit takes a checksum for a single source.
      if (!only || more || add.flags.some(({ name }) => name === 'checksum')) continue;
      if (!isFile(only, add, facts) || isCheckedAfter(facts.stageOf(add), add.span.end, facts)) continue;
      const name = /([^/?#]+)(?:[?#].*)?$/.exec(only.text.replace(/["']/g, ''))?.[1] ?? 'it';
      report('unchecked', { at: only.span, data: { name: `\`${name.slice(0, 60)}\`` } });
    }
  },
});

/** A file that has one digest: no repository, no address that answers otherwise each time, none for each platform. */
function isFile(word: Word, add: AddInstruction, facts: Facts): boolean {
  const expanded = facts.expand(word, add);
  const url = (expanded.ok ? expanded.value : null) ?? word.text.replace(/^["']|["']$/g, '');
  if (!/^https?:\/\/[^/]+\/./i.test(url) || /\.git(?:[#?]|$)/.test(url)) return false;
  if (/\$\{?(?:TARGET|BUILD)(?:PLATFORM|OS|ARCH|VARIANT)\b/.test(word.text)) return false;
  // Such addresses are fetched to have the cache end with a new commit.
  return !/^https?:\/\/(?:api\.|www\.random\.org\/)|[?&]format=|\/randbyte|\/commits?(?:\/|\?|\.atom|$)|\/refs\/heads\//i.test(
    url,
  );
}
