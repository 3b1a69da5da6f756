import type { CommandUse, CopyFacts, Facts, ImageFacts, StageFacts } from '../../facts/types.js';
import { defineRule } from '../define-rule.js';

type Manager = 'apt' | 'apk' | 'dnf' | 'zypper' | 'pacman';

/** What each command belongs to; dnf has three names that stand in for one another. */
const MANAGERS: Readonly<Record<string, Manager>> = {
  'apt-get': 'apt',
  apt: 'apt',
  apk: 'apk',
  yum: 'dnf',
  dnf: 'dnf',
  microdnf: 'dnf',
  zypper: 'zypper',
  pacman: 'pacman',
};
/** They run the command as it is, in the same root. */
const TRANSPARENT = new Set(['sudo', 'env', 'time', 'nice', 'command', 'exec', 'eatmydata']);

/** The command is simply not there: `apk: not found`. */
export default defineRule({
  id: 'base/package-manager',
  summary: 'Call the package manager that the base image has',
  category: 'correctness',
  severity: 'error',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  messages: {
    other: ({ name, base, has }: { name: string; base: string; has: string | null }) => ({
      message: `\`${base}\` has no \`${name}\`, so the build stops here`,
      help:
        has === null
          ? 'install in another stage and copy the result'
          : `write it with \`${has}\`, or choose another base image`,
    }),
  },
  check({ facts, report }) {
    const told = new Set<StageFacts>();
    for (const use of facts.commands(...Object.keys(MANAGERS))) {
      const { command, stage } = use;
      const manager = MANAGERS[command.name];
      if (!manager || !stage || told.has(stage) || command.nameWord?.value !== command.name) continue;
      const has = managerOf(stage.image);
      if (has === null || MANAGERS[has] === manager || !isCertain(use) || mayBring(use, facts)) continue;
      told.add(stage);
      report('other', {
        at: command.nameWord.span,
        data: { name: command.name, base: stage.image.text ?? '', has: has === 'none' ? null : has },
        related: stage.image.word ? [{ at: stage.image.word.span, message: 'the base image' }] : [],
      });
    }
  },
});

/** The command that a base image has for it; `none` where it has none, null where that is not certain. */
function managerOf({ known, word, scratch, windows, packageManager: has, distribution }: ImageFacts): string | null {
  if (!known || scratch || windows || word?.text.includes('$')) return null;
  if (has === 'apt') return 'apt-get';
  // Which of its names Red Hat's images have is one matter, that they have no other is another.
  return has ?? (distribution === 'rhel' ? 'dnf' : null);
}

/** It runs for sure, in this root, in a script that is not made for several distributions. */
function isCertain({ command, script, instruction }: CommandUse): boolean {
  if (instruction.onbuild || command.conditional) return false;
  if (instruction.keyword === 'RUN' && instruction.mounts.some(({ options }) => options.has('from'))) return false;
  if (!command.wrappers.every(({ name }) => TRANSPARENT.has(name))) return false;
  const wanted = MANAGERS[command.name];
  return (script?.commands ?? []).every(
    ({ name, next }) => next !== '||' && (!Object.hasOwn(MANAGERS, name) || MANAGERS[name] === wanted),
  );
}

/** Something before may bring the command: it is named there, or a tree is copied over that of the base image. */
function mayBring({ command, stage }: CommandUse, facts: Facts): boolean {
  const { start } = command.span;
  const named = new RegExp(`\\b${command.name}\\b`);
  for (let one = stage; one; one = one.parent) {
    const { from, span } = one.stage;
    if (named.test(facts.document.source.text.slice(from.span.end, Math.min(span.end, start)))) return true;
    if (one.copies.some((copy) => copy.instruction.span.start < start && mayHold(copy))) return true;
  }
  return false;
}

function mayHold({ destination, origin, sources }: CopyFacts): boolean {
  if (destination === null) return true;
  if (origin !== 'context') return /^\/(?:$|usr\b|s?bin\b|lib)/.test(destination);
  return destination === '/' && sources.some(({ path }) => path === null || !/\.(?:sh|js|json|ya?ml|conf)$/.test(path));
}
