import type { Document, KeyValue, Word } from '../../dockerfile/ast.js';
import { expandWord } from '../../dockerfile/expand.js';
import { parseWords } from '../../dockerfile/words.js';
import { shorten } from '../../model/shorten.js';
import { defineRule, type FixInput } from '../define-rule.js';

/** `ENV name value` takes the rest of the line for the value, whatever stands in it, and is to go away. */
export default defineRule({
  id: 'instruction/key-value',
  summary: 'Put `=` between names and values of ENV and LABEL',
  category: 'style',
  severity: 'info',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  aliases: ['LegacyKeyValueFormat'],
  like: { buildkit: { severity: 'warning' } },
  fix: 'safe',
  messages: {
    legacy: ({ keyword, key }: { keyword: string; key: string }) => ({
      message: `all that follows \`${key}\` is its value, since there is no \`=\`: a second one on the line would be swallowed`,
      help: `write ${keyword} ${key}=..., in quotes where there are blanks; the old form is deprecated`,
    }),
    apart: ({ keyword, key, value }: { keyword: string; key: string; value: string }) => ({
      message: `the value of \`${key}\` is \`${value}\`, with the \`=\` in it: a blank before \`=\` makes it part of the value`,
      help: `write ${keyword} ${key}=..., with no blanks around the \`=\``,
    }),
    swallowed: ({ key, other }: { key: string; other: string }) => ({
      message: `\`${other}\` on a line below is not set: without \`=\` all of it is part of the value of \`${key}\``,
      help: `write \`${key}=...\` and \`${other}=...\`, with quotes where there are blanks`,
    }),
  },
  check({ document, facts, report }) {
    for (const { keyword, pairs, onbuild } of facts.instructions('ENV', 'LABEL')) {
      const [pair] = pairs;
      // BuildKit reads a trigger when it runs, in the build of another file.
      if (!pair?.legacy || !pair.value || onbuild) continue;
      const key = shorten(pair.key.text, 40);
      const other = swallowedBy(pair.value, document);
      if (other !== null) {
        report('swallowed', { at: pair.key.span, data: { key, other: shorten(other, 40) }, severity: 'warning' });
        continue;
      }
      if (/^=[ \t]/.test(pair.value.text)) {
        const value = shorten(pair.value.text, 40);
        report('apart', {
          at: pair.key.span,
          data: { keyword, key, value },
          severity: 'warning',
          fix: closeUp(pair, document),
        });
        continue;
      }
      report('legacy', {
        at: pair.key.span,
        data: { keyword, key },
        fix: fixOf(pair, document),
      });
    }
  },
});

/** A name at the start of a continued line, with something behind it, that was meant as a variable of its own. */
function swallowedBy({ span }: Word, { source }: Document): string | null {
  return /\n[ \t]*([A-Z][A-Z0-9_]+)(?:=|[ \t]+[^\s\\`])/.exec(source.text.slice(span.start, span.end))?.[1] ?? null;
}

/** A suggestion, since the value becomes another one. */
function closeUp({ key, value }: KeyValue, { escape: escapeCharacter }: Document): FixInput | null {
  const rest = value?.text.replace(/^=[ \t]+/, '');
  if (!value || rest === undefined || !/^[\w.-]+$/.test(key.text)) return null;
  const [word, more] = parseWords(rest, escapeCharacter);
  if (word?.text !== rest || more || !expandWord(rest, () => undefined, { escape: escapeCharacter }).ok) return null;
  const span = { start: key.span.end, end: value.span.end - rest.length };
  return { kind: 'suggestion', title: `Write ${shorten(key.text, 40)}=`, edits: [{ span, text: '=' }] };
}

/** None where the quotes would have to be told apart from those that belong to the value. */
function fixOf({ key, value }: KeyValue, { escape: escapeCharacter, source }: Document): FixInput | null {
  if (!value || /[="'\s]/.test(key.text) || key.text.includes(escapeCharacter)) return null;
  const title = `Write ${shorten(key.text, 40)}=`;
  const gap = { start: key.span.end, end: value.span.start };
  // A comment line between them would be lost.
  if (/#/.test(source.text.slice(gap.start, gap.end))) return null;
  const [word, more] = parseWords(value.text, escapeCharacter);
  // An open quote stops the build either way.
  if (!expandWord(value.text, () => undefined, { escape: escapeCharacter }).ok) return null;
  if (word?.text === value.text && !more) return { title, edits: [{ span: gap, text: '=' }] };
  if (/["']/.test(value.text) || value.text.includes(escapeCharacter)) return null;
  const end = { start: value.span.end, end: value.span.end };
  return {
    title,
    edits: [
      { span: gap, text: '="' },
      { span: end, text: '"' },
    ],
  };
}
