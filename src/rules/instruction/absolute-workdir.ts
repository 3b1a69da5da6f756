import type { Instruction, Word } from '../../dockerfile/ast.js';
import { isAbsoluteToHadolint } from '../../facts/hadolint.js';
import { resolveInImage } from '../../facts/variables.js';
import { shorten } from '../../model/shorten.js';
import { defineRule, semantics } from '../define-rule.js';

/** A relative WORKDIR stands on that of the base image, which may move with the next release. */
export default defineRule({
  id: 'instruction/absolute-workdir',
  summary: 'Begin a stage with an absolute WORKDIR',
  category: 'reproducibility',
  severity: 'warning',
  presets: ['recommended', 'strict'],
  since: '0.1.0',
  aliases: ['DL3000', 'WorkdirRelativePath'],
  like: { hadolint: { severity: 'error', options: { semantics: 'hadolint' } }, buildkit: { severity: 'warning' } },
  fix: 'suggestion',
  options: { semantics: semantics('hadolint') },
  messages: {
    relative: ({ path }: { path: string }) => ({
      message: `\`${path}\` stands on the working directory of the base image, and moves when that one does`,
      help: 'write an absolute path, such as WORKDIR /app',
    }),
    resolved: ({ path, base, full }: { path: string; base: string; full: string }) => ({
      message: `\`${path}\` means \`${full}\` only as long as the base image works in \`${base}\``,
      help: `write WORKDIR ${full}`,
    }),
    step: ({ path }: { path: string }) => ({
      message: `\`${path}\` stands on the WORKDIR before it, or on that of the base image, and moves when that one does`,
      help: 'write an absolute path, such as WORKDIR /app',
    }),
    home: ({ path }: { path: string }) => ({
      message: `\`~\` is not expanded here: \`${path}\` makes a directory of that name`,
      help: 'write out the home directory, /root for example',
    }),
  },
  check({ facts, options, report }) {
    if (facts.instructions('WORKDIR').length === 0) return;
    const asHadolint = options.semantics === 'hadolint';
    const told = new Set<Instruction>();
    for (const stage of facts.stages) {
      const first = stage.stage.instructions.find((one) => one.keyword === 'WORKDIR');
      // Only the first of a chain of stages stands on the base image.
      if (!first || facts.stateAt(first).workdir !== null) continue;
      const word: Word = { text: first.argumentsText, span: first.argumentsSpan };
      const expanded = facts.expand(word, first);
      const path = expanded.ok ? expanded.value : null;
      if (path === null || path === '' || isAbsolute(path)) continue;
      if (asHadolint && isAbsoluteToHadolint(first.argumentsText)) continue;
      told.add(first);
      if (path === '~' || path.startsWith('~/')) {
        report('home', { at: word.span, data: { path: shorten(path, 60) } });
        continue;
      }
      const base = stage.image.workdir;
      const full = base === null || stage.image.windows ? null : resolveInImage(base, path);
      if (base === null || full === null || full.length > 60) {
        report('relative', { at: word.span, data: { path: shorten(path, 60) } });
        continue;
      }
      const isPlain = expanded.ok && expanded.matched.length === 0 && /^[\w./-]+$/.test(full);
      report('resolved', {
        at: word.span,
        data: { path: shorten(path, 60), base, full },
        fix: isPlain ? { title: `Write ${full}`, edits: [{ span: word.span, text: full }] } : null,
      });
    }
    if (!asHadolint) return;
    for (const workdir of facts.instructions('WORKDIR')) {
      const { argumentsText: path, argumentsSpan: at } = workdir;
      if (path === '' || isAbsoluteToHadolint(path) || told.has(workdir)) continue;
      report('step', { at, data: { path: shorten(path, 60) } });
    }
  },
});

/** Paths of Windows may stand in any file: the platform is not always known. */
function isAbsolute(path: string): boolean {
  return /^(?:[/\\]|[A-Za-z]:)/.test(path);
}
