import type { Span } from '../model/span.js';
import type { Command, ShellWord } from '../shell/types.js';
import type { CheckedScript } from './types.js';

/**
 * What a variable without quotes (SC2086) is in its place: `list` where it holds several words that are meant to be split,
 * which quotes would make one that nothing knows; `one` where quotes change nothing but what ShellCheck speaks of; null
 * where nobody knows.
 */
export function splittingOf({ script, frame }: CheckedScript, span: Span, text: string): 'list' | 'one' | null {
  const name = /^\$\{?([A-Za-z_]\w*)/.exec(text)?.[1] ?? null;
  const holds = name === null || frame.text.length > LARGEST ? null : heldBy(name, frame.text);
  if (holds === 'list') return 'list';
  const found = commandWith(script.commands, span);
  // Part of a word: what stands around it is one word in any case.
  if (!found) return name === null ? null : 'one';
  const { command, word } = found;
  if (command.operands.includes(word) && TAKES_MANY.has(command.tool ?? command.name)) return 'list';
  if (holds === 'one' || ALWAYS_ONE.has(name ?? '')) return 'one';
  return TAKES_ONE.has(command.name) ? 'one' : null;
}

/** Above that, texts are not searched once for each remark. */
const LARGEST = 50_000;

/** Commands whose operands are often kept in a variable: packages, targets, options of a build. */
const TAKES_MANY = new Set(
  (
    'apt-get apt apt-mark aptitude install_packages apk yum dnf microdnf tdnf zypper pacman rpm pip pip2 pip3 uv pipx conda ' +
    'mamba micromamba npm yarn pnpm bun gem bundle composer cargo go docker-php-ext-install docker-php-ext-configure ' +
    'docker-php-ext-enable pecl install-php-extensions configure ./configure cmake make ninja meson'
  ).split(' '),
);

/** Commands with which quotes around an operand are right whatever it holds. */
const TAKES_ONE = new Set(['cd', 'echo', 'test', '[', 'basename', 'dirname']);

const ALWAYS_ONE = new Set(['HOME', 'PWD', 'OLDPWD', 'USER', 'HOSTNAME']);

/** The command that has the place as a word of its own. */
function commandWith(commands: readonly Command[], span: Span): { command: Command; word: ShellWord } | null {
  for (const command of commands) {
    if (command.span.start > span.start || command.span.end < span.end) continue;
    const word = command.words.find((one) => one.span.start === span.start && one.span.end === span.end);
    if (word) return { command, word };
  }
  return null;
}

/** What the script itself puts into a variable, where that can be seen. */
function heldBy(name: string, text: string): 'list' | 'one' | null {
  const values = [...text.matchAll(new RegExp(`(?<![\\w$])${name}(\\+?=)("[^"]*"|'[^']*'|[^\\s;&|()]*)`, 'g'))];
  if (values.some(([, sign, value = '']) => sign === '+=' || /^["'][^$`]*\s[^$`]*["']$/.test(value))) return 'list';
  return values.length === 0 && new RegExp(`\\bfor ${name} in\\b`).test(text) ? 'one' : null;
}
