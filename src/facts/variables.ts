import type { Instruction, Stage, Word } from '../dockerfile/ast.js';
import { type ExpandResult, expandWord, type Lookup } from '../dockerfile/expand.js';
import { ScopeTimeline, Timeline } from './timeline.js';
import type { AnalysisOptions, ImageFacts, Scope, Setting, StageState } from './types.js';

/**
 * Arguments that BuildKit sets itself. In a stage they have to be declared before they are seen; their values depend on
 * the machine that builds. {@link https://docs.docker.com/reference/dockerfile/#automatic-platform-args-in-the-global-scope}
 */
export const PLATFORM_ARGS: ReadonlySet<string> = new Set([
  'BUILDPLATFORM',
  'BUILDOS',
  'BUILDOSVERSION',
  'BUILDARCH',
  'BUILDVARIANT',
  'TARGETPLATFORM',
  'TARGETOS',
  'TARGETOSVERSION',
  'TARGETARCH',
  'TARGETVARIANT',
  'TARGETSTAGE',
]);

const EMPTY: Scope = { get: () => undefined };

/** True where there is nothing in a word to be expanded, so that it means itself. Most words are so. */
export function isPlainWord(word: string): boolean {
  return !/[$"'\\`]/.test(word);
}

/** Expands a word; a variable whose value a build argument must give makes the value null. */
export function expandIn(word: string, lookup: Lookup, escapeChar: '\\' | '`'): ExpandResult {
  if (isPlainWord(word)) return { ok: true, value: word, matched: [], unmatched: [] };
  const result = expandWord(word, lookup, { escape: escapeChar });
  if (!result.ok || result.value !== null) return result;
  // A required argument with a default in place (`${BASE:-node:24}`) has that value in a plain `docker build`.
  const bare = expandWord(word, (name) => lookup(name) ?? undefined, { escape: escapeChar });
  if (!bare.ok) return result;
  const guarded = bare.unmatched.every((name) => isGuarded(word, name));
  return guarded ? bare : result;
}

function isGuarded(word: string, name: string): boolean {
  const uses = word.match(new RegExp(`\\$\\{?${name}\\b.{0,2}`, 'g')) ?? [];
  return uses.every((use) => use.startsWith(`\${${name}`) && /:?-/.test(use.slice(name.length + 2)));
}

/** The ARGs before the first FROM, which FROM lines see and stages may declare again. */
export function globalScope(preamble: readonly Instruction[], options: AnalysisOptions, escapeChar: '\\' | '`'): Scope {
  const timeline = new ScopeTimeline(null);
  for (const [place, instruction] of preamble.entries()) {
    if (instruction.keyword !== 'ARG') continue;
    const scope = timeline.at(place);
    for (const pair of instruction.pairs) {
      const given = options.buildArgs.get(pair.key.text);
      timeline.set(
        pair.key.text,
        place,
        given ?? defaultOf(pair.value, globalLookup(scope, options), escapeChar),
        instruction,
      );
    }
  }
  return timeline.at(preamble.length);
}

/** How a FROM line sees variables. */
export function globalLookup(scope: Scope, options: AnalysisOptions): Lookup {
  return (name) => {
    const setting = scope.get(name);
    if (setting) return setting.value;
    return PLATFORM_ARGS.has(name) ? (options.buildArgs.get(name) ?? null) : undefined;
  };
}

/** How an instruction of a stage sees variables: the last of ENV and ARG wins, and both over what the base image sets. */
export function stageLookup(state: Pick<StageState, 'env' | 'args'>, inImage: Lookup): Lookup {
  return (name) => {
    const setting = holding(name, state);
    return setting ? setting.value : inImage(name);
  };
}

/**
 * BuildKit puts an ARG with a value into the same environment as ENV, so that the later one holds; one without a value
 * leaves what is there. (The builder before it let ENV win in any order.)
 */
function holding(name: string, { env, args }: Pick<StageState, 'env' | 'args'>): Setting<string | null> | undefined {
  const set = env.get(name);
  const argument = args.get(name);
  if (!set || !argument) return set ?? argument;
  const isLater = (argument.by?.span.start ?? 0) > (set.by?.span.start ?? 0);
  const isEmpty = argument.value === null && !hasDefault(name, argument.by);
  return isLater && !isEmpty ? argument : set;
}

function hasDefault(name: string, by: Instruction | null): boolean {
  return by?.keyword === 'ARG' && by.pairs.some(({ key, value }) => key.text === name && value !== null);
}

/** The variables of a base image; one that it may have set is not known to be unset. */
export function imageLookup({ env, scratch, windows }: ImageFacts): Lookup {
  if (scratch) return (name) => env?.get(name);
  return (name) => (windows ? null : (env?.get(name) ?? null));
}

/** What one stage sets, as a function of the place in it. */
export interface StageTimeline {
  stateAt(place: number): StageState;
}

/**
 * Runs through a stage once. `base` is the final state of the stage that it is built on; null for an image.
 *
 * @param image that at the root of the chain
 */
export function readStage(
  stage: Stage,
  base: StageState | null,
  globals: Scope,
  options: AnalysisOptions,
  escapeChar: '\\' | '`',
  image: () => ImageFacts,
): StageTimeline {
  const env = new ScopeTimeline(base?.env ?? EMPTY);
  const args = new ScopeTimeline(base?.args ?? EMPTY);
  const user = new Timeline<string | null>();
  const workdir = new Timeline<string | null>();
  const shell = new Timeline<readonly string[]>();
  // Taken once: a question to the stage below, and to the one below that, would cost more with each link of a chain.
  const inherited = { user: base?.user ?? null, workdir: base?.workdir ?? null, shell: base?.shell ?? null };
  const lines: StageLines = { user, workdir, shell, env, args, inherited };
  const stateAt = (place: number): StageState => new StateView(lines, place);
  // Most words are plain: then the image is not asked.
  const inImage: Lookup = (name) => imageLookup(image())(name);
  for (const [place, instruction] of stage.instructions.entries()) {
    const lookup = (): Lookup => stageLookup({ env: env.at(place), args: args.at(place) }, inImage);
    switch (instruction.keyword) {
      case 'ENV':
        for (const pair of instruction.pairs) {
          env.set(
            pair.key.text,
            place,
            pair.value ? expanded(pair.value.text, lookup(), escapeChar) : null,
            instruction,
          );
        }
        break;
      case 'ARG':
        for (const pair of instruction.pairs) {
          const name = pair.key.text;
          const given = options.buildArgs.get(name);
          const inherited = pair.value ? undefined : globals.get(name)?.value;
          const before = pair.value ? undefined : args.at(place).get(name)?.value;
          const value =
            given ?? (pair.value ? defaultOf(pair.value, lookup(), escapeChar) : (inherited ?? before ?? null));
          args.set(name, place, value, instruction);
        }
        break;
      case 'USER':
        user.set(place, expanded(instruction.argumentsText, lookup(), escapeChar), instruction);
        break;
      case 'WORKDIR':
        workdir.set(place, joinWorkdir(stateAt(place).workdir, instruction, lookup(), escapeChar, image), instruction);
        break;
      case 'SHELL':
        if (instruction.command) {
          shell.set(
            place,
            instruction.command.strings.map((string) => string.value),
            instruction,
          );
        }
        break;
      default:
    }
  }
  return { stateAt };
}

interface StageLines {
  readonly user: Timeline<string | null>;
  readonly workdir: Timeline<string | null>;
  readonly shell: Timeline<readonly string[]>;
  readonly env: ScopeTimeline;
  readonly args: ScopeTimeline;
  readonly inherited: Pick<StageState, 'user' | 'workdir' | 'shell'>;
}

/** A class for its getters: one is made for nearly every question, which then asks for one member of it. */
class StateView implements StageState {
  constructor(
    private readonly lines: StageLines,
    private readonly place: number,
  ) {}
  get user(): StageState['user'] {
    return this.lines.user.at(this.place) ?? this.lines.inherited.user;
  }
  get workdir(): StageState['workdir'] {
    return this.lines.workdir.at(this.place) ?? this.lines.inherited.workdir;
  }
  get shell(): StageState['shell'] {
    return this.lines.shell.at(this.place) ?? this.lines.inherited.shell;
  }
  get env(): Scope {
    return this.lines.env.at(this.place);
  }
  get args(): Scope {
    return this.lines.args.at(this.place);
  }
}

/** Resolves `path` against a directory of the image; null where either is not known. */
export function resolveInImage(directory: string | null, path: string): string | null {
  const slashed = path.replaceAll('\\', '/');
  if (isAbsolutePath(slashed)) return normalise(slashed);
  return directory === null ? null : normalise(`${directory}/${slashed}`);
}

function isAbsolutePath(path: string): boolean {
  return /^(?:[/\\]|[A-Za-z]:)/.test(path);
}

function normalise(path: string): string {
  const drive = /^[A-Za-z]:/.exec(path)?.[0] ?? '';
  const parts: string[] = [];
  for (const part of path.slice(drive.length).split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `${drive}/${parts.join('/')}`;
}

function joinWorkdir(
  before: Setting<string | null> | null,
  instruction: Instruction,
  lookup: Lookup,
  escapeChar: '\\' | '`',
  image: () => ImageFacts,
): string | null {
  const path = expanded(instruction.argumentsText, lookup, escapeChar);
  if (path === null) return null;
  return resolveInImage(before ? before.value : isAbsolutePath(path) ? null : image().workdir, path);
}

function defaultOf(value: Word | null, lookup: Lookup, escapeChar: '\\' | '`'): string | null {
  return value ? expanded(value.text, lookup, escapeChar) : null;
}

function expanded(text: string, lookup: Lookup, escapeChar: '\\' | '`'): string | null {
  if (isPlainWord(text)) return text;
  const result = expandIn(text, lookup, escapeChar);
  return result.ok ? result.value : null;
}
