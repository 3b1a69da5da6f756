import { NODE_LOCKFILES } from '../context/lockfiles.js';
import { baseName, isWithin, parentOf } from '../context/paths.js';
import { mayBuild } from './build-output.js';
import { inputRole } from './ecosystems.js';
import { runsProjectScript } from './install-inputs.js';
import { isGlobal } from './npm-packages.js';
import { SYSTEM_COMMANDS } from './plain-commands.js';
import type { CommandUse, Facts } from './types.js';
import { directoryOf } from './working-directory.js';

/** Tools that fill directories of the system with parts of a language, or write its settings. */
const OF_LANGUAGES = /^(?:rustup|docker-php-ext-(?:install|enable|configure)|pecl|a2enmod|a2enconf)$/;

/** Subcommands of package managers that fill caches and directories of modules, and touch no source. */
const INSTALLS: Readonly<Record<string, RegExp>> = {
  npm: /^(?:ci|install|prune|config(?: .*)?|cache(?: .*)?|dedupe|rebuild|audit|ls|version|set|get)$/,
  yarn: /^(?:|install|config(?: .*)?|cache(?: .*)?|global(?: .*)?|set(?: .*)?)$/,
  pnpm: /^(?:install|fetch|prune|config(?: .*)?|store(?: .*)?|rebuild|add)$/,
  bun: /^(?:install|ci|add)$/,
  poetry: /^(?:install|config)$/,
  uv: /^(?:sync|pip install|venv)$/,
  pip: /^(?:install|config(?: .*)?|cache(?: .*)?|check|list|freeze|uninstall)$/,
  go: /^(?:mod download|mod verify|env|version|install|clean)$/,
  gem: /^(?:install|update)$/,
  bundle: /^(?:install|config(?: .*)?)$/,
  cargo: /^(?:fetch|install)$/,
  dotnet: /^(?:restore)$/,
};

const MODULES = /\/(?:node_modules|vendor|\.venv|venv|site-packages|\.pnp\.[a-z.]+|\.yarn)(?:\/|$)/;
/** Files that `yarn set version`, `npm config set` and the like write. */
const SETTINGS = /(?:^|\/)(?:\.npmrc|\.yarnrc(?:\.yml)?|\.yarn\/(?:releases|plugins)\/.*)$/;
const NODE_MANAGERS = /^(?:npm|yarn|pnpm|bun)$/;

/**
 * True unless the commands are all known to make no such file. Commands that are not known, scripts of the project, and
 * installs that run scripts of the project may make any.
 */
export function mayCreate(uses: readonly CommandUse[], imagePath: string, facts: Facts): boolean {
  const name = baseName(imagePath);
  return uses.length === 0 || uses.some((use) => mayCommandCreate(use, imagePath, name, facts));
}

function mayCommandCreate(use: CommandUse, imagePath: string, name: string, facts: Facts): boolean {
  const { command, script } = use;
  if (script && script.errors.length > 0) return true;
  for (const { operator, target } of command.redirects) {
    if (!/^&?>[>|&]?$/.test(operator) || !target) continue;
    if (/^\d$|^-$/.test(target.value) || target.value.startsWith('/dev/')) continue;
    if (!target.literal || baseName(target.value) === name) return true;
  }
  // A bare assignment runs nothing; a name with a variable in it may be anything.
  if (command.nameWord === null) return false;
  // `corepack use` installs, and writes the manifest.
  if (command.name === 'corepack') return /^(?:use|up)$/.test(command.words[1]?.value ?? '');
  if (SYSTEM_COMMANDS.has(command.name) || OF_LANGUAGES.test(command.name)) return false;
  const tool = command.tool ?? command.name;
  const installs = Object.hasOwn(INSTALLS, tool) ? INSTALLS[tool] : undefined;
  if (!installs) return mayBuild(use, imagePath, facts);
  const verb = command.subcommand ?? (tool === 'dotnet' ? (command.operands[0]?.value ?? '') : null);
  if (verb === null || !installs.test(verb)) return !isQuestion(use) && mayBuild(use, imagePath, facts);
  if (!NODE_MANAGERS.test(tool)) return inputRole(name) === 'lockfile' || MODULES.test(imagePath);
  if (SETTINGS.test(imagePath)) return /^(?:config|set|get)/.test(verb) || runsProject(use, verb, facts);
  if (MODULES.test(imagePath)) return true;
  if (isGlobal(command) || /^(?:config|cache|store|global|set|get|audit|ls)/.test(verb)) return false;
  // Packages that are named on the line are written into the manifest.
  if (name === 'package.json' && command.operands.length > 0) return true;
  if (NODE_LOCKFILES.get(name) === tool && verb !== 'ci') {
    const directory = directoryOf(use, facts);
    return directory === null || isWithin(parentOf(imagePath), directory);
  }
  return runsProject(use, verb, facts);
}

function runsProject(use: CommandUse, verb: string, facts: Facts): boolean {
  return /^(?:ci|install|rebuild|)$/.test(verb) && !isGlobal(use.command) && runsScripts(use, facts);
}

function runsScripts(use: CommandUse, facts: Facts): boolean {
  const install = facts.node.installs.find((one) => one.use.command === use.command);
  if (!install) {
    // Named packages, `-g`: scripts of the project run at its own install alone.
    return use.command.operands.length === 0;
  }
  const { project } = install;
  // The packages of a workspace may have scripts too.
  return (
    project === null ||
    project.manifest.workspaces.length > 0 ||
    project.pnpmWorkspace !== null ||
    runsProjectScript(install)
  );
}

/** `node --version`, `npm -v` */
function isQuestion({ command }: CommandUse): boolean {
  return command.words.length === 2 && /^(?:--?version|-[vVh]|--help)$/.test(command.words[1]?.value ?? '');
}

/** True where a command may take the file away or change its name. */
export function mayRemove(uses: readonly CommandUse[], imagePath: string): boolean {
  const parts = imagePath.split('/').filter((part) => part !== '');
  return uses.some(({ command }) => {
    if (!/^(?:rm|mv|find|unlink|shred|truncate|git)$/.test(command.name)) return false;
    if (command.name === 'git') return command.subcommand === 'clean';
    if (command.name === 'find')
      return command.words.some(({ value }) => value === '-delete' || value === 'rm' || value === '-exec');
    return command.operands.some(({ value, literal }) => {
      if (!literal || /[*?[]/.test(value)) return true;
      const last = value.replace(/\/+$/, '').split('/').at(-1) ?? '';
      return last === '' || last === '.' || parts.includes(last);
    });
  });
}
