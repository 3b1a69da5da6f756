import { baseName } from '../context/paths.js';
import { mayBuild } from './build-output.js';
import { runsProjectScript } from './install-inputs.js';
import type { CommandUse, Facts } from './types.js';

/** Commands that write no file of a project: package managers of the system, accounts, modes, questions. */
const HARMLESS: ReadonlySet<string> = new Set(
  (
    'apt-get apt apt-cache apt-mark dpkg apk dnf yum microdnf zypper pacman rpm useradd adduser groupadd addgroup usermod ' +
    'groupmod userdel deluser passwd chpasswd chown chmod chgrp mkdir rm rmdir true false : test [ [[ export set unset cd ls ' +
    'cat which command type sleep locale-gen update-ca-certificates ldconfig corepack hash umask exit id whoami uname date env ' +
    'nproc getent pwd stat du df head tail grep shopt trap ulimit wait setcap update-alternatives debconf-set-selections'
  ).split(' '),
);

/** They write nothing but what they are sent to by `>`. */
const SPEAKERS: ReadonlySet<string> = new Set(['echo', 'printf']);

/** Subcommands of package managers that fill caches and directories of modules, and touch no source. */
const INSTALLS: Readonly<Record<string, RegExp>> = {
  npm: /^(?:ci|install|prune|config(?: .*)?|cache(?: .*)?|dedupe|rebuild|audit|ls|version|set|get)$/,
  yarn: /^(?:|install|config(?: .*)?|cache(?: .*)?|global(?: .*)?|set(?: .*)?)$/,
  pnpm: /^(?:install|fetch|prune|config(?: .*)?|store(?: .*)?|rebuild|add)$/,
  bun: /^(?:install|ci|add)$/,
  pip: /^(?:install|config(?: .*)?|cache(?: .*)?|check|list|freeze|uninstall)$/,
  go: /^(?:mod download|mod verify|env|version|install|clean)$/,
  gem: /^(?:install|update)$/,
  bundle: /^(?:install|config(?: .*)?)$/,
  cargo: /^(?:fetch|install)$/,
  dotnet: /^(?:restore)$/,
};

/** What an install writes beside modules. */
const LOCKFILE =
  /^(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lockb?|Gemfile\.lock|go\.sum)$/;
const MODULES = /\/(?:node_modules|vendor|\.venv|venv|site-packages|\.pnp\.[a-z.]+|\.yarn)(?:\/|$)/;

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
  if (SPEAKERS.has(command.name) || HARMLESS.has(command.name)) return false;
  const tool = command.tool ?? command.name;
  const installs = Object.hasOwn(INSTALLS, tool) ? INSTALLS[tool] : undefined;
  if (!installs) return mayBuild(use, imagePath, facts);
  const verb = command.subcommand ?? (tool === 'dotnet' ? (command.operands[0]?.value ?? '') : null);
  if (verb === null || !installs.test(verb)) return !isQuestion(use) && mayBuild(use, imagePath, facts);
  if (LOCKFILE.test(name) || MODULES.test(imagePath)) return true;
  return /^(?:npm|yarn|pnpm|bun)$/.test(tool) && /^(?:ci|install|rebuild|)$/.test(verb) && runsScripts(use, facts);
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
