import type { Instruction } from '../dockerfile/ast.js';
import { textAt } from '../model/source.js';
import type { Span } from '../model/span.js';
import { dialectOf } from '../shell/shells.js';
import type { Command } from '../shell/types.js';
import { plainUse } from './expanded-words.js';
import { remember } from './lazy.js';
import type { Facts, ImageFacts } from './types.js';

/** A variable that a script reads, with the `$` before it. */
export interface ShellUse {
  readonly name: string;
  readonly span: Span;
}

/** They may set variables of any name. */
const SETTERS: ReadonlySet<string> = new Set('. source eval getopts mapfile readarray envsubst'.split(' '));

/**
 * The variables that the script of an instruction reads without having set them, nor saying what to take instead; of the
 * names that `isMeant` takes. None of a script that may set any.
 */
export function* shellUses(
  instruction: Instruction,
  isMeant: (name: string) => boolean,
  facts: Facts,
): Generator<ShellUse> {
  const commands = facts.commandsOf(instruction).map(({ command }) => command);
  if (commands.some((command) => SETTERS.has(command.name) || exportsUnknown(command) || readsProfile(command))) return;
  if (startsWithProfile(instruction, facts)) return;
  const scripts = facts.scriptsOf(instruction).map(({ script }) => script);
  // Of the script in `["sh", "-c", "..."]` only the commands are known.
  if (scripts.length === 0 && commands.some(({ nesting }) => nesting.includes('loop-body'))) return;
  if (scripts.some(({ errors }) => errors.length > 0)) return;
  const isAssigned = remember(
    (name: string) =>
      scripts.some(
        ({ assigned, source }) =>
          assigned.has(name) || source.text.includes(`{${name}=`) || source.text.includes(`{${name}:=`),
      ) ||
      (scripts.length === 0 && commands.some((command) => assigns(command, name))),
  );
  for (const { words, assignments, redirects, nameWord } of commands) {
    const own = nameWord ? assignments.map(({ name }) => name) : [];
    const values = [...assignments, ...redirects.map(({ target }) => ({ value: target }))];
    for (const word of [...words, ...values.flatMap(({ value }) => value ?? [])]) {
      for (const name of word.variables) {
        if (!isMeant(name) || own.includes(name) || isAssigned(name)) continue;
        const at = plainUse(textAt(facts.document.source, word.span), name);
        const { start } = word.span;
        if (at) yield { name, span: { start: start + at.start, end: start + at.end } };
      }
    }
  }
}

function assigns({ name, nameWord, assignments, operands }: Command, variable: string): boolean {
  if (nameWord === null) return assignments.some((one) => one.name === variable);
  return (name === 'export' || name === 'read') && operands.some(({ value }) => value.split('=', 1)[0] === variable);
}

/** `bash -lc "..."`: a login or interactive shell reads files that may set any. */
function readsProfile({ wrappers }: Command): boolean {
  return wrappers.some(
    ({ name, flags }) => dialectOf(name) !== null && flags.some((flag) => /^(?:-[li]|--login)$/.test(flag.name)),
  );
}

function startsWithProfile(instruction: Instruction, facts: Facts): boolean {
  const { env, shell } = facts.stateAt(instruction);
  return (
    env.get('BASH_ENV') !== undefined || shell?.value?.some((word) => /^(?:-\w*[li]\w*|--login)$/.test(word)) === true
  );
}

/** `export $(cat .env)` */
function exportsUnknown({ name, operands }: Command): boolean {
  return (
    (name === 'export' || name === 'read') && operands.some(({ literal, value }) => !literal && !/^\w+=/.test(value))
  );
}

/** What images commonly set. */
const COMMON =
  /^(?:PATH|HOME|LANG|LANGUAGE|LC_\w+|TZ|TERM|USER|UID|GID|PWD|HOSTNAME|SHELL|CI|NAME|HOST|PORT|PLATFORM|DISPLAY|DEBIAN_FRONTEND|GPG_KEYS?|CONFIG_FILE|LD_LIBRARY_PATH|GOPATH|GOROOT|APP_(?:UID|DIR|ROOT|PATH)|NODE_ENV|NODE_PATH|\w*DOWNLOAD\w*)$|^(?:APACHE|ASPNET|BUN|BUNDLE|CARGO|CATALINA|COMPOSER|CONDA|CUDA|DENO|DOTNET|GEM|GOSU|GOLANG|GRADLE|JAVA|JUPYTER|LAMBDA|MAVEN|MONGO|MYSQL|NB|NGINX|NJS|NODEJS|NPM|NUGET|NVM|NVIDIA|OTP|PG|PHP|PIP|PLAYWRIGHT|PNPM|PUPPETEER|PYTHON|REBAR3?|RUBY|RUST|RUSTUP|SE|SEL|SPARK|SWIFT|TOMCAT|XDG|YARN)_/;

/** True where the base image may well set a variable of that name itself. */
export function imageMaySet({ scratch, text }: ImageFacts, name: string): boolean {
  if (scratch) return false;
  if (COMMON.test(name)) return true;
  const image = /([a-z]+)[^/]*$/.exec((text ?? '').replace(/[:@].*$/, ''))?.[1];
  return image !== undefined && name.toLowerCase().includes(image);
}
