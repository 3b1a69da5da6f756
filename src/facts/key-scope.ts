import type { Instruction } from '../dockerfile/ast.js';
import { memoise } from './lazy.js';
import type { Facts, StageFacts } from './types.js';

/** A variable that is part of a key, and the instruction that brings it into scope. */
export interface NamedInput {
  readonly name: string;
  readonly by: Instruction;
}

/** What ARG, ENV, USER, SHELL and WORKDIR say at a place, the stages below included: an ARG is inherited like the rest. */
export interface KeyScope {
  readonly args: readonly NamedInput[];
  readonly env: readonly NamedInput[];
  readonly user: Instruction | null;
  readonly shell: Instruction | null;
  readonly workdir: Instruction | null;
}

type Variables = ReadonlyMap<string, Instruction>;

const EMPTY: KeyScope = { args: [], env: [], user: null, shell: null, workdir: null };

/** The scope at each instruction that can be a step. Read in one pass through the file, when first asked for. */
export const keyScopes = memoise((facts: Facts): ((instruction: Instruction) => KeyScope) => {
  const scopes = new Map<Instruction, KeyScope>();
  const ends = new Map<StageFacts, ScopeReader>();
  const globals = new ScopeReader(undefined, facts.options.buildArgs);
  for (const instruction of facts.document.preamble) globals.read(instruction);
  for (const stage of facts.stages) {
    const reader = new ScopeReader(stage.parent ? ends.get(stage.parent) : undefined, facts.options.buildArgs);
    ends.set(stage, reader);
    for (const instruction of stage.stage.instructions) {
      if (instruction.keyword === 'FROM') scopes.set(instruction, globals.scope());
      else if (/^(?:RUN|COPY|ADD|WORKDIR)$/.test(instruction.keyword)) scopes.set(instruction, reader.scope());
      reader.read(instruction);
    }
  }
  return (instruction) => scopes.get(instruction) ?? EMPTY;
});

/** Copies what it hands out only where something has changed since. */
class ScopeReader {
  readonly #args: Map<string, Instruction>;
  readonly #env: Map<string, Instruction>;
  #settings: Pick<KeyScope, 'user' | 'shell' | 'workdir'>;
  #argsList: readonly NamedInput[] | null = null;
  #envList: readonly NamedInput[] | null = null;

  constructor(
    base: ScopeReader | undefined,
    readonly buildArgs: ReadonlyMap<string, string>,
  ) {
    this.#args = new Map(base?.variables.args);
    this.#env = new Map(base?.variables.env);
    this.#settings = base?.settings ?? EMPTY;
  }

  get variables(): { readonly args: Variables; readonly env: Variables } {
    return { args: this.#args, env: this.#env };
  }

  get settings(): Pick<KeyScope, 'user' | 'shell' | 'workdir'> {
    return this.#settings;
  }

  scope(): KeyScope {
    this.#argsList ??= listOf(this.#args);
    this.#envList ??= listOf(this.#env);
    const { user, shell, workdir } = this.#settings;
    return { args: this.#argsList, env: this.#envList, user, shell, workdir };
  }

  read(instruction: Instruction): void {
    switch (instruction.keyword) {
      case 'ENV':
        for (const { key } of instruction.pairs) {
          this.#env.set(key.text, instruction);
          this.#args.delete(key.text);
        }
        this.#argsList = this.#envList = null;
        break;
      case 'ARG':
        // The last of ENV and ARG holds; an ARG without a value, as long as none is given, leaves what is there.
        for (const { key, value } of instruction.pairs) {
          this.#args.set(key.text, instruction);
          if (value || this.buildArgs.has(key.text)) this.#env.delete(key.text);
        }
        this.#argsList = this.#envList = null;
        break;
      case 'USER':
        this.#settings = { ...this.#settings, user: instruction };
        break;
      case 'SHELL':
        this.#settings = { ...this.#settings, shell: instruction };
        break;
      case 'WORKDIR':
        this.#settings = { ...this.#settings, workdir: instruction };
        break;
      default:
    }
  }
}

function listOf(variables: Variables): readonly NamedInput[] {
  return [...variables].map(([name, by]) => ({ name, by }));
}
