import { installSpan, installText } from '../../facts/install-inputs.js';
import { nodeMajor } from '../../facts/node-version.js';
import { omissions } from '../../facts/omissions.js';
import type { CommandUse, Facts, NodeInstall } from '../../facts/types.js';
import type { Severity } from '../../model/finding.js';
import { defineRule, type FixInput, insertAfter, replace } from '../define-rule.js';

/** A compiler that was left out with the devDependencies is missing when the build calls it. */
export default defineRule({
  id: 'node/dev-dependencies-needed',
  summary: 'Install the devDependencies that the build needs',
  category: 'correctness',
  severity: 'error',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  fix: 'suggestion',
  messages: {
    missing: ({ program, pack, install, verb }: Told & { verb: string }) => ({
      message: `\`${program}\` ${verb} not found: \`${install}\` leaves out the devDependencies, and only they have ${pack}`,
      help: 'install the devDependencies here too, and leave them out of the stage that is shipped, or prune after the build',
    }),
    container: ({ program, pack, install }: Told) => ({
      message: `the container ends as soon as it starts (${program}: not found): \`${install}\` leaves out ${pack}, a devDependency`,
      help: `start with plain node what a build stage has compiled, or move ${pack} to dependencies`,
    }),
    impostor: ({ install }: Told) => ({
      message: `\`npx tsc\` fails: \`${install}\` leaves out typescript, and the package that npx fetches as tsc is another one`,
      help: 'install the devDependencies here too, and leave them out of the stage that is shipped, or prune after the build',
    }),
    fetched: ({ program, pack, install }: Told) => ({
      message: `\`npx ${program}\` fetches the newest ${pack}: \`${install}\` leaves out the devDependencies, and with them the version that is locked`,
      help: 'install the devDependencies here too, and leave them out of the stage that is shipped, or prune after the build',
    }),
  },
  check({ facts, report }) {
    if (!facts.context || !facts.node.installs.some((one) => one.omitsDev === true)) return;
    const told = new Set<CommandUse['command']>();
    for (const { use, at, related, seen, found, when } of omissions(facts)) {
      if (told.has(use.command)) continue;
      told.add(use.command);
      const { install } = seen;
      const data = { program: found.program, pack: found.package, install: installText(install) };
      const more = [
        ...related,
        { at: installSpan(install), message: 'leaves out the devDependencies' },
        { at: { file: fileOf(install, facts), span: found.wanted.span }, message: 'is a devDependency' },
      ];
      const severity: Severity | null = found.proven ? null : 'warning';
      const place = { at, related: more, fix: when === 'build' ? fixOf(install) : null, ...(severity && { severity }) };
      if (found.fetched && found.program === 'tsc') report('impostor', { ...place, data });
      else if (found.fetched) report('fetched', { ...place, data, severity: 'warning' });
      else if (when === 'start') report('container', { ...place, data });
      else report('missing', { ...place, data: { ...data, verb: found.proven ? 'is' : 'is most likely' } });
    }
  },
});

interface Told {
  readonly program: string;
  readonly pack: string;
  readonly install: string;
}

function fileOf({ project }: NodeInstall, { document }: Facts) {
  return project?.manifest.source ?? document.source;
}

/** The flag that leaves them out is taken away; where NODE_ENV does it, another says that they are wanted all the same. */
function fixOf({ use: { command }, manager, stage }: NodeInstall): FixInput | null {
  const flag = command.flags.find(
    ({ name, value }) =>
      name === '--production' ||
      name === '--prod' ||
      name === '-P' ||
      (/^--(?:omit|only)$/.test(name) && /^(?:dev|prod)/.test(value ?? '')),
  );
  const word = command.subcommandWord ?? command.nameWord;
  if (flag) {
    // With the blank before it.
    return (
      word && {
        title: 'Install the devDependencies too',
        edits: [replace({ span: { start: flag.span.start - 1, end: flag.span.end } }, '')],
      }
    );
  }
  const major = nodeMajor(stage.image);
  if (manager !== 'npm' || !word || (major !== null && major < 15)) return null;
  return { title: 'Add --include=dev', edits: [insertAfter(word, ' --include=dev')] };
}
