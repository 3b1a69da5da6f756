import type { BuildContext, NodeProject } from '../context/types.js';
import type { Command } from '../shell/types.js';
import { memoise, remember } from './lazy.js';
import { INSTALL_SCRIPTS } from './lifecycle-names.js';
import { moduleGraph } from './module-graph.js';
import type { Facts, NodeInstall, NodeStart, StageFacts } from './types.js';

/** Commands after which a stage may well have needed its devDependencies, or is rid of them. */
const USES =
  /^(?:npm|npx|yarn|pnpm|pnpx|bun|bunx|node|nodejs|tsc|make|ng|nest|next|vite|webpack|gulp|grunt|nx|turbo|prisma|lerna)$/;

const LOADING = /^(?:-r|--require|--import|--loader|--experimental-loader)\b|\.[cm]?tsx?$/;

/** True where .npmrc settles whether devDependencies are installed. */
export function ignoresDev({ project }: NodeInstall): boolean {
  return ['omit', 'production', 'only', 'include', 'also', 'dev'].some((key) => project?.npmrc?.has(key));
}

/**
 * True unless it is seen that nothing in the shipped image needs the devDependencies of an install: no build, test or
 * prune after it, no script of its own that uses them, and a start command that is plain node.
 */
export function usesDev(install: NodeInstall, facts: Facts): boolean {
  const { stage, use, project } = install;
  const { start } = facts.node;
  if (!start?.simple || !project || !/^(?:node|nodejs)$/.test(start.command.name) || start.project !== project)
    return true;
  if (hasInstallScript(install)) return true;
  const { devDependencies, dependencies } = project.manifest;
  const words = [...start.command.words, ...start.use.command.words].map((word) => word.value);
  if ([...devDependencies.keys()].some((name) => words.some((word) => word.includes(name)))) return true;
  // A loader or an entry that is no JavaScript: something has to compile it when it starts.
  if (words.some((word) => LOADING.test(word))) return true;
  if (lastUse(facts)(stage) > use.command.span.start) return true;
  const only = [...devDependencies.keys()].filter((name) => !dependencies.has(name));
  return start.entry === null || !facts.context || requires(start.entry, only, facts.context);
}

/** Where the last command of the RUNs of a stage begins that may have use for them; -1: there is none. */
const lastUse = memoise((facts: Facts) =>
  remember((stage: StageFacts): number => {
    const runs = stage.history.filter(({ keyword }) => keyword === 'RUN');
    return runs
      .flatMap((run) => facts.commandsOf(run))
      .reduce((last, { command }) => (mayUse(command) ? Math.max(last, command.span.start) : last), -1);
  }),
);

function mayUse({ name, nameWord, words }: Command): boolean {
  return (
    USES.test(name) ||
    name === '' ||
    /\.[cm]?js$|\.sh$/.test(nameWord?.value ?? '') ||
    words.some(({ value }) => value.includes('node_modules'))
  );
}

/**
 * True unless the shipped image starts a plain `node FILE.js` whose words name no devDependency and no loader, and runs
 * nothing of Node.js in its own layers before.
 */
export function startsTools({ project }: NodeInstall, facts: Facts): boolean {
  const { start } = facts.node;
  const { target } = facts;
  if (!target || !start?.simple || !project || !/^(?:node|nodejs)$/.test(start.command.name)) return true;
  if (start.command.operands.length === 0 || target.entrypoint?.command.form === 'shell') return true;
  const words = [...start.command.words, ...start.use.command.words].map(({ value }) => value);
  if (words.some((word) => LOADING.test(word) || word.includes('node_modules'))) return true;
  const { devDependencies, dependencies } = project.manifest;
  const names = [...devDependencies.keys()].filter((name) => !dependencies.has(name));
  if (names.some((name) => words.some((word) => word.includes(name)))) return true;
  // People list what the server imports among the devDependencies by mistake.
  if (start.entry !== null && facts.context && imports(start.entry, names, facts.context)) return true;
  // An entrypoint script, a RUN or a HEALTHCHECK may call them.
  const starts = [target.cmd, target.entrypoint, target.healthcheck].flatMap((one) =>
    one ? facts.commandsOf(one) : [],
  );
  const runs = target.history.flatMap((one) => (one.keyword === 'RUN' ? facts.commandsOf(one) : []));
  return [...starts, ...runs].some(
    ({ command }) =>
      (USES.test(command.name) && !/^node/.test(command.name) && !isStart(command, start)) ||
      /\.sh$/.test(command.nameWord?.value ?? ''),
  );
}

function isStart(command: Command, { use }: NodeStart): boolean {
  return command === use.command;
}

/** True where one of the files of the app that are seen imports a package, for more than its types. */
function imports(entry: string, names: readonly string[], context: BuildContext): boolean {
  const runtime = names.filter((name) => !name.startsWith('@types/'));
  for (const { source } of moduleGraph(entry, context, MOST_FILES)) {
    const code = source.text.replace(/^\s*import type\b.*$/gm, '');
    if (runtime.some((name) => code.includes(`'${name}`) || code.includes(`"${name}`))) return true;
  }
  return false;
}

/** Files that are read to see whether one of them requires a package; an app of more files is left alone. */
const MOST_FILES = 60;

/** True unless the files of the app are all seen, and none of them names one of the packages. */
function requires(entry: string, names: readonly string[], context: BuildContext): boolean {
  let files = 0;
  for (const { source, path } of moduleGraph(entry, context, MOST_FILES)) {
    const { text } = source;
    files++;
    if (text.trim() === '' || /\.[cm]?tsx?$/.test(path)) return true;
    if (names.some((name) => text.includes(`'${name}`) || text.includes(`"${name}`))) return true;
  }
  return files === 0 || files >= MOST_FILES;
}

/** Packages that no running server needs: compilers, linters, test runners and the like. */
const TOOL =
  /^(?:@types\/.*|@(?:typescript-eslint|babel|commitlint|semantic-release|playwright|testing-library|vitest|jest|eslint|storybook|biomejs)\/.*|typescript|ts-node|ts-jest|ts-node-dev|tsx|jest|mocha|chai|sinon|nyc|c8|ava|tap|vitest|supertest|cypress|playwright|puppeteer|karma.*|jasmine.*|eslint.*|standard|xo|prettier|tslint|stylelint.*|husky|lint-staged|nodemon|concurrently|rimraf|webpack.*|rollup|vite|parcel|esbuild|gulp.*|grunt.*|nock|faker|release-it|semantic-release|standard-version|npm-check.*)$/;

/** Those devDependencies of a project that are tools for development; people put other packages there by mistake. */
export function developmentTools({ devDependencies }: NodeProject['manifest']): readonly string[] {
  return [...devDependencies.keys()].filter((name) => TOOL.test(name));
}

/** A script that runs at the install, be it after it as `prepare` does: without devDependencies its program is missing. */
function hasInstallScript({ project }: NodeInstall): boolean {
  return INSTALL_SCRIPTS.some((name) => project?.manifest.scripts.has(name));
}
