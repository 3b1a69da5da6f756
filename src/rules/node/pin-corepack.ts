import { certainContext } from '../../facts/sent-files.js';
import type { Facts } from '../../facts/types.js';
import { defineRule } from '../define-rule.js';

/** corepack takes the version from package.json; without one it fetches the newest pnpm there is. */
export default defineRule({
  id: 'node/pin-corepack',
  summary: 'Say in package.json which version of pnpm corepack fetches',
  category: 'reproducibility',
  severity: 'info',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  messages: {
    open: ({ manifest }: { manifest: string }) => ({
      message: `corepack fetches the newest pnpm at each build, since ${manifest} has no packageManager: a new major version may refuse the lockfile`,
      help: `add \`"packageManager": "pnpm@<version>"\` to ${manifest}, or let \`corepack use pnpm@<version>\` write it`,
    }),
  },
  check({ facts, report }) {
    const enabling = facts.commands('corepack').find(({ command }) => command.subcommand === 'enable');
    if (!enabling?.command.subcommandWord || !enabling.stage || enabling.stage.role === 'unreachable') return;
    const context = certainContext(facts);
    if (!context || PINNED.test(facts.document.source.text)) return;
    const { operands, subcommandWord } = enabling.command;
    if (operands.some(({ value }) => value !== 'pnpm')) return;
    const project = pnpmProject(facts);
    const root = context.node('.');
    const manifests = [project?.manifest, root?.manifest];
    if (
      !project ||
      manifests.some((one) => one?.packageManager || /"devEngines"|"packageManager"/.test(one?.source.text ?? ''))
    )
      return;
    report('open', {
      at: subcommandWord.span,
      data: { manifest: project.manifest.source.path },
    });
  },
});

/** Named where corepack, npm or a variable is told of it; `COREPACK_DEFAULT_TO_LATEST=0` takes the one that it knows. */
const PINNED =
  /\bpnpm@|COREPACK_|\bcorepack\s+(?:prepare|use|install|hydrate|pack|up)\b|PNPM_VERSION|\b(?:npm|yarn)\b[^\n]*\bpnpm\b|get\.pnpm/;

/** The project that the first install by pnpm is for, in the stage that the image needs. */
function pnpmProject(facts: Facts) {
  const install = facts.node.installs.find(({ manager, stage }) => manager === 'pnpm' && stage.role !== 'unreachable');
  return install?.manifestCopy?.origin === 'context' ? install.project : null;
}
