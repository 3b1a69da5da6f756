import { missingManagers } from '../../facts/missing-managers.js';
import { defineRule } from '../define-rule.js';

interface Data {
  readonly image: string;
  readonly major: number;
  readonly atBuild: boolean;
}

/** Node.js 25 and later come without corepack, and no image brings it. */
export default defineRule({
  id: 'node/corepack-missing',
  summary: 'Install corepack where Node.js comes without it',
  category: 'correctness',
  severity: 'error',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  fix: 'suggestion',
  messages: {
    missing: ({ image, major, atBuild }: Data) => ({
      message: `\`${image}\` has no corepack, since Node.js ${major < 25 ? 'has it from 14.19 to 24 only' : '25 and later come without it'}: ${atBuild ? 'the build stops here' : 'the container ends as soon as it starts'}`,
      help:
        major < 25
          ? 'install the package manager by npm: `npm install -g yarn@<version>`'
          : 'run `npm install -g corepack@<version>` before it, or install the package manager itself that way',
    }),
  },
  check({ facts, report }) {
    for (const { use, name, release, image, at } of missingManagers(facts)) {
      if (name !== 'corepack') continue;
      const { command, script, instruction } = use;
      const isPlain = script !== null && command.nesting.length === 0 && command.wrappers.length === 0;
      const isRoot = facts.stateAt(instruction).user === null;
      report('missing', {
        at,
        data: { image, major: release.major, atBuild: instruction.keyword === 'RUN' },
        fix:
          isPlain && isRoot && release.major >= 25
            ? {
                title: 'Install corepack before',
                edits: [
                  {
                    span: { start: command.span.start, end: command.span.start },
                    text: `npm install -g corepack@${VERSION} && `,
                  },
                ],
              }
            : null,
      });
    }
  },
});

/** As images of Node.js 22 bring it. */
const VERSION = '0.34.6';
