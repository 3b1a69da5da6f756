import { isSlip } from '../../dockerfile/suggest.js';
import { canonicalImageName } from '../../facts/image-table.js';
import type { Facts, StageFacts } from '../../facts/types.js';
import {
  nearestVariable,
  type UndefinedVariable,
  undefinedVariables,
  variableSettings,
} from '../../facts/undefined-variables.js';
import { PLATFORM_ARGS } from '../../facts/variables.js';
import { defineRule, semantics } from '../define-rule.js';

/** BuildKit puts nothing in the place of a variable that nobody set, and goes on. */
export default defineRule({
  id: 'instruction/undefined-variable',
  summary: 'Use variables that are set',
  category: 'correctness',
  severity: 'warning',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  aliases: ['UndefinedVar'],
  like: { buildkit: { severity: 'warning', options: { semantics: 'buildkit' } } },
  fix: 'suggestion',
  options: { semantics: semantics('buildkit') },
  messages: {
    near: ({ name, meant }: { name: string; meant: string }) => ({
      message: `nothing sets \`$${name}\` up to here, so that it becomes empty without a word`,
      help: `did you mean \`$${meant}\`?`,
    }),
    late: ({ name }: { name: string }) => ({
      message: `\`$${name}\` is empty here, as it is only set further down`,
      help: 'move that instruction up, before the first use',
    }),
    heredoc: ({ name }: { name: string }) => ({
      message: `\`$${name}\` is replaced by nothing when the file is written, since the build expands what is in this heredoc`,
      help: "quote the delimiter to keep the text as it stands, as in <<'EOF'",
    }),
    guarded: ({ name }: { name: string }) => ({
      message: `nothing sets \`$${name}\` in this stage, so that what stands behind its name is always taken`,
      help: `declare ARG ${name} before this line, so that the build can set it`,
    }),
    unset: ({ name }: { name: string }) => ({
      message: `nothing sets \`$${name}\` in this stage, so that it becomes empty without a word`,
      help: `declare ARG ${name} or ENV ${name}=... before this line, or write \`\${${name}:-}\` where empty is meant`,
    }),
  },
  check({ facts, options, report }) {
    for (const use of undefinedVariables(facts)) {
      const { name, instruction, span } = use;
      const stage = facts.stageOf(instruction);
      if (!stage || (options.semantics === 'plimsoll' && isUnsure(use, stage, facts))) continue;
      const meant = use.heredoc ? null : nearestVariable(name, instruction, stage, facts);
      const later = variableSettings(facts)
        .get(name)
        ?.find(({ by }) => by.stage === instruction.stage && by.span.start > instruction.span.start && !by.onbuild);
      if (meant !== null) {
        report('near', {
          at: span,
          data: { name, meant },
          fix:
            use.nameSpan && isSlip(name, meant)
              ? { title: `Write ${meant}`, edits: [{ span: use.nameSpan, text: meant }] }
              : null,
        });
      } else if (use.heredoc) report('heredoc', { at: span, data: { name } });
      else if (later) {
        report('late', { at: span, data: { name }, related: [{ at: later.pair.span, message: 'too late for that' }] });
      } else report(use.guarded ? 'guarded' : 'unset', { at: span, data: { name } });
    }
  },
});

/** Lists that a file adds to whether there are any yet or not. */
const GROWING = /(?:PATH|PATHS|FLAGS|OPTS|OPTIONS|ARGS|DIRS|LIBS)$/i;

function isUnsure({ name, guarded, instruction, key }: UndefinedVariable, stage: StageFacts, facts: Facts): boolean {
  if (guarded || (key === name && GROWING.test(name))) return true;
  // That an ARG from elsewhere has to be declared once more in the stage is what another rule says.
  const isLost = variableSettings(facts)
    .get(name)
    ?.some(({ by }) => by.keyword === 'ARG' && by.stage !== instruction.stage);
  if (isLost || PLATFORM_ARGS.has(name)) return true;
  // A variable of the same ENV that comes before it: not undefined, but not set yet.
  if ('pairs' in instruction && key !== name && instruction.pairs.some((pair) => pair.key.text === name)) return true;
  // `PYTHON_...` may be set by a version of the image `python` that the table does not know yet.
  const { reference } = stage.image;
  const base = reference ? canonicalImageName(reference).split('/').at(-1) : undefined;
  return base !== undefined && name.toLowerCase().includes(base.replace(/\W.*$/, '').toLowerCase());
}
