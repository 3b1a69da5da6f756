import type { Comment, FromInstruction, PairsInstruction } from '../../dockerfile/ast.js';
import { shorten } from '../../model/shorten.js';
import { defineRule, semantics } from '../define-rule.js';

/** `docker build --call=outline` shows the comment above an ARG or a stage that begins with its name. */
export default defineRule({
  id: 'instruction/definition-description',
  summary: 'Begin the comment above an ARG or a stage with its name',
  category: 'style',
  severity: 'info',
  presets: [],
  since: '0.2.0',
  aliases: ['InvalidDefinitionDescription'],
  like: { buildkit: { severity: 'warning', off: true, options: { semantics: 'buildkit' } } },
  options: { semantics: semantics('buildkit') },
  messages: {
    other: ({ name, call }: { name: string; call: string }) => ({
      message: `\`docker build --call=${call}\` shows no description of \`${name}\`, since this comment begins with another word`,
      help: `write \`# ${name} <description>\`, or put an empty line between, where the comment is about something else`,
    }),
  },
  check({ document, options, report }) {
    const isOurs = options.semantics === 'plimsoll';
    let place = 0;
    for (const instruction of document.instructions) {
      const between: Comment[] = [];
      for (; (document.comments[place]?.span.start ?? Number.POSITIVE_INFINITY) < instruction.span.end; place++) {
        const comment = document.comments[place];
        if (!comment || comment.inside) continue;
        // To BuildKit blank lines part nothing, and an empty comment does.
        if (comment.text === '') between.length = 0;
        else between.push(comment);
      }
      if (instruction.keyword !== 'FROM' && instruction.keyword !== 'ARG') continue;
      const names = namesOf(instruction);
      const comments = isOurs ? instruction.leadingComments.filter(({ text }) => !isControl(text)) : between;
      const comment = comments.at(-1);
      if (!comment || names.length === 0) continue;
      // Any line of a comment of several may be the one; BuildKit reads the last alone.
      const read = isOurs ? comments : [comment];
      if (read.some(({ text }) => text === '' || names.includes(text.split(' ')[0] ?? ''))) continue;
      const name = names.length === 1 ? (names[0] ?? '') : '<name>';
      report('other', {
        at: comment.span,
        data: { name: shorten(name, 40), call: instruction.keyword === 'FROM' ? 'targets' : 'outline' },
      });
    }
  },
});

function namesOf(instruction: FromInstruction | PairsInstruction): readonly string[] {
  if (instruction.keyword === 'FROM') return instruction.name ? [instruction.name.text.toLowerCase()] : [];
  return instruction.pairs.map(({ key }) => key.text);
}

/** Comments for programs. */
function isControl(text: string): boolean {
  return /^(?:plimsoll|hadolint|check|shellcheck|checkov|trivy|kics|renovate|syntax|escape)\b.*[:=]/i.test(text);
}
