import type { SimpleInstruction, Word } from '../../dockerfile/ast.js';
import { hostPartLength, parsePort } from '../../dockerfile/ports.js';
import { suggest } from '../../dockerfile/suggest.js';
import type { Facts } from '../../facts/types.js';
import { shorten } from '../../model/shorten.js';
import type { Span } from '../../model/span.js';
import { defineRule, semantics } from '../define-rule.js';

/** BuildKit refuses a port that is none, and drops what stands for the host before it. */
export default defineRule({
  id: 'runtime/valid-port',
  summary: 'EXPOSE ports that exist, and nothing of the host',
  category: 'correctness',
  severity: 'error',
  presets: ['recommended', 'strict'],
  since: '0.1.0',
  aliases: ['DL3011', 'ExposeInvalidFormat'],
  like: { hadolint: { severity: 'error', options: { semantics: 'hadolint' } }, buildkit: { severity: 'warning' } },
  fix: 'safe',
  options: { semantics: semantics('hadolint') },
  messages: {
    invalid: ({ text, reason, advice }: { text: string; reason: string; advice: string }) => ({
      message: `EXPOSE cannot take \`${text}\`, the build stops here: ${reason}`,
      help: advice,
    }),
    trigger: ({ text, reason, advice }: { text: string; reason: string; advice: string }) => ({
      message: `EXPOSE cannot take \`${text}\`, and each build that runs this trigger stops: ${reason}`,
      help: advice,
    }),
    host: ({ host, port, text }: { host: string; port: string; text: string }) => ({
      message: `EXPOSE publishes nothing: \`${host}\` is dropped, and future versions of Docker will refuse it`,
      help: `write EXPOSE ${port}, and map it when the container starts: docker run -p ${text}`,
    }),
  },
  check({ facts, options, report }) {
    for (const instruction of facts.instructions('EXPOSE')) {
      for (const word of instruction.words) {
        if (options.semantics === 'hadolint' && word.text.includes('$')) continue;
        for (const text of portsOf(word, instruction, facts)) {
          const result = parsePort(text);
          const setBy = text === word.text ? [] : settersOf(word, instruction, facts);
          if (!result.ok) {
            const at = partOf(word, text, result.part);
            const meant = meantBy(text, result.part);
            report(instruction.onbuild ? 'trigger' : 'invalid', {
              at,
              data: { text: shorten(text), reason: result.reason, advice: adviceOf(text, meant, result.part) },
              related: setBy.map((span) => ({ at: span, message: 'the value comes from here' })),
              fix:
                meant === null || at === word.span
                  ? null
                  : { kind: 'suggestion', title: `Write ${meant}`, edits: [{ span: at, text: meant }] },
            });
            continue;
          }
          const length = hostPartLength(text);
          if (length === 0) continue;
          const at = partOf(word, text, { start: 0, end: length });
          report('host', {
            at,
            data: { host: text.slice(0, length), port: text.slice(length), text },
            severity: 'warning',
            fix:
              at === word.span ? null : { title: `Remove ${text.slice(0, length)}`, edits: [{ span: at, text: '' }] },
          });
        }
      }
    }
  },
});

/** A word may expand to several ports, and to none. */
function portsOf(word: Word, instruction: SimpleInstruction, facts: Facts): readonly string[] {
  const expanded = facts.expand(word, instruction);
  return expanded.ok && expanded.value !== null ? expanded.value.split(/\s+/).filter((text) => text !== '') : [];
}

/** The place of a part of the text; the whole word where it is not written as it is read. */
function partOf(word: Word, text: string, part: Span): Span {
  const isPlain = text === word.text && word.span.end - word.span.start === text.length;
  if (!isPlain || part.end <= part.start) return word.span;
  return { start: word.span.start + part.start, end: word.span.start + part.end };
}

/** What very likely was meant in the place of the wrong part. */
function meantBy(text: string, part: Span): string | null {
  const wrong = text.slice(part.start, part.end);
  if (/^\d+(?:,\d+)*,?$/.test(wrong) && wrong.includes(',')) return wrong.replaceAll(',', ' ').trim();
  return part.start > 0 && text[part.start - 1] === '/' ? suggest(wrong, ['tcp', 'udp', 'sctp']) : null;
}

function adviceOf(text: string, meant: string | null, part: Span): string {
  if (meant !== null)
    return /^\d/.test(meant) ? `put blanks between ports: EXPOSE ${meant}` : `did you mean \`${meant}\`?`;
  if (part.start > 0 && text[part.start - 1] === '/') return 'write it as 53/udp or 8080/tcp';
  const length = hostPartLength(text);
  if (part.end < length) return `write EXPOSE ${text.slice(length)}`;
  return 'write a number from 1 to 65535, or a range such as 8000-8010';
}

function settersOf(word: Word, instruction: SimpleInstruction, facts: Facts): readonly Span[] {
  const { env, args } = facts.stateAt(instruction);
  const expanded = facts.expand(word, instruction);
  const names = expanded.ok ? expanded.matched : [];
  return names.flatMap((name) => {
    const by = (env.get(name) ?? args.get(name))?.by;
    const pair = by && 'pairs' in by ? by.pairs.find((one) => one.key.text === name) : null;
    return pair ? [pair.span] : [];
  });
}
