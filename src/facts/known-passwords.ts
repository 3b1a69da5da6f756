import type { Span } from '../model/span.js';
import { findFlag, type ShellWord } from '../shell/types.js';
import type { CommandUse, Facts } from './types.js';

/** A password that a RUN gives to a user and that stands in the Dockerfile. */
export interface KnownPassword {
  readonly use: CommandUse;
  /** `password`: it can be logged in with. `hash`: of one. `text`: where a hash is asked for. */
  readonly kind: 'password' | 'hash' | 'text';
  readonly at: Span;
  /** Where the password itself stands. */
  readonly secrets: readonly Span[];
}

/** The literal passwords of `chpasswd`, `passwd`, `useradd -p` and `usermod -p`. What comes from a variable is none. */
export function knownPasswords(facts: Facts): readonly KnownPassword[] {
  return [
    ...facts
      .commands('chpasswd')
      .flatMap((use) => (isEncrypted(use) ? [] : inputOf(use).flatMap((input) => pairIn(input, use, facts)))),
    ...facts.commands('passwd').flatMap((use) => inputOf(use).flatMap((input) => passwordIn(input, use, facts))),
    ...facts.commands('useradd', 'usermod').flatMap((use) => optionOf(use, facts)),
  ];
}

/** Of a longer text, such as a heredoc, only the password is marked. */
const LONGEST_MARK = 80;

interface Input {
  readonly text: string;
  readonly span: Span;
}

function isEncrypted({ command }: CommandUse): boolean {
  return findFlag(command, '-e', '--encrypted') !== undefined;
}

/** What a command reads, as far as it is written there: the text of an echo before it, `<<<`, a heredoc. */
function inputOf({ command, script, instruction }: CommandUse): readonly Input[] {
  const here = command.redirects.find(({ operator }) => operator === '<<<')?.target;
  if (here) return [wordInput(here)];
  if (command.redirects.some(({ operator }) => operator.startsWith('<<'))) {
    return instruction.heredocs.slice(0, 1).map(({ content, body }) => ({ text: content, span: body }));
  }
  const pipeline = script?.pipelines[command.pipeline];
  if (!script || !pipeline) return [];
  const at = pipeline.members.findIndex((index) => script.commands[index] === command);
  const before = at > 0 ? script.commands[pipeline.members[at - 1] ?? -1] : undefined;
  if (before?.name !== 'echo' && before?.name !== 'printf') return [];
  return before.operands.map(wordInput);
}

function wordInput({ value, span }: ShellWord): Input {
  return { text: value, span };
}

/** Lines of `user:password`. */
function pairIn({ text, span }: Input, use: CommandUse, facts: Facts): readonly KnownPassword[] {
  for (const line of text.split(/\r?\n|\\n/)) {
    const password = /^[^:\s]+:(.+)$/.exec(line)?.[1] ?? '';
    if (isLiteral(password)) return [known(password, span, use, facts)];
  }
  return [];
}

function passwordIn({ text, span }: Input, use: CommandUse, facts: Facts): readonly KnownPassword[] {
  const password = text.split(/\r?\n|\\n/)[0] ?? '';
  return isLiteral(password) ? [known(password, span, use, facts)] : [];
}

function isLiteral(password: string): boolean {
  return password !== '' && !/[$`%]/.test(password);
}

function known(password: string, span: Span, use: CommandUse, facts: Facts): KnownPassword {
  const secrets = placesOf(password, span, facts);
  const [first = span] = secrets;
  return { use, kind: 'password', at: span.end - span.start > LONGEST_MARK ? first : span, secrets };
}

/** `-p` takes a hash; `!` and `*` are none, and lock the account. */
function optionOf(use: CommandUse, facts: Facts): readonly KnownPassword[] {
  const flag = findFlag(use.command, '-p', '--password');
  const value = flag?.value ?? '';
  if (!flag || /^(?:|[!*x]+.{0,3})$/.test(value)) return [];
  const made = /^\$\(\s*(?:openssl|mkpasswd)\b[^$`(]* ["']?([\w@#!.,+-]+)["']?\s*\)$/.exec(value)?.[1];
  const isHash = /^\$\w{1,3}\$[^\s{}()]{10,}$/.test(value);
  if (made === undefined && !isHash && !flag.literal) return [];
  const kind = made !== undefined ? 'password' : isHash ? 'hash' : 'text';
  return [{ use, kind, at: flag.span, secrets: placesOf(made ?? value, flag.span, facts) }];
}

/** Every place of a text within a span; the span itself where it is written in another way. */
function placesOf(text: string, span: Span, facts: Facts): readonly Span[] {
  const written = facts.document.source.text.slice(span.start, span.end);
  const found: Span[] = [];
  for (let at = written.indexOf(text); at >= 0; at = written.indexOf(text, at + text.length))
    found.push({ start: span.start + at, end: span.start + at + text.length });
  return found.length > 0 ? found : [span];
}
