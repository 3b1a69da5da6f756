import { isWithin } from '../context/paths.js';
import { findFlag, hasFlag } from '../shell/types.js';
import { lineage, valueAt } from './node.js';
import type { CommandUse, Facts, StageFacts } from './types.js';

/** Where one tool keeps what it fetches. */
interface ToolCache {
  /** As in a message. */
  readonly tool: string;
  /** Programs whose command fills it. */
  readonly programs: readonly string[];
  /** How the target of a mount that is meant for it looks. */
  readonly named: RegExp;
  /** Directories, `~` for the home of the user; more than one where versions or settings differ. */
  readonly directories: readonly string[];
  /** Variables and flags by which it is put elsewhere. */
  readonly variables: readonly string[];
  readonly flags: readonly string[];
}

/**
 * The default directories, as the documentation of each tool has them.
 * {@link https://docs.docker.com/build/cache/optimize/#use-cache-mounts}
 */
const CACHES: readonly ToolCache[] = [
  {
    tool: 'npm',
    programs: ['npm'],
    named: /\/\.npm(?:\/|$)/,
    directories: ['~/.npm'],
    variables: ['npm_config_cache', 'NPM_CONFIG_CACHE'],
    flags: ['--cache'],
  },
  {
    tool: 'yarn',
    programs: ['yarn'],
    named: /\/yarn(?:\/|$)|\/\.yarn(?:\/|$)/,
    // yarn 1 as root and as another user, and later versions: https://yarnpkg.com/configuration/yarnrc#globalFolder
    directories: ['/usr/local/share/.cache', '~/.cache/yarn', '~/.yarn'],
    variables: ['YARN_CACHE_FOLDER', 'YARN_GLOBAL_FOLDER', 'XDG_CACHE_HOME'],
    flags: ['--cache-folder'],
  },
  {
    tool: 'bun',
    programs: ['bun'],
    named: /\/\.bun(?:\/|$)/,
    directories: ['~/.bun/install/cache'],
    variables: ['BUN_INSTALL', 'BUN_INSTALL_CACHE_DIR', 'XDG_CACHE_HOME'],
    flags: ['--cache-dir'],
  },
  {
    tool: 'pip',
    programs: ['pip'],
    named: /\/\.cache\/pip(?:\/|$)/,
    directories: ['~/.cache/pip'],
    variables: ['PIP_CACHE_DIR', 'XDG_CACHE_HOME'],
    flags: ['--cache-dir'],
  },
  {
    tool: 'uv',
    programs: ['uv'],
    named: /\/\.cache\/uv(?:\/|$)/,
    directories: ['~/.cache/uv'],
    variables: ['UV_CACHE_DIR', 'XDG_CACHE_HOME'],
    flags: ['--cache-dir'],
  },
  {
    tool: 'poetry',
    programs: ['poetry'],
    named: /\/pypoetry(?:\/|$)/,
    directories: ['~/.cache/pypoetry'],
    variables: ['POETRY_CACHE_DIR', 'XDG_CACHE_HOME'],
    flags: [],
  },
  {
    tool: 'go',
    programs: ['go'],
    named: /\/go-build(?:\/|$)/,
    directories: ['~/.cache/go-build'],
    variables: ['GOCACHE', 'XDG_CACHE_HOME'],
    flags: [],
  },
  {
    tool: 'go',
    programs: ['go'],
    named: /\/pkg\/mod(?:\/|$)/,
    directories: ['$GOPATH/pkg/mod'],
    variables: ['GOMODCACHE'],
    flags: [],
  },
  {
    tool: 'cargo',
    programs: ['cargo'],
    named: /\/\.?cargo(?:\/(?:registry|git)(?:\/|$)|$)/,
    directories: ['$CARGO_HOME/git', '$CARGO_HOME/registry'],
    variables: [],
    flags: [],
  },
  {
    tool: 'apt',
    programs: ['apt-get', 'apt', 'aptitude'],
    named: /\/apt(?:\/|$)/,
    directories: ['/var/lib/apt', '/var/cache/apt'],
    variables: [],
    flags: ['-o', '--option', '-c', '--config-file'],
  },
  {
    tool: 'apk',
    programs: ['apk'],
    named: /\/apk(?:\/|$)/,
    directories: ['/etc/apk/cache', '/var/cache/apk', '/lib/apk'],
    variables: [],
    flags: ['--cache-dir'],
  },
  {
    tool: 'maven',
    programs: ['mvn', 'mvnw'],
    named: /\/\.m2(?:\/|$)/,
    directories: ['~/.m2'],
    variables: ['MAVEN_OPTS', 'MAVEN_ARGS', 'MAVEN_CONFIG', 'MAVEN_USER_HOME'],
    flags: ['-D', '-s', '--settings', '-gs'],
  },
  {
    tool: 'NuGet',
    programs: ['dotnet'],
    named: /\/\.nuget(?:\/|$)/,
    directories: ['~/.nuget'],
    variables: ['NUGET_PACKAGES', 'DOTNET_CLI_HOME'],
    flags: ['--packages'],
  },
];

/** Homes of tools that images set, and what holds without. */
const HOMES: Readonly<Record<string, string>> = { GOPATH: '~/go', CARGO_HOME: '~/.cargo' };

/** A cache mount that its tool does not find, or may not use. */
export interface LostCache {
  readonly kind: 'elsewhere' | 'not-writable' | 'switched-off' | 'cleaned';
  readonly tool: string;
  readonly use: CommandUse;
  /** As written. */
  readonly target: string;
  /** Where the tool looks; as an absolute path. */
  readonly expected: string;
  readonly user: string;
  /** The flag or variable that switches the cache off. */
  readonly by: string;
}

