import type { Document, SimpleInstruction, Stage } from '../../dockerfile/ast.js';
import { contains } from '../../model/span.js';
import { defineRule, type FixInput } from '../define-rule.js';

const LABEL = 'org.opencontainers.image.authors';

/** MAINTAINER is deprecated since 2017; a label says the same to every tool. */
export default defineRule({
  id: 'instruction/no-maintainer',
  summary: 'Name the authors in a label',
  category: 'style',
  severity: 'info',
  presets: ['recommended', 'strict'],
  since: '0.1.0',
  aliases: ['DL4000', 'MaintainerDeprecated'],
  like: { hadolint: { severity: 'error' }, buildkit: { severity: 'warning' } },
  fix: 'safe',
  messages: {
    deprecated: ({ isSaid }: { isSaid: boolean }) => ({
      message: 'MAINTAINER is deprecated; registries and scanners read labels instead',
      help: isSaid ? `delete it, since LABEL ${LABEL} is there` : `write LABEL ${LABEL}="..."`,
    }),
  },
  check({ document, facts, report }) {
    for (const instruction of facts.instructions('MAINTAINER')) {
      const stage = document.stages[instruction.stage];
      if (!stage || instruction.onbuild || instruction.argumentsText === '') continue;
      const isSaid = hasLabel(stage);
      report('deprecated', {
        at: instruction.keywordSpan,
        data: { isSaid },
        fix: isSaid ? null : fixOf(instruction, document),
      });
    }
  },
});

function hasLabel(stage: Stage): boolean {
  return stage.instructions.some((one) => one.keyword === 'LABEL' && one.pairs.some(({ key }) => key.text === LABEL));
}

function fixOf(instruction: SimpleInstruction, document: Document): FixInput | null {
  const { argumentsText, keywordSpan, argumentsSpan } = instruction;
  if (document.comments.some((comment) => comment.inside && contains(instruction.span, comment.span))) return null;
  const keyword = instruction.keywordText === 'maintainer' ? 'label' : 'LABEL';
  return {
    title: `Write LABEL ${LABEL}`,
    edits: [
      { span: keywordSpan, text: keyword },
      { span: argumentsSpan, text: `${LABEL}="${quoted(argumentsText, document.escape)}"` },
    ],
  };
}

/** MAINTAINER takes its text as it stands; a label's value is unquoted and expanded first. */
function quoted(text: string, escapeCharacter: string): string {
  const inner = /^(["'])([^"']*)\1$/.exec(text)?.[2] ?? text;
  return inner.replace(/["$\\`]/g, (character) =>
    character === '`' && escapeCharacter !== '`'
      ? character
      : character === '\\' && escapeCharacter !== '\\'
        ? character
        : escapeCharacter + character,
  );
}
