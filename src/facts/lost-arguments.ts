import type { Instruction, KeyValue, Word } from '../dockerfile/ast.js';
import { expandWord } from '../dockerfile/expand.js';
import { textAt } from '../model/source.js';
import type { Span } from '../model/span.js';
import type { Command } from '../shell/types.js';
import { expandedWords, plainUse } from './expanded-words.js';
import type { Facts, ImageFacts, ScriptUse, StageFacts } from './types.js';
import { PLATFORM_ARGS } from './variables.js';

/** A variable that an instruction uses, although the ARG that was to set it does not reach its stage. */
export interface LostArgument {
  readonly name: string;
  readonly stage: StageFacts;
  readonly instruction: Instruction;
  /** The variable with its `$`. */
  readonly span: Span;
  /** True where the shell of a RUN sees no value, false where BuildKit puts nothing in its place. */
  readonly inShell: boolean;
  /** Where it is declared; null for one that BuildKit declares itself. */
  readonly declared: KeyValue | null;
  /** Declared before the first FROM, or by BuildKit: one ARG line brings it into a stage. */
  readonly isGlobal: boolean;
}

/** The first use of each such variable in each stage, in order. */
export function lostArguments(facts: Facts): readonly LostArgument[] {
  const globals = new Map<string, KeyValue>();
  const elsewhere = new Map<string, KeyValue>();
  for (const instruction of facts.document.instructions) {
    if (instruction.keyword !== 'ARG') continue;
    const into = instruction.stage === -1 ? globals : elsewhere;
    for (const pair of instruction.pairs) into.set(pair.key.text, pair);
  }
  if (globals.size + elsewhere.size === 0 && !/\$\{?(?:TARGET|BUILD)[AOPV]/.test(facts.document.source.text)) return [];
  const isArgument = (name: string) => globals.has(name) || elsewhere.has(name) || PLATFORM_ARGS.has(name);
  const found: LostArgument[] = [];
  for (const stage of facts.stages) {
    if (stage.image.windows) continue;
    const seen = new Set<string>();
    for (const instruction of stage.stage.instructions) {
      for (const { name, span, inShell } of usesOf(instruction, isArgument, facts)) {
        const declared = globals.get(name) ?? elsewhere.get(name) ?? null;
        const isGlobal = globals.has(name) || PLATFORM_ARGS.has(name);
        if (seen.has(name) || isInScope(name, instruction, facts)) continue;
        seen.add(name);
        if (!maySet(stage.image, name)) found.push({ name, stage, instruction, span, inShell, declared, isGlobal });
      }
    }
  }
  return found;
}

interface Use {
  readonly name: string;
  readonly span: Span;
  readonly inShell: boolean;
}

function* usesOf(instruction: Instruction, isArgument: (name: string) => boolean, facts: Facts): Generator<Use> {
  if (instruction.keyword === 'RUN') {
    if (!instruction.mounts.some(({ options }) => options.has('env'))) {
      for (const use of facts.scriptsOf(instruction)) yield* usesInScript(use, isArgument, facts);
    }
    return;
  }
  for (const word of expandedWords(instruction)) {
    if (!word.text.includes('$')) continue;
    for (const name of namesIn(word, facts).filter(isArgument)) {
      const at = plainUse(textAt(facts.document.source, word.span), name);
      if (!at || !plainUse(word.text, name)) continue;
      const { start } = word.span;
      yield { name, span: { start: start + at.start, end: start + at.end }, inShell: false };
    }
  }
}

function namesIn(word: Word, { document }: Facts): readonly string[] {
  const result = expandWord(word.text, () => undefined, { escape: document.escape });
  return result.ok ? result.unmatched : [];
}

function isInScope(name: string, instruction: Instruction, facts: Facts): boolean {
  const { env, args } = facts.stateAt(instruction);
  return env.get(name) !== undefined || args.get(name) !== undefined;
}

/** They may set variables of any name. */
const SETTERS: ReadonlySet<string> = new Set('. source eval getopts mapfile readarray envsubst'.split(' '));

function* usesInScript(
  { script }: ScriptUse,
  isArgument: (name: string) => boolean,
  { document }: Facts,
): Generator<Use> {
  if (script.errors.length > 0) return;
  if (script.commands.some((command) => SETTERS.has(command.name) || exportsUnknown(command))) return;
  for (const { words, assignments, redirects, nameWord } of script.commands) {
    const own = nameWord ? assignments.map(({ name }) => name) : [];
    const values = [
      ...words,
      ...assignments.flatMap(({ value }) => value ?? []),
      ...redirects.flatMap(({ target }) => target ?? []),
    ];
    for (const word of values) {
      for (const name of word.variables) {
        if (!isArgument(name) || script.assigned.has(name) || own.includes(name)) continue;
        const at = plainUse(textAt(document.source, word.span), name);
        if (!at || script.source.text.includes(`{${name}:=`) || script.source.text.includes(`{${name}=`)) continue;
        const { start } = word.span;
        yield { name, span: { start: start + at.start, end: start + at.end }, inShell: true };
      }
    }
  }
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
function maySet({ scratch, text }: ImageFacts, name: string): boolean {
  if (scratch) return false;
  if (COMMON.test(name)) return true;
  const image = /([a-z]+)[^/]*$/.exec((text ?? '').replace(/[:@].*$/, ''))?.[1];
  return image !== undefined && name.toLowerCase().includes(image);
}
