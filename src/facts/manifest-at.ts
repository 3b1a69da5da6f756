import type { NodeProject } from '../context/types.js';
import type { Instruction, RunInstruction } from '../dockerfile/ast.js';
import { memoise, remember } from './lazy.js';
import { hasBoundFiles } from './mounts.js';
import { lineage, projectBefore } from './node.js';
import { SYSTEM_COMMANDS } from './plain-commands.js';
import { certainContext } from './sent-files.js';
import type { CommandUse, Facts, StageFacts } from './types.js';
import { directoryOf } from './working-directory.js';

/**
 * The project whose package.json a command of a RUN finds in its working directory, where that is certain: a COPY brings
 * it as it is in the context, and no RUN may have changed it since.
 */
export function certainProject(use: CommandUse, facts: Facts, directory = directoryOf(use, facts)): NodeProject | null {
  const { stage, instruction } = use;
  if (!stage || directory === null || !certainContext(facts) || instruction.onbuild) return null;
  if (instruction.keyword === 'RUN' && hasBoundFiles(instruction)) return null;
  const project = projectBefore(directory, stage, instruction, facts);
  if (!project?.sent || project.manifest.problems.length > 0 || project.manifest.source.text.trim() === '') return null;
  return mayEditManifest(stage, instruction, facts) ? null : project;
}

/** Further commands that are known to leave package.json alone, whatever else they do. */
const TAME =
  /^(?:npm|npx|yarn|pnpm|pnpx|bun|bunx|corepack|node|tsc|vite|next|nest|webpack|prisma|rimraf|curl|wget|pip|pip3|python3?|gem|go|cargo|make|gcc|ln|touch|find|sort|install|strip|sha256sum|gpg|openssl|playwright|pm2)$/;

function isTame({ name, nameWord, flags, operands }: CommandUse['command']): boolean {
  if (name === '') return nameWord === null;
  // One file to one name, which is that of no package.json as its text shows.
  if (name === 'cp') return flags.length === 0 && operands.length === 2 && operands.every(({ literal }) => literal);
  return SYSTEM_COMMANDS.has(name) || TAME.test(name);
}

/** What changes the manifest by a subcommand of its own. */
const EDITS = /^(?:pkg\b.*|init|set-script|version|create|link|unlink|import|plugin\b.*|set version|pm\b.*)$/;

/** True where a RUN before a place may have changed a package.json, or put another one into its place. */
function mayEditManifest(stage: StageFacts, end: Instruction, facts: Facts): boolean {
  return firstEdit(facts)(stage) <= end.span.start;
}

/** Where the first RUN begins, in a stage or in those that it takes files from, that may change a package.json of the stage. */
const firstEdit = memoise((facts: Facts) =>
  remember((stage: StageFacts): number => {
    const seen = new Set<StageFacts>(lineage(stage));
    for (const one of seen) {
      for (const other of [...one.copiesFrom, ...(one.parent ? [one.parent] : [])]) seen.add(other);
    }
    return Math.min(
      ...[...seen].map((one) => {
        // A program of the project's own before the manifest is copied has nothing to change.
        const from = one === stage ? (one.copies[0]?.instruction.span.end ?? Number.POSITIVE_INFINITY) : 0;
        const run = one.stage.instructions.find(
          (instruction) => instruction.keyword === 'RUN' && mayEdit(instruction, from, facts),
        );
        return run?.span.start ?? Number.POSITIVE_INFINITY;
      }),
    );
  }),
);

/** @param from before this place only commands that are made for it change a package.json */
function mayEdit(run: RunInstruction, from: number, facts: Facts): boolean {
  if (/package\*?\.json|\bpkg\b|package\.\*/.test(run.argumentsText)) return true;
  const uses = facts.commandsOf(run);
  return (
    uses.length === 0 ||
    uses.some(({ command }) => EDITS.test(command.subcommand ?? '') || (run.span.start > from && !isTame(command)))
  );
}
