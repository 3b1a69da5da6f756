import { type MissingManager, missingManagers } from '../../facts/missing-managers.js';
import { defineRule } from '../define-rule.js';

interface Data {
  readonly image: string;
  readonly name: MissingManager['name'];
  readonly major: number;
}

/** An official image of Node.js has npm; what else is used has to be installed. */
export default defineRule({
  id: 'node/manager-missing',
  summary: 'Install yarn, pnpm or bun before it is used',
  category: 'correctness',
  severity: 'error',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  messages: {
    build: (data: Data) => ({
      message: `${lack(data)}: the build stops here (${data.name}: not found)`,
      help: advice(data),
    }),
    start: (data: Data) => ({ message: `${lack(data)}: the container does not start`, help: advice(data) }),
  },
  check({ facts, report }) {
    for (const { use, name, release, image, at } of missingManagers(facts)) {
      if (name === 'corepack') continue;
      report(use.instruction.keyword === 'RUN' ? 'build' : 'start', {
        at,
        data: { image, name, major: release.major },
      });
    }
  },
});

function lack({ image, name }: Data): string {
  const why = name === 'yarn' ? ' (those of Node.js 26 and later come without it)' : '';
  return `\`${image}\` has no ${name}${why}, and nothing here installs it`;
}

function advice({ name, major }: Data): string {
  if (name === 'bun') return 'run `npm install -g bun@<version>` before it, or build on `oven/bun`';
  const byNpm = `run \`npm install -g ${name}@<version>\` before it`;
  return major < 25 && major >= 16 ? `${byNpm}, or \`corepack enable\`` : byNpm;
}
