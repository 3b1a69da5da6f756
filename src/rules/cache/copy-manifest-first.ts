import { parentOf } from '../../context/paths.js';
import type { RunInstruction } from '../../dockerfile/ast.js';
import { sourceBefore } from '../../facts/early-source.js';
import { ECOSYSTEMS } from '../../facts/ecosystems.js';
import { isBoundOrCached } from '../../facts/mounts.js';
import { type Separation, separation } from '../../facts/separable-install.js';
import type { CopyFacts } from '../../facts/types.js';
import { workOf } from '../../facts/work.js';
import { listing } from '../../model/listing.js';
import { defineRule } from '../define-rule.js';

interface Data {
  readonly separation: Separation;
  readonly label: string;
  readonly implicit: boolean;
  readonly others: readonly string[] | null;
  readonly apart: boolean;
}

/** `node/copy-manifest-first` is the same for npm, yarn, pnpm and bun, which knows more of them. */
const NODE = /^(?:npm|yarn|pnpm|bun)$/;
const TOOLS = ECOSYSTEMS.filter(({ id }) => !NODE.test(id)).flatMap(({ tools }) => tools);

/** A layer is cached until a file that was copied before it changes: with the source among them, that is every edit. */
export default defineRule({
  id: 'cache/copy-manifest-first',
  summary: 'Copy what lists the dependencies, install them, and only then copy the source',
  category: 'cache',
  severity: 'warning',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  messages: {
    together: ({ separation: { files, command }, label, implicit, others, apart }: Data) => ({
      message: implicit
        ? `every source edit makes \`${label}\` fetch the dependencies again`
        : `every source edit makes \`${label}\` run again`,
      // What leaves out a part is to be run once more, for the rest.
      help: `copy ${listing(files)} first, run \`${command}\`, then copy the rest${command.includes(' --no-') ? ` and run \`${label}\` again` : ''}`,
      label: apart
        ? 'brings the source before the dependencies are there'
        : others === null
          ? 'brings the source too'
          : `brings ${others.length} other ${others.length === 1 ? 'file' : 'files'} too`,
    }),
  },
  check({ facts, report }) {
    const told = new Set<CopyFacts>();
    const seen = new Set<RunInstruction>();
    for (const { instruction, stage } of facts.commands(...TOOLS)) {
      if (instruction.keyword !== 'RUN' || instruction.onbuild || seen.has(instruction)) continue;
      seen.add(instruction);
      if (!stage || stage.role === 'unreachable' || stage.isDevelopment) continue;
      for (const one of workOf(instruction, facts)) {
        const { ecosystem, kind } = one;
        if (!ecosystem || NODE.test(ecosystem.id) || (kind !== 'dependencies' && kind !== 'compile')) continue;
        const implicit = kind === 'compile';
        // A build without an install of its own is judged only where its manifest can be read.
        if (implicit && !facts.context) continue;
        if (isBoundOrCached(instruction, implicit)) continue;
        const found = sourceBefore(one, stage, facts);
        if (!found || told.has(found.copy)) continue;
        const manifest = found.manifest === null ? null : parentOf(found.manifest);
        const cut = separation(one, manifest, facts.context);
        if (!cut) continue;
        told.add(found.copy);
        const { nameWord, span } = one.use.command;
        report('together', {
          at: found.word.span,
          data: { separation: cut, label: one.label, implicit, others: found.others, apart: found.apart },
          related: [{ at: nameWord?.span ?? span, message: 'runs again whenever any of them changes' }],
          severity: implicit ? 'info' : 'warning',
        });
      }
    }
  },
});
