import type { Instruction } from '../dockerfile/ast.js';
import type { Severity } from '../model/finding.js';
import { locate } from '../model/source.js';
import { defineRule, type Rule, removeLines, semantics } from './define-rule.js';

interface OverriddenRule {
  /** Of which only the last one in a stage counts. */
  readonly keyword: 'CMD' | 'ENTRYPOINT' | 'HEALTHCHECK';
  readonly aliases: readonly string[];
  /** What it is to hadolint. */
  readonly hadolint: Severity;
}

/** A rule that reports each instruction which a later one of its kind in the same stage makes void. */
export function overriddenRule({ keyword, aliases, hadolint }: OverriddenRule): Rule {
  return defineRule({
    id: `runtime/single-${keyword.toLowerCase()}`,
    summary: `Write one ${keyword} in a stage`,
    category: 'correctness',
    severity: 'warning',
    presets: ['recommended', 'strict'],
    since: '0.1.0',
    aliases,
    like: { hadolint: { severity: hadolint, options: { semantics: 'hadolint' } }, buildkit: { severity: 'warning' } },
    fix: 'safe',
    options: { semantics: semantics('hadolint') },
    messages: {
      overridden: ({ line }: { line: number }) => ({
        message: `this ${keyword} has no effect, since the one on line ${line} replaces it`,
        help: 'remove it, or move it to the stage that it was meant for',
      }),
      overrides: ({ line }: { line: number }) => ({
        message: `this ${keyword} makes the one on line ${line} void: only the last of a stage counts`,
        help: 'keep the one that is meant, and remove the other or move it to the stage that it was meant for',
      }),
    },
    check({ document, facts, options, report }) {
      if (facts.instructions(keyword).length < 2) return;
      const removal = ({ span }: Instruction) => ({
        title: `Remove the ${keyword} without effect`,
        edits: [removeLines(document.source, span)],
      });
      for (const { stage } of facts.stages) {
        const all = stage.instructions.filter((instruction) => instruction.keyword === keyword);
        if (options.semantics === 'hadolint') {
          for (const [index, { keywordSpan }] of all.entries()) {
            const before = all[index - 1];
            if (!before) continue;
            report('overrides', {
              at: keywordSpan,
              data: { line: locate(document.source, before.span.start).line },
              related: [{ at: before.keywordSpan, message: 'has no effect' }],
              fix: removal(before),
            });
          }
          continue;
        }
        const last = all.at(-1);
        for (const instruction of all) {
          if (!last || instruction === last) continue;
          report('overridden', {
            at: instruction.keywordSpan,
            data: { line: locate(document.source, last.span.start).line },
            related: [{ at: last.keywordSpan, message: 'the one that counts' }],
            fix: removal(instruction),
          });
        }
      }
    },
  });
}
