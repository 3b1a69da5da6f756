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
      message: `\`npm config set ${key}\` fails: npm ${npm}, which comes with this image, refuses to set that option`,
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
const ENVIRONMENT = 'set it as an environment variable, in upper case behind `npm_config_` or as the package documents';
const OMIT = 'write `ENV NODE_ENV=production`, or `--omit=dev` behind the install';

/** Refused by npm 9 to 11, each tried. */
const REFUSED: Readonly<Record<string, string>> = {
  'unsafe-perm': DROP,
  user: DROP,
  group: DROP,
  python: 'write `ENV npm_config_python=/usr/bin/python3`, which node-gyp reads',
  msvs_version: ENVIRONMENT,
  sass_binary_site: ENVIRONMENT,
  electron_mirror: ENVIRONMENT,
  jobs: 'write `ENV JOBS=max`, which node-gyp reads',
  only: OMIT,
  production: OMIT,
  dev: 'write `--include=dev` behind the install',
  also: 'write `--include=dev` behind the install',
  optional: 'write `--omit=optional` behind the install',
  shrinkwrap: 'set `package-lock` in its place',
  'always-auth': 'leave it out: npm sends the token wherever the registry of the token is asked',
  'cache-min': 'write `--prefer-offline` behind the install',
  'cache-max': 'write `--prefer-online` behind the install',
};
