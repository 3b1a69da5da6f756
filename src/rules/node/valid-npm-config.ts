import { stopsInstruction } from '../../facts/failure.js';
import { leastNpmMajor } from '../../facts/npm-version.js';
import { defineRule } from '../define-rule.js';

/** Since npm 9, `npm config set` stops at keys that npm does not have, and at those that it has given up. */
export default defineRule({
  id: 'node/valid-npm-config',
  summary: 'Set only options that this npm has',
  category: 'correctness',
  severity: 'error',
  presets: ['recommended', 'strict'],
  since: '0.2.0',
  messages: {
    refused: ({ key, npm, instead }: { key: string; npm: number; instead: string }) => ({
      message: `\`npm config set ${key}\` fails: the npm of this image (${npm} or later) refuses to set that option`,
      help: instead,
    }),
  },
  check({ facts, report }) {
    for (const use of facts.commands('npm')) {
      const { command, instruction } = use;
      if (command.subcommand !== 'config set' && command.subcommand !== 'set') continue;
      const word = command.operands[0];
      const key = /^[\w-]+(?=$|=)/.exec(word?.value ?? '')?.[0];
      if (!word?.literal || key === undefined || !Object.hasOwn(REFUSED, key)) continue;
      if (instruction.keyword !== 'RUN' || use.stage?.role === 'unreachable' || instruction.onbuild) continue;
      const npm = leastNpmMajor(use, facts);
      if (npm === null || npm < 9 || !stopsInstruction(use, facts)) continue;
      // Another --build-arg may bring another Node.js.
      const isFixed = !use.stage?.image.word?.text.includes('$');
      report('refused', {
        at: word.span,
        data: { key, npm, instead: REFUSED[key] ?? '' },
        severity: isFixed ? 'error' : 'warning',
      });
    }
  },
});

const DROP = 'leave it out: there is nothing to set any more';
const OMIT = 'write `ENV NODE_ENV=production`, or add `--omit=dev` to the install';

/** Refused by npm 9 to 11, each tried. */
const REFUSED: Readonly<Record<string, string>> = {
  'unsafe-perm': DROP,
  user: DROP,
  group: DROP,
  python: 'write `ENV npm_config_python=/usr/bin/python3`, which node-gyp reads',
  msvs_version: 'write `ENV npm_config_msvs_version=<value>`, which node-gyp reads',
  sass_binary_site: 'write `ENV SASS_BINARY_SITE=<address>`, which node-sass reads',
  electron_mirror: 'write `ENV ELECTRON_MIRROR=<address>`, which electron reads',
  jobs: 'write `ENV JOBS=max`, which node-gyp reads',
  only: OMIT,
  production: OMIT,
  dev: 'add `--include=dev` to the install',
  also: 'add `--include=dev` to the install',
  optional: 'add `--omit=optional` to the install',
  shrinkwrap: 'set `package-lock` in its place',
  'always-auth': 'leave it out: npm sends the token wherever the registry of the token is asked',
  'cache-min': 'add `--prefer-offline` to the install',
  'cache-max': 'add `--prefer-online` to the install',
};
