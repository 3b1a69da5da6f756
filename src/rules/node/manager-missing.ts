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
      help: advice(data, 'run', 'before it'),
    }),
    start: (data: Data) => ({
      message: `${lack(data)}: the container ends as soon as it starts`,
      help: advice(data, 'add', 'to this stage'),
    }),
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
  const why = name === 'yarn' ? ' (images of Node.js 26 and later come without it)' : '';
  return `\`${image}\` has no ${name}${why}, and nothing here installs it`;
}

function advice({ name, major }: Data, verb: string, place: string): string {
  const run = verb === 'add' ? 'RUN ' : '';
  if (name === 'bun') return `${verb} \`${run}npm install -g bun@<version>\` ${place}, or build on \`oven/bun\``;
  const byNpm = `${verb} \`${run}npm install -g ${name}@<version>\` ${place}`;
  return major < 25 && major >= 16 ? `${byNpm}, or \`${run}corepack enable\`` : byNpm;
}
