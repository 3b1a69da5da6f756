import { joinPath } from '../../context/paths.js';
import { broughtBy } from '../../facts/copies.js';
import { hasBoundFiles } from '../../facts/mounts.js';
import { copiesBefore, runsBefore } from '../../facts/node.js';
import { certainContext } from '../../facts/sent-files.js';
import type { CommandUse, CopyFacts, Facts } from '../../facts/types.js';
import { directoryOf } from '../../facts/working-directory.js';
import type { Span } from '../../model/span.js';
import { defineRule, findFlag, hasFlag } from '../define-rule.js';

/** Deno takes the lockfile beside its configuration; where that is left behind, it resolves every range anew. */
export default defineRule({
  id: 'node/copy-deno-lock',
  summary: 'Copy deno.lock before Deno fetches what is locked in it',
  category: 'reproducibility',
  severity: 'warning',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  messages: {
    left: ({ command, lockfile }: { command: string; lockfile: string }) => ({
      message: `\`${command}\` picks versions anew at each build, since ${lockfile} is not copied before it`,
      help: `copy ${lockfile} together with deno.json`,
    }),
    off: ({ command, lockfile }: { command: string; lockfile: string }) => ({
      message: `\`--no-lock\` keeps \`${command}\` from looking at ${lockfile}, so it takes what the registry has that day`,
      help: 'leave the flag out, and use `--frozen` to stop where the lockfile disagrees',
    }),
  },
  check({ facts, report }) {
    for (const use of facts.commands('deno')) {
      const { command, stage, instruction } = use;
      if (!/^(?:install|cache)$/.test(command.subcommand ?? '') || hasFlag(command, '-g', '--global', '--root'))
        continue;
      if (
        !stage ||
        stage.isDevelopment ||
        stage.role === 'unreachable' ||
        instruction.keyword !== 'RUN' ||
        instruction.onbuild
      )
        continue;
      if (hasBoundFiles(instruction) || hasFlag(command, '--lock', '--config', '-c')) continue;
      const found = configurationOf(use, facts);
      if (!found) continue;
      const data = { command: `deno ${command.subcommand}`, lockfile: found.lockfile };
      const off = findFlag(command, '--no-lock');
      if (off) {
        report('off', { at: off.span, data, severity: 'info' });
        continue;
      }
      if (found.isCopied || runsBefore(stage, instruction).some((run) => run.argumentsText.includes('deno.lock')))
        continue;
      const at: Span = (command.subcommandWord ?? command).span;
      report('left', { at, data, related: [{ at: found.copy.instruction.keywordSpan, message: 'does not bring it' }] });
      return;
    }
  },
});

interface Configuration {
  /** The COPY that brought deno.json. */
  readonly copy: CopyFacts;
  readonly lockfile: string;
  readonly isCopied: boolean;
}

/** The deno.json that a command reads, where the build is sent a deno.lock beside it. */
function configurationOf(use: CommandUse, facts: Facts): Configuration | null {
  const context = certainContext(facts);
  const directory = directoryOf(use, facts);
  if (!context || directory === null || !use.stage) return null;
  const copies = copiesBefore(use.stage, use.instruction);
  for (const copy of copies.filter(({ origin }) => origin === 'context')) {
    for (const name of ['deno.json', 'deno.jsonc']) {
      const origin = broughtBy(copy, joinPath(directory, name), context);
      if (origin === null) continue;
      const lockfile = origin.replace(/[^/]*$/, 'deno.lock');
      const isSet = /"lock"\s*:/.test(context.read(origin)?.text ?? '"lock":');
      if (isSet || !context.isSent(lockfile)) return null;
      const isCopied = copies.some((one) => broughtBy(one, joinPath(directory, 'deno.lock'), context) !== null);
      return { copy, lockfile, isCopied };
    }
  }
  return null;
}
