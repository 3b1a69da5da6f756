import { isCommandAlone } from '../../facts/alone.js';
import { installFiles, installSpan, installText, otherInputs, sentLockfiles } from '../../facts/install-inputs.js';
import { type SourceCopy, sourceCopies } from '../../facts/source-copy.js';
import type { Facts } from '../../facts/types.js';
import { listing } from '../../model/listing.js';
import { defineRule, type FixInput, insertBefore, removeLines } from '../define-rule.js';

/** The cache of a layer ends where a file that was copied before it changes: with the source in it, at every edit. */
export default defineRule({
  id: 'node/copy-manifest-first',
  summary: 'Copy package.json and the lockfile, install, and only then copy the source',
  category: 'cache',
  severity: 'warning',
  presets: ['recommended', 'strict'],
  since: '0.1.0',
  fix: 'suggestion',
  messages: {
    together: ({ first, install, label }: { first: string | null; install: string; label: string }) => ({
      message: 'every source edit reinstalls the dependencies',
      help:
        first === null
          ? `run \`${install}\` before this COPY, as what it needs is there already`
          : `copy ${first} first, run \`${install}\`, then copy the rest`,
      label,
    }),
  },
  check({ facts, report }) {
    for (const found of sourceCopies(facts)) {
      const install = installText(found.install);
      report('together', {
        at: found.word.span,
        data: { first: filesToCopy(found, facts), install, label: labelOf(found) },
        related: [{ at: installSpan(found.install), message: 'runs again whenever any of them changes' }],
        fix: fixOf(found, facts),
      });
    }
  },
});

function labelOf({ others, apart }: SourceCopy): string {
  if (apart) return 'brings the source before the dependencies are there';
  if (others === null) return 'brings the source along with package.json';
  const [only, more] = others;
  if (only !== undefined && more === undefined) return `brings package.json together with ${only}`;
  const count = others.length >= 10_000 ? 'more than 10,000' : String(others.length);
  return `brings package.json together with ${count} other files`;
}

function filesToCopy({ install, ready }: SourceCopy, facts: Facts): string | null {
  if (ready) return null;
  if (!facts.context || !install.project) return 'package.json and its lockfile';
  // The lockfile that a frozen install needs may be made elsewhere, or left out of the context by mistake.
  const lockfile = install.frozen && sentLockfiles(install).length === 0 ? ['its lockfile'] : [];
  return listing([...installFiles(install, facts.context), ...lockfile, ...otherInputs(install.project)]);
}

/**
 * Moves the install up where it directly follows the COPY and nothing else is to be thought of. node_modules has to be
 * ignored: the COPY that then comes last would put those of the host in place of the installed ones.
 */
function fixOf({ copy, install, word, ready }: SourceCopy, facts: Facts): FixInput | null {
  const { context, document } = facts;
  const { project, stage, instruction: run } = install;
  const { instruction, destination } = copy;
  if (!context || project?.directory !== '.' || otherInputs(project).length > 0) return null;
  if (install.frozen && sentLockfiles(install).length === 0) return null;
  if (!context.decide('node_modules').ignored || copy.stage !== stage || instruction.flags.length > 0) return null;
  const own = stage.stage.instructions;
  if (own[own.indexOf(instruction) + 1] !== run || !isCommandAlone(install.use, facts)) return null;
  const written = instruction.destination?.text ?? '';
  if (instruction.sources.length !== 1 || instruction.exec || !/^(?:\.|\.\/)$/.test(word.text)) return null;
  if (destination !== install.directory || !/^[\w./-]+$/.test(written)) return null;
  const { source } = document;
  const { eol } = source;
  const into = written.endsWith('/') ? written : `${written}/`;
  const first = instruction.leadingComments[0] ?? instruction;
  const comments = run.leadingComments.map(
    (comment) => `${source.text.slice(comment.span.start, comment.span.end)}${eol}`,
  );
  const moved = `${comments.join('')}${source.text.slice(run.span.start, run.span.end)}`;
  const manifest = ready ? '' : `COPY ${installFiles(install, context).join(' ')} ${into}${eol}`;
  const before = `${manifest}${moved}${eol}`;
  const start = run.leadingComments[0]?.span.start ?? run.span.start;
  return {
    title: `${ready ? 'Move' : 'Copy the manifest first and move'} \`${installText(install)}\` before the COPY`,
    edits: [insertBefore(first, before), removeLines(source, { start, end: run.span.end })],
  };
}
