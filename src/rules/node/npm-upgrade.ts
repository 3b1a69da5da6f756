import { npmUpgrades } from '../../facts/npm-upgrades.js';
import { defineRule } from '../define-rule.js';

interface Data {
  readonly word: string;
  readonly needed: string;
  readonly image: string;
  readonly fitting: number;
  readonly version: string;
}

/** npm checks the version of Node.js strictly where it is to replace itself. */
export default defineRule({
  id: 'node/npm-upgrade',
  summary: 'Install an npm that runs on the Node.js of the image',
  category: 'correctness',
  severity: 'error',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  messages: {
    stops: (data: Data) => ({
      message: `${needs(data)}: npm does not install it, and the build stops here (EBADENGINE)`,
      help: advice(data),
    }),
    installed: (data: Data) => ({
      message: `${needs(data)}: it is installed all the same, and no later \`npm\` command runs`,
      help: advice(data),
    }),
  },
  check({ facts, report }) {
    for (const { word, needed, image, release, fitting } of npmUpgrades(facts)) {
      const version = release.range.replace('.x', '');
      const data = { word: word.value, needed, image, fitting, version };
      // The npm 6 of older images does not look at `engines` of packages that it installs globally.
      if (release.major >= 16) report('stops', { at: word.span, data });
      else report('installed', { at: word.span, data, severity: 'warning' });
    }
  },
});

function needs({ word, needed, image, version }: Data): string {
  return `${word === 'npm' ? 'the newest npm' : `\`${word}\``} needs Node.js ${needed}, but \`${image}\` has ${version}`;
}

function advice({ fitting }: Data): string {
  return `leave the npm of the image as it is, write \`npm@${fitting}\`, or build on a newer Node.js`;
}
