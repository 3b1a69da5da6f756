import { copyFactsOf } from '../../facts/made-directories.js';
import type { CopyFacts } from '../../facts/types.js';
import { defineRule, semantics } from '../define-rule.js';

/** A whole file system over another leaves the worse parts of both. */
export default defineRule({
  id: 'instruction/no-copy-root',
  summary: 'Copy the files that are needed instead of a whole image',
  category: 'size',
  severity: 'warning',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  aliases: ['DL3067'],
  like: { hadolint: { severity: 'warning', options: { semantics: 'hadolint' } } },
  options: { semantics: semantics('hadolint') },
  messages: {
    whole: ({ name }: { name: string }) => ({
      message: `all of \`${name}\` is written over this image: its tools and caches come along, and system files of both get mixed`,
      help: 'copy the directories that are needed, or begin this stage with FROM that stage',
    }),
  },
  check({ facts, options, report }) {
    for (const instruction of facts.instructions('COPY')) {
      const { from, sources, destination } = instruction;
      const [source] = sources;
      if (!from || !source || !destination || sources.length > 1) continue;
      if (bare(source.text) !== '/' || bare(destination.text) !== '/') continue;
      const copy = copyFactsOf(instruction, facts);
      if (options.semantics === 'plimsoll' && (!copy || instruction.onbuild || !mixesSystems(copy))) continue;
      report('whole', { at: source.span, data: { name: from.text } });
    }
  },
});

function bare(text: string): string {
  return text.replace(/^(["'])(.*)\1$/, '$2');
}

/**
 * True where the source is known to hold a distribution. A stage that gathers files on `scratch` is made to be copied as a
 * whole, and so is many an image of tools. Into `scratch` it flattens an image to one layer.
 */
function mixesSystems({ stage, fromStage }: CopyFacts): boolean {
  if (stage.image.scratch || !fromStage) return false;
  return fromStage.image.known && !fromStage.image.scratch && !fromStage.image.windows;
}
