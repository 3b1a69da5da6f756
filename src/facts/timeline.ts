import type { Instruction } from '../dockerfile/ast.js';
import type { Scope, Setting } from './types.js';

/**
 * The values that a variable takes in the course of one stage. A place is the index of an instruction in its stage; the
 * value that holds there is that of the last change before it. Kept as a list of changes, since a copy of the whole state
 * for each instruction would make a file with many ENV lines quadratic.
 */
export class Timeline<T> {
  readonly #places: number[] = [];
  readonly #settings: Setting<T>[] = [];

  /** `place` never decreases from call to call. */
  set(place: number, value: T, by: Instruction | null): void {
    this.#places.push(place);
    this.#settings.push({ value, by });
  }

  /** What holds just before the instruction at `place`. */
  at(place: number): Setting<T> | undefined {
    let low = 0;
    let high = this.#places.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#places[middle] ?? 0) < place) low = middle + 1;
      else high = middle;
    }
    return this.#settings[low - 1];
  }
}

/** All variables of one kind (ENV or ARG) of a stage; falls back to the stage it is built on. */
export class ScopeTimeline {
  readonly #variables = new Map<string, Timeline<string | null>>();
  /** What the parent has said: without it a long chain of stages is walked anew for each question. */
  readonly #inherited = new Map<string, Setting<string | null> | undefined>();
  #inheritedNames: readonly string[] | null = null;

  constructor(readonly parent: Scope | null) {}

  set(name: string, place: number, value: string | null, by: Instruction | null): void {
    let timeline = this.#variables.get(name);
    if (!timeline) {
      timeline = new Timeline();
      this.#variables.set(name, timeline);
    }
    timeline.set(place, value, by);
  }

  at(place: number): Scope {
    const get = (name: string): Setting<string | null> | undefined =>
      this.#variables.get(name)?.at(place) ?? this.#fromParent(name);
    const names = (): readonly string[] => {
      this.#inheritedNames ??= this.parent?.names() ?? [];
      const seen = new Set(this.#inheritedNames);
      for (const [name, timeline] of this.#variables) if (timeline.at(place)) seen.add(name);
      return [...seen];
    };
    return { get, names };
  }

  #fromParent(name: string): Setting<string | null> | undefined {
    if (!this.#inherited.has(name)) this.#inherited.set(name, this.parent?.get(name));
    return this.#inherited.get(name);
  }
}