/** What is wrong with a cache mount on `target`, for the tool that it is plainly meant for; null where nothing is, or nobody knows. */
export function lostCache(
  target: string,
  options: ReadonlyMap<string, string>,
  uses: readonly CommandUse[],
  stage: StageFacts,
  facts: Facts,
): LostCache | null {
  const cache = CACHES.find(({ named }) => named.test(target));
  if (!cache) return null;
  const own = uses.filter(
    ({ command }) => cache.programs.includes(command.tool ?? command.name) || cache.programs.includes(command.name),
  );
  const use = own.at(-1);
  if (!use) return null;
  const base = { tool: cache.tool, use, target, by: '' };
  if (cache.tool === 'pip' && own.every((one) => isSwitchedOff(one, facts) !== null)) {
    return { ...base, kind: 'switched-off', expected: target, user: '', by: isSwitchedOff(use, facts) ?? '' };
  }
  if (own.some((one) => isMoved(one, cache, facts))) return null;
  if (cache.tool === 'apt' && isCleaned(use, target, stage, facts))
    return { ...base, kind: 'cleaned', expected: target, user: '' };
  const who = userAt(use, stage, facts);
  if (!who) return null;
  const directories: string[] = [];
  for (const directory of cache.directories) {
    const resolved = resolve(directory, who.home, use, stage, facts);
    if (resolved === null) return null;
    directories.push(resolved);
  }
  const expected = directories.at(-1) ?? target;
  if (!directories.some((directory) => isWithin(directory, target) || isWithin(target, directory)))
    return { ...base, kind: 'elsewhere', expected, user: who.name };
  if (/^ap[tk]$/.test(cache.tool)) return null;
  const isRoots = !options.has('uid') && !/^0?[0-7]*[2367]$/.test(options.get('mode') ?? '') && !options.has('from');
  return who.name !== 'root' && isRoots ? { ...base, kind: 'not-writable', expected: target, user: who.name } : null;
}

/** A directory of the table as an absolute path; null where a variable in it has no known value. */
function resolve(directory: string, home: string, use: CommandUse, { image }: StageFacts, facts: Facts): string | null {
  const [, name] = /^\$(\w+)/.exec(directory) ?? [];
  if (name === undefined) return directory.replace('~', home);
  const set = valueAt(name, use, facts) ?? (image.env ? (image.env.get(name) ?? HOMES[name]) : null);
  return set ? directory.replace(`$${name}`, set.replace('~', home)) : null;
}

/**
 * Images of Debian and Ubuntu delete what apt has downloaded after each install, so that a mount on its cache keeps nothing.
 * {@link https://docs.docker.com/reference/dockerfile/#example-cache-apt-packages}
 */
function isCleaned(use: CommandUse, target: string, stage: StageFacts, { document }: Facts): boolean {
  const { image } = stage;
  if (!image.known || (image.distribution !== 'debian' && image.distribution !== 'ubuntu')) return false;
  if (!isWithin('/var/cache/apt', target) || use.command.subcommand === 'update') return false;
  const end = use.instruction.span.end;
  return !/docker-clean|Keep-Downloaded|apt\.conf/.test(document.source.text.slice(0, end));
}

/** `pip --no-cache-dir`, `PIP_NO_CACHE_DIR` */
function isSwitchedOff(use: CommandUse, facts: Facts): string | null {
  if (hasFlag(use.command, '--no-cache-dir')) return '--no-cache-dir';
  const value = valueAt('PIP_NO_CACHE_DIR', use, facts);
  return value !== undefined && value !== null && !/^(?:0|false|off|no|)$/i.test(value) ? 'PIP_NO_CACHE_DIR' : null;
}

function isMoved(use: CommandUse, { variables, flags, tool, programs }: ToolCache, facts: Facts): boolean {
  if (
    variables.some((name) => valueAt(name, use, facts) !== undefined || facts.stateAt(use.instruction).args.get(name))
  )
    return true;
  if (flags.length > 0 && findFlag(use.command, ...flags)) return true;
  if (use.stage && isConfigured(lineage(use.stage), programs, facts)) return true;
  const { context } = facts;
  // Settings of the project may move it too, and are not followed to the directory where they hold.
  if (tool === 'npm' || tool === 'yarn')
    return (
      context !== null &&
      ['.npmrc', '.yarnrc', '.yarnrc.yml'].some(
        (path) => context.kindOf(path) !== null && /cache/i.test(context.read(path)?.text ?? ''),
      )
    );
  return false;
}

/** True where one of the stages tells the tool for good: `npm set cache /app/.npm`, `yarn config set cache-folder /cache`. */
function isConfigured(stages: readonly StageFacts[], programs: readonly string[], facts: Facts): boolean {
  return facts.commands(...programs).some(({ command, stage }) => {
    if (!stage || !stages.includes(stage) || !/^(?:config set|config|set)$/.test(command.subcommand ?? ''))
      return false;
    return command.operands.some(({ value, literal }) => !literal || /cache|folder/i.test(value));
  });
}

/** The user of a command and the home directory; null where either is not known. */
function userAt(
  use: CommandUse,
  { image }: StageFacts,
  facts: Facts,
): { readonly name: string; readonly home: string } | null {
  if (use.command.wrappers.length > 0 || image.windows) return null;
  const state = facts.stateAt(use.instruction);
  const home = valueAt('HOME', use, facts);
  if (home === null) return null;
  const written = state.user ? state.user.value : image.user;
  if (written === null) return null;
  const name = written.split(':')[0] ?? '';
  if (name === 'root' || name === '0') return { name: 'root', home: home ?? '/root' };
  if (home !== undefined) return { name, home };
  // The official images say so in their documentation.
  return name === 'node' && image.family === 'node' && image.known ? { name, home: '/home/node' } : null;
}
