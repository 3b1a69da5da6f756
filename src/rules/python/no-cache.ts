import type { Instruction } from '../../dockerfile/ast.js';
import { memoise } from '../../facts/lazy.js';
import { isKeptOutOfLayer } from '../../facts/mounts.js';
import { hadolintPipInstalls, pipInstalls } from '../../facts/pip.js';
import type { CommandUse, Facts } from '../../facts/types.js';
import { mayPass } from '../../facts/variable-arguments.js';
import type { Script } from '../../shell/types.js';
import { defineRule, hasFlag, insertAfter, semantics } from '../define-rule.js';

/** pip keeps what it downloads, and the wheels that it builds, for a next time that an image does not have. */
export default defineRule({
  id: 'python/no-cache',
  summary: 'Keep the cache of pip out of the image',
  category: 'size',
  severity: 'info',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  aliases: ['DL3042'],
  like: { hadolint: { severity: 'warning', options: { semantics: 'hadolint' } } },
  fix: 'safe',
  options: { semantics: semantics('hadolint') },
  messages: {
    kept: () => ({
      message: 'what pip downloads and builds stays in the image a second time, as a cache that nothing there reads',
      help: 'write `pip install --no-cache-dir`, or mount a cache on /root/.cache/pip',
    }),
  },
  check({ facts, options, report }) {
    const isHadolint = options.semantics === 'hadolint';
    const uses = isHadolint ? hadolintUses(facts) : pipInstalls(facts).map(({ use }) => use);
    const seen = new Set<object>();
    for (const use of uses) {
      const { subcommandWord } = use.command;
      if (!subcommandWord || switchesOff(use, facts)) continue;
      if (isHadolint ? seen.has(use.instruction) : !leavesCache(use, facts)) continue;
      seen.add(use.instruction);
      report('kept', {
        at: subcommandWord.span,
        fix: use.script && { title: 'Add --no-cache-dir', edits: [insertAfter(subcommandWord, ' --no-cache-dir')] },
      });
    }
  },
});

function hadolintUses(facts: Facts): readonly CommandUse[] {
  return hadolintPipInstalls(facts).filter(
    ({ command, instruction }) =>
      command.name !== 'pipx' && instruction.keyword === 'RUN' && !isKeptOutOfLayer(instruction, '/root/.cache/pip'),
  );
}

const exportOf = memoise((script: Script) =>
  script.commands.find(
    ({ name, operands }) => name === 'export' && operands.some(({ value }) => value.startsWith(`${NAME}=`)),
  ),
);

/** By flag, or by a variable that is set to yes. {@link https://pip.pypa.io/en/stable/topics/configuration/#environment-variables} */
function switchesOff({ command, instruction, script }: CommandUse, facts: Facts): boolean {
  if (hasFlag(command, '--no-cache-dir')) return true;
  const own = command.assignments.find(({ name }) => name === NAME)?.value?.value;
  if (own !== undefined) return isYes(own);
  const exported = script && exportOf(script);
  if (exported) return exported.operands.some(({ value }) => isYes(value.slice(value.indexOf('=') + 1)));
  const { env, args } = facts.stateAt(instruction);
  const setting = env.get(NAME) ?? args.get(NAME);
  if (setting) return setting.value === null || isYes(setting.value);
  return facts.document.preamble.some(isPreset);
}

/** An ENV above the first FROM is in nobody's environment, but says what is meant. */
function isPreset(instruction: Instruction): boolean {
  if (instruction.keyword !== 'ENV') return false;
  return instruction.pairs.some(({ key, value }) => key.text === NAME && isYes(value?.text ?? ''));
}

const NAME = 'PIP_NO_CACHE_DIR';

function isYes(value: string): boolean {
  return !/^(?:0|off|no|false|)$/i.test(value);
}

/** Another cache is elsewhere, and without a network nothing is fetched. */
const OTHERWISE = ['--cache-dir', '--no-index', '--dry-run', '--root'];
const ELSEWHERE = ['PIP_CACHE_DIR', 'XDG_CACHE_HOME', 'PIP_CONFIG_FILE', 'PIP_NO_INDEX', 'PIP_FIND_LINKS'];

function leavesCache(use: CommandUse, facts: Facts): boolean {
  const { command, instruction, stage, script } = use;
  if (!stage?.isShipped || instruction.keyword !== 'RUN') return false;
  if (hasFlag(command, ...OTHERWISE) || command.flags.some(({ unknown }) => unknown)) return false;
  // What is nothing but directories is built anew each time.
  if (command.operands.length > 0 && hasFlag(command, '--no-deps') && command.operands.every(isDirectory)) return false;
  // All that was built elsewhere, with what it depends on.
  if (command.operands.length > 0 && command.operands.every(({ value }) => /^[^:]*\/\*(?:\.whl)?$/.test(value)))
    return false;
  if (mayPass(/--no-cache/, use, facts)) return false;
  const { env, args } = facts.stateAt(instruction);
  if (ELSEWHERE.some((name) => env.get(name) || args.get(name) || script?.assigned.has(name))) return false;
  if (command.assignments.some(({ name }) => ELSEWHERE.includes(name))) return false;
  if (instruction.mounts.some(({ type, options }) => isCacheMount(type, options.get('target') ?? ''))) return false;
  return !isConfigured(use, facts) && !removesCache(use);
}

function isDirectory({ value }: { readonly value: string }): boolean {
  return /^\.{0,2}\/|^\.(?:\[|$)/.test(value);
}

/** The home of the user may be anywhere. */
function isCacheMount(type: string, target: string): boolean {
  return (type === 'cache' || type === 'tmpfs') && /(?:^|[/$])(?:\.cache(?:\/pip)?|root|pip)\/?$|\$/.test(target);
}

/** `pip config set global.no-cache-dir true`, or a pip.conf that may say so. */
function isConfigured(use: CommandUse, facts: Facts): boolean {
  return use.command.span.start > configuredAt(facts);
}

const configuredAt = memoise((facts: Facts): number => {
  const at = facts.document.source.text.search(/pip\.conf|no-cache-dir[\s=]+["']?(?:true|1|yes|on)\b/i);
  return at === -1 ? Number.POSITIVE_INFINITY : at;
});

/** Any mention of the directory behind the command counts, and any command that is called a clean-up. */
function removesCache({ command, script }: CommandUse): boolean {
  return script !== null && lastRemoval(script) >= command.span.end - script.source.offset;
}

const lastRemoval = memoise(({ source }: Script): number => {
  const removals =
    /\.cache\b|\bcache\s+(?:purge|remove)\b|\brm\b[^\n;&|]{0,200}\s(?:\/root|~|\$HOME)\/?(?:\s|$)|\bclean\w*\.sh\b/g;
  return [...source.text.matchAll(removals)].at(-1)?.index ?? -1;
});
