import { isSlip, suggestVariable } from '../../dockerfile/suggest.js';
import { fromNames, fromWords, stopsBuild, undeclaredIn, valueByDefault } from '../../facts/from-arguments.js';
import { placeOfVariable } from '../../facts/variable-place.js';
import { shorten } from '../../model/shorten.js';
import { defineRule } from '../define-rule.js';

interface Data {
  readonly name: string;
  readonly text: string;
  readonly meant: string | null;
}

/** FROM sees only the ARGs before the first FROM; what else it names is empty, and --build-arg does not change that. */
export default defineRule({
  id: 'base/undefined-arg',
  summary: 'Declare the arguments that FROM uses',
  category: 'correctness',
  severity: 'error',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  aliases: ['UndefinedArgInFrom'],
  like: { buildkit: { severity: 'warning' } },
  fix: 'suggestion',
  supersedes: ['syntax/invalid-image-reference', 'syntax/invalid-flag-value'],
  messages: {
    stops: (data: Data) => ({
      message: `no ARG before the first FROM declares \`${data.name}\`: \`${data.text}\` is not complete, and the build stops here`,
      help: adviceOf(data),
    }),
    empty: (data: Data) => ({
      message: `no ARG before the first FROM declares \`${data.name}\`: it is always empty here, whatever --build-arg says`,
      help: adviceOf(data),
    }),
    guarded: (data: Data) => ({
      message: `no ARG before the first FROM declares \`${data.name}\`: what stands behind it is always taken, whatever --build-arg says`,
      help: adviceOf(data),
    }),
  },
  check({ document, facts, report }) {
    for (const from of fromWords(facts)) {
      const value = valueByDefault(from, facts);
      for (const name of undeclaredIn(from, facts)) {
        const { span, nameSpan, guarded } = placeOfVariable(name, from.word, document);
        const meant = suggestVariable(name, fromNames(facts));
        const stops = value !== null && stopsBuild(from.kind, value, facts);
        // `${TAG:-3.20}` works, and only looks as if it could be set from outside.
        report(stops ? 'stops' : guarded ? 'guarded' : 'empty', {
          at: stops ? from.word.span : span,
          data: { name: shorten(name), text: shorten(from.word.text), meant },
          severity: stops ? 'error' : guarded ? 'info' : 'warning',
          fix:
            meant === null || !nameSpan || !isSlip(name, meant)
              ? null
              : { title: `Write ${meant}`, edits: [{ span: nameSpan, text: meant }] },
        });
      }
    }
  },
});

function adviceOf({ name, meant }: Data): string {
  if (meant !== null) return `did you mean \`${meant}\`?`;
  return `write ARG ${name}, with a default, before the first FROM: only those count here`;
}
