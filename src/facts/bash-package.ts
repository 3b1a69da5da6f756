import { lineage } from './node.js';
import { imageName } from './node-version.js';
import { packageInstallOf } from './packages.js';
import { mayBringPrograms } from './started-scripts.js';
import type { CommandUse, Facts } from './types.js';

/** Official images whose variants on Alpine have no bash. */
const WITHOUT_BASH: ReadonlySet<string> = new Set(
  ['alpine', 'node', 'python', 'nginx', 'golang'].map((name) => `docker.io/library/${name}`),
);

/** Packages of Alpine that bring no bash along. */
const BASH_FREE: ReadonlySet<string> = new Set(
  'build-base ca-certificates curl dumb-init g++ gcc gcompat git jq libc-dev libc6-compat libffi-dev libpq libstdc++ linux-headers make musl-dev netcat-openbsd nodejs npm openssl openssl-dev postgresql-client py3-pip python3 python3-dev su-exec tini tzdata unzip wget yarn zip zlib-dev'.split(
    ' ',
  ),
);

/** Commands of a RUN that bring no programs of their own accord. */
const QUIET =
  /^(?:cd|mkdir|chmod|chown|echo|printf|set|rm|ls|cat|test|\[|true|export|addgroup|adduser|npm|npx|yarn|pnpm|corepack|node|pip3?|go|sed|touch|find|cp|mv|ln|date|update-ca-certificates)$/;

/** True where bash is surely not in the image at a place: one on Alpine, to which nothing has been added that may be it. */
export function lacksBash({ stage, instruction, command }: CommandUse, facts: Facts): boolean {
  if (stage?.image.distribution !== 'alpine' || !WITHOUT_BASH.has(imageName(stage.image) ?? '')) return false;
  const end = instruction.keyword === 'RUN' ? instruction.span.end : Number.POSITIVE_INFINITY;
  return lineage(stage).every((one) => {
    for (const entry of one.stage.instructions) {
      if (entry.keyword !== 'RUN' || (one === stage && entry.span.end > end)) continue;
      const uses = facts.commandsOf(entry);
      const before = entry === instruction ? uses.filter((use) => use.command.span.start < command.span.start) : uses;
      if (uses.length === 0 || !before.every(isQuiet)) return false;
    }
    return !one.copies.some(
      (copy) => mayBringPrograms(copy) || copy.sources.some(({ path }) => path === null || /bash/.test(path)),
    );
  });
}

function isQuiet(use: CommandUse): boolean {
  const { name, words, subcommand } = use.command;
  if (words.some(({ value }) => /\bbash\b/.test(value))) return false;
  if (name !== 'apk') return QUIET.test(name);
  if (subcommand !== 'add') return true;
  const added = packageInstallOf(use)?.packages ?? [];
  return added.length === use.command.operands.length && added.every((one) => BASH_FREE.has(one.name));
}
