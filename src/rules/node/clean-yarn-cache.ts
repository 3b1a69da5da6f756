import { hadolintCommands } from '../../facts/hadolint.js';
import { memoise } from '../../facts/lazy.js';
import { isKeptOutOfLayer } from '../../facts/mounts.js';
import type { CommandUse, Facts, StageFacts } from '../../facts/types.js';
import { defineRule, hasFlag, insertAfter, semantics } from '../define-rule.js';

/** Yarn 1 keeps every package that it fetched, unpacked, beside node_modules. */
export default defineRule({
  id: 'node/clean-yarn-cache',
  summary: 'Clean the cache of Yarn in the RUN that fills it',
  category: 'size',
  severity: 'info',
  presets: ['strict'],
  since: '0.2.0',
  aliases: ['DL3060'],
  like: { hadolint: { severity: 'info', options: { semantics: 'hadolint' } } },
  fix: 'suggestion',
  options: { semantics: semantics('hadolint') },
  messages: {
    kept: () => ({
      message: 'Yarn keeps in its cache a second copy of every package, which stays in the image',
      help: 'end the RUN with `&& yarn cache clean`, or mount a cache on the folder that `yarn cache dir` names',
    }),
  },
  check({ facts, options, report }) {
    const isHadolint = options.semantics === 'hadolint';
    const uses = isHadolint ? hadolintCommands(facts, 'yarn') : facts.commands('yarn');
    const seen = new Set<object>();
    for (const use of uses) {
      const { command, instruction, script } = use;
      if (seen.has(instruction) || instruction.keyword !== 'RUN') continue;
      const isLeft = isHadolint ? hadolintFinds(use, uses, facts) : leavesCache(use, facts);
      if (!isLeft) continue;
      seen.add(instruction);
      const last = script?.commands.at(-1);
      const isPlain =
        script?.errors.length === 0 &&
        last === command &&
        command.nesting.length === 0 &&
        command.redirects.length === 0;
      report('kept', {
        at: (command.subcommandWord ?? command.nameWord ?? command).span,
        fix: isPlain
          ? { title: 'Clean the cache of Yarn', edits: [insertAfter(command, ' && yarn cache clean')] }
          : null,
      });
    }
  },
});

const FILLING = new Set(['install', 'add', 'global add', '']);

/** Later versions put the cache into the project, where it may be wanted, and their `cache clean` is something else. */
function leavesCache(use: CommandUse, facts: Facts): boolean {
  const { command, instruction, stage, script } = use;
  if (command.name !== 'yarn' || !FILLING.has(command.subcommand ?? 'none') || !stage?.isShipped) return false;
  if (hasFlag(command, '--version', '-v', '-V', '--help', '-h', '--cache-folder', '--offline', '--mode')) return false;
  if (hasFlag(command, '--immutable', '--immutable-cache', '--inline-builds', '--check-cache')) return false;
  if (isOtherwise(facts)) return false;
  if (instruction.keyword !== 'RUN') return false;
  const mounts = instruction.mounts.filter(({ type }) => type === 'cache' || type === 'tmpfs');
  if (mounts.some(({ options }) => /yarn|\.cache|\$|^\/(?:root|home)?\/?$/.test(options.get('target') ?? '')))
    return false;
  const rest = script?.source.text.slice(command.span.end - script.source.offset) ?? '';
  return !/\bcache\s+clean\b|\.cache\b|\/usr\/local\/share\/\S*cache|\brm\b[^\n;&|]{0,200}cache|clean\w*\.sh|\bprune\b/.test(
    rest,
  );
}

/** A later Yarn, or a cache in another place. */
const isOtherwise = memoise((facts: Facts): boolean => {
  const named = /corepack|\.yarn\b|yarnrc|yarn@(?!1|\^1|~1)|berry|set version|YARN_CACHE_FOLDER|yarn-offline/i.test(
    facts.document.source.text,
  );
  return named || usesBerry(facts);
});

function usesBerry(facts: Facts): boolean {
  const project = facts.context?.node('.');
  const manager = project?.manifest.packageManager;
  return (
    facts.context?.kindOf('.yarnrc.yml') === 'file' ||
    (manager?.manager === 'yarn' && !manager.version?.startsWith('1.'))
  );
}

/** Without cleaning behind it, in the last stage or one that another is built on. */
function hadolintFinds(
  { command, instruction, stage }: CommandUse,
  uses: readonly CommandUse[],
  facts: Facts,
): boolean {
  if (!hasWord(command, 'install') || instruction.keyword !== 'RUN') return false;
  if (isKeptOutOfLayer(instruction, '/root/.cache/yarn')) return false;
  const cleaned = uses.some(
    (other) =>
      other.instruction === instruction &&
      other.command.span.start > command.span.start &&
      other.command.subcommand === 'cache clean',
  );
  return !cleaned && (instruction.onbuild || stage === null || isBuiltOn(stage, facts));
}

function hasWord({ words }: CommandUse['command'], word: string): boolean {
  return words.some(({ value }) => value === word);
}

function isBuiltOn(stage: StageFacts, facts: Facts): boolean {
  return stage === facts.stages.at(-1) || facts.stages.some(({ parent }) => parent === stage);
}
