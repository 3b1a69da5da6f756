import { type Command, findFlag, hasFlag, type ShellWord } from '../shell/types.js';

/** A file of the project that a command cannot do without. */
export interface ProgramFile {
  /** As the command names it, or as its program looks for it. */
  readonly path: string;
  /** The word that names it; null where the program looks for it by itself. */
  readonly word: ShellWord | null;
  /** Every path that would do; relative to where the command runs. */
  readonly candidates: readonly string[];
  /** What the program says where there is none. */
  readonly fails: string;
}

const NODE_ENDINGS = ['.js', '.json', '.node'];
const TYPED_ENDINGS = ['.ts', '.tsx', '.mts', '.cts', '.js', '.mjs', '.cjs', '.jsx', '.json', '.node'];

/** The file that a command runs or reads, where it fails without it; null where it needs none, or that is not known. */
export function programFile(command: Command): ProgramFile | null {
  const { name, operands, flags, nameWord } = command;
  const [first] = operands;
  // Where the value of a flag cannot be told from a file, nothing can.
  const isUnsure = flags.some(({ unknown, name }) => unknown && name !== '--transpile-only' && name !== '-T');
  switch (name) {
    case 'node':
    case 'nodejs':
      if (
        hasFlag(
          command,
          '-e',
          '--eval',
          '-p',
          '--print',
          '-v',
          '--version',
          '-h',
          '--help',
          '--run',
          '--test',
          '-i',
          '-c',
          '--check',
        )
      )
        return null;
      return isUnsure || (nameWord?.value.includes('/') && !/^\/usr\/(?:local\/)?bin\//.test(nameWord.value))
        ? null
        : module(first, NODE_ENDINGS);
    case 'tsx':
    case 'ts-node':
    case 'ts-node-dev':
    case 'nodemon':
      return isUnsure || !/\.[cm]?[jt]sx?$/.test(first?.value ?? '') ? null : module(first, TYPED_ENDINGS);
    case 'sh':
    case 'bash':
      return flags.length > 0 ? null : script(first, 'No such file or directory');
    case 'prisma':
      return schemaOf(command);
    case 'tsc':
      return configOf(command);
    default:
      return nameWord &&
        /^\.{1,2}\/[\w./-]+$/.test(nameWord.value) &&
        nameWord.literal &&
        !nameWord.value.includes('node_modules')
        ? script(nameWord, 'not found')
        : null;
  }
}

/** A module as `node FILE` finds it: with its ending left out, or the index of a directory. */
function module(word: ShellWord | undefined, endings: readonly string[]): ProgramFile | null {
  if (!word?.literal || !/^(?:[\w@+-]|\.{0,2}\/|\.)[\w@+./-]*$/.test(word.value) || word.value.includes('node_modules'))
    return null;
  const path = word.value.replace(/\/+$/, '');
  if (path === '' || /^\.{1,2}$/.test(path)) return null;
  const typed = endings === TYPED_ENDINGS ? path.replace(/\.([cm]?)jsx?$/, '.$1ts') : path;
  const candidates = [
    ...new Set([path, typed, typed.replace(/ts$/, 'tsx')]),
    ...endings.map((ending) => path + ending),
    `${path}/package.json`,
    ...endings.map((ending) => `${path}/index${ending}`),
  ];
  return { path: word.value, word, candidates, fails: 'Cannot find module' };
}

function script(word: ShellWord | undefined, fails: string): ProgramFile | null {
  if (!word?.literal || !/^[\w@+./-]+$/.test(word.value) || word.value === '-') return null;
  return { path: word.value, word, candidates: [word.value], fails };
}

/** https://www.prisma.io/docs/orm/prisma-schema/overview/location */
function schemaOf(command: Command): ProgramFile | null {
  const { operands, flags } = command;
  if (operands[0]?.value !== 'generate' || hasFlag(command, '--config', '--sql', '-h', '--help')) return null;
  const flag = findFlag(command, '--schema');
  if (flag && (!flag.literal || flag.value === null)) return null;
  const given = flag?.value ?? (flags.some(({ name }) => name === '--schema') ? operands[1]?.value : undefined);
  const fails = 'Could not find Prisma Schema';
  if (given !== undefined) return { path: given, word: null, candidates: [given], fails };
  const configs = ['ts', 'mts', 'cts', 'js', 'mjs', 'cjs'].flatMap((end) => [
    `prisma.config.${end}`,
    `.config/prisma.${end}`,
  ]);
  return {
    path: 'prisma/schema.prisma',
    word: null,
    candidates: ['prisma/schema.prisma', 'schema.prisma', 'prisma/schema/schema.prisma', ...configs],
    fails,
  };
}

/** `tsc` without a file looks for tsconfig.json here and in every directory above. */
function configOf(command: Command): ProgramFile | null {
  const { operands, flags } = command;
  if (hasFlag(command, '--init', '-v', '--version', '-h', '--help', '-b', '--build', '--all', '--showConfig'))
    return null;
  const at = flags.findIndex(({ name }) => name === '-p' || name === '--project');
  const flag = flags[at];
  // There is no table for tsc, so that the value of a flag may be an operand.
  if (flag) {
    const value = flag.value ?? command.words[command.words.indexOf(flag.word) + 1]?.value;
    if (value === undefined || !/^[\w./-]+$/.test(value)) return null;
    const path = value.replace(/\/$/, '');
    return { path: value, word: null, candidates: [path, `${path}/tsconfig.json`], fails: 'error TS5058' };
  }
  if (operands.some(({ value }) => /\.[cm]?[jt]sx?$/.test(value))) return null;
  const candidates = [
    'tsconfig.json',
    ...Array.from({ length: 8 }, (_, depth) => `${'../'.repeat(depth + 1)}tsconfig.json`),
  ];
  return { path: 'tsconfig.json', word: null, candidates, fails: 'tsc prints its help and exits with 1' };
}
