import { parseScript } from '../shell/parse.js';
import { type Command, findFlag, hasFlag } from '../shell/types.js';

/** A file without which a command fails. */
export interface CommandInput {
  /** Relative to the directory of the command, or absolute; any one of them will do. */
  readonly anyOf: readonly string[];
  /** The command goes on without it, and does nothing of use. */
  readonly optional?: boolean;
  /** It is looked for in the directories above too. */
  readonly upwards?: boolean;
}

type Reader = (command: Command) => readonly CommandInput[];

const manifest: CommandInput = { anyOf: ['package.json'], upwards: true };

/** Subcommands of package managers that stop where there is no manifest. */
const readManifest: Reader = (command) => {
  const { name, subcommand, operands, flags } = command;
  if (hasFlag(command, '--global', '-g', '--location', '--version', '-v', '--help', '-h')) return [];
  if (flags.some((flag) => flag.unknown)) return [];
  if (subcommand === 'run') return operands.length > 0 && !isFile(operands[0]?.value) ? [manifest] : [];
  if (operands.length > 0) return [];
  if (name === 'npm')
    return subcommand === 'ci' ? [manifest] : subcommand === 'install' ? [{ ...manifest, optional: true }] : [];
  return name === 'pnpm' && subcommand === 'install' ? [manifest] : [];
};

const readGo: Reader = ({ subcommand, operands, flags }) => {
  const builds = subcommand === 'build' || subcommand === 'install' || subcommand === 'test' || subcommand === 'vet';
  if (!builds && !/^mod (?:download|verify|vendor|tidy)$/.test(subcommand ?? '')) return [];
  // Of a version given by `@`, or of single files, no module need be here; `-C` is another directory.
  if (operands.some(({ value, literal }) => !literal || value.includes('@') || value.endsWith('.go'))) return [];
  if (flags.some(({ name }) => name === '-C' || name === '-modfile')) return [];
  return [{ anyOf: ['go.mod', 'go.work'], upwards: true }];
};

const readCargo: Reader = (command) => {
  if (!/^(?:build|fetch|test|check|run|vendor)$/.test(command.subcommand ?? '')) return [];
  return hasFlag(command, '--manifest-path', '-C') ? [] : [{ anyOf: ['Cargo.toml'], upwards: true }];
};

const readMaven: Reader = (command) => {
  if (command.operands.length === 0 || command.flags.some(({ name }) => /^(?:-f|--file)/.test(name))) return [];
  const plain = command.operands.every(({ value }) => /^[a-z-]+$/.test(value));
  return plain ? [{ anyOf: ['pom.xml'] }] : [];
};

const readPip: Reader = ({ subcommand, flags }) =>
  subcommand !== 'install'
    ? []
    : flags
        .filter(({ name, literal }) => literal && /^(?:-r|--requirement|-c|--constraint)$/.test(name))
        .flatMap(({ value }) => (value === null || value.includes('://') ? [] : [{ anyOf: [value] }]));

const readTypeScript: Reader = (command) => {
  const { operands, flags } = command;
  const names = flags.map(({ name }) => name);
  if (names.some((name) => /^(?:-v|--version|-h|--help|--init|-b|--build|--all|--showConfig)$/.test(name))) return [];
  if (!names.some((name) => name === '-p' || name === '--project')) {
    return operands.length > 0 ? [] : [{ anyOf: ['tsconfig.json'], upwards: true }];
  }
  const given = findFlag(command, '-p', '--project')?.value ?? operands[0]?.value ?? '';
  return given.endsWith('.json') && operands.every(({ literal }) => literal) ? [{ anyOf: [given] }] : [];
};

const readPrisma: Reader = (command) => {
  const { operands, flags } = command;
  if (operands[0]?.value !== 'generate' || flags.some(({ name }) => name === '--config')) return [];
  if (!hasFlag(command, '--schema')) {
    return [
      { anyOf: ['prisma/schema.prisma', 'schema.prisma', 'prisma/schema', 'prisma.config.ts', 'prisma.config.js'] },
    ];
  }
  const given = findFlag(command, '--schema')?.value ?? operands[1]?.value;
  return given && operands.every(({ literal }) => literal) ? [{ anyOf: [given] }] : [];
};

/** A subcommand without operands, and the file that it works by. */
function onlyWith(file: string, pattern: RegExp, elsewhere: RegExp): Reader {
  return ({ subcommand, operands, flags }) =>
    !pattern.test(subcommand ?? '') || operands.length > 0 || flags.some(({ name }) => elsewhere.test(name))
      ? []
      : [{ anyOf: [file], upwards: true }];
}

/** The file that an interpreter is given. */
const readProgram: Reader = ({ name, operands, flags, words }) => {
  const [first] = operands;
  const isFirst = words[1] === first;
  if (!first?.literal || !isFile(first.value) || (!isFirst && !flags.every((flag) => /^-[eux]$/.test(flag.name))))
    return [];
  const fits = SUFFIXES[name] ?? /\.sh$/;
  return fits.test(first.value) ? [{ anyOf: [first.value] }] : [];
};

const SUFFIXES: Readonly<Record<string, RegExp>> = {
  node: /\.[cm]?js$/,
  python: /\.py$/,
  python3: /\.py$/,
  ruby: /\.rb$/,
  php: /\.php$/,
};

const READERS: Readonly<Record<string, Reader>> = {
  npm: readManifest,
  pnpm: readManifest,
  yarn: readManifest,
  go: readGo,
  cargo: readCargo,
  mvn: readMaven,
  mvnw: readMaven,
  pip: readPip,
  pip3: readPip,
  tsc: readTypeScript,
  prisma: readPrisma,
  bundle: onlyWith('Gemfile', /^install$/, /gemfile/),
  composer: onlyWith('composer.json', /^(?:install|update|dump-autoload)$/, /^(?:-d|--working-dir)/),
  poetry: onlyWith('pyproject.toml', /^install$/, /^(?:-C|-P|--directory|--project)/),
  uv: onlyWith('pyproject.toml', /^sync$/, /^(?:--directory|--project|--script)/),
  node: readProgram,
  python: readProgram,
  python3: readProgram,
  ruby: readProgram,
  php: readProgram,
  sh: readProgram,
  bash: readProgram,
};

/** The files that a command reads before it does anything; empty where that is not known. */
export function commandInputs(command: Command): readonly CommandInput[] {
  const path = command.nameWord?.literal ? command.nameWord.value : '';
  const own = /^\.{0,2}\/.*\.(?:sh|bash|py|js|rb)$/.test(path) ? [{ anyOf: [path] }] : [];
  const reader = Object.hasOwn(READERS, command.name) ? READERS[command.name] : undefined;
  return [...own, ...(reader?.(command) ?? [])];
}

/** What the first command of a script of package.json reads; it runs in the directory of the manifest. */
export function scriptInputs(script: string): readonly CommandInput[] {
  const [first] = parseScript({ text: script, offset: 0 }, 'sh', { joined: false }).commands;
  if (!first || first.conditional || first.next === '||' || first.wrappers.length > 0) return [];
  return first.name === 'tsc' || first.name === 'prisma' ? commandInputs(first) : [];
}

function isFile(value: string | undefined): boolean {
  return value !== undefined && /^[\w./@-]+\.\w+$/.test(value) && !value.startsWith('-');
}
