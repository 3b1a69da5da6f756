import type { Command, Script } from '../shell/types.js';

/**
 * True where a script is nothing but well-known commands with plain words, one after the other, so that ShellCheck has
 * nothing to say of it: half of all RUN instructions, for which it need not be started. `test/shellcheck.test.ts` proves on
 * real files that no finding is lost.
 */
export function isPlain({ source, commands, errors, pipelines }: Script): boolean {
  if (errors.length > 0 || pipelines.length > 0 || commands.length === 0) return false;
  return SAFE_TEXT.test(source.text) && commands.every(isPlainCommand);
}

/** No quotes, expansions, patterns, comments, redirects, groups, or characters beyond ASCII. */
const SAFE_TEXT = /^(?:[A-Za-z0-9_./:=@%+, \t;-]|&&|\\\n|\n)*$/;

function isPlainCommand({ name, words, nesting, assignments, wrappers, next, operands }: Command): boolean {
  if (nesting.length + assignments.length + wrappers.length > 0) return false;
  if (next !== null && next !== '&&' && next !== ';') return false;
  if (!TOOLS.has(name) || words[0]?.value !== name) return false;
  if (words.some(({ value }) => RESERVED.has(value) || value.startsWith('='))) return false;
  // `mkdir -pm 700 a/b` gives the mode to the last directory alone, which ShellCheck tells.
  if (name === 'mkdir') return words.every(({ value }) => value === '-p' || !value.startsWith('-'));
  // With one operand the link has the name of what it leads to, here.
  if (name === 'ln') return operands.length === 2;
  // It knows directories that nobody should remove.
  if (name === 'rm') return operands.every(({ value }) => /^\/(?:tmp|var\/\w+|root|usr\/\w+|opt)\/[\w.-]/.test(value));
  return true;
}

/** Tools whose arguments ShellCheck does not look into. */
const TOOLS = new Set(
  (
    'apt-get apt-cache apt-mark apk yum dnf microdnf zypper pacman npm npx yarn pnpm bun node corepack pip pip2 pip3 ' +
    'poetry uv pipenv gem bundle go cargo composer dotnet mvn make cmake mkdir rm chmod chown cp mv ln touch useradd ' +
    'groupadd adduser addgroup usermod update-ca-certificates ldconfig ./configure'
  ).split(' '),
);

/** ShellCheck takes them for a slip where they stand as arguments. */
const RESERVED = new Set('if then else elif fi for while until do done case esac in select function time'.split(' '));
