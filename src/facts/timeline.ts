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
    return new ScopeView(this, place);
  }

  /** What the stage itself has said. */
  own(name: string, place: number): Setting<string | null> | undefined {
    return this.#variables.get(name)?.at(place);
  }

  /** A loop, not calls from stage to stage: a file may stack more of them than there are stack frames. */
  inherited(name: string): Setting<string | null> | undefined {
    const asked: ScopeTimeline[] = [];
    let found: Setting<string | null> | undefined;
    for (let at: ScopeTimeline = this; ; ) {
      if (at.#inherited.has(name)) {
        found = at.#inherited.get(name);
        break;
      }
      asked.push(at);
      const { parent } = at;
      if (!(parent instanceof ScopeView)) {
        found = parent?.get(name);
        break;
      }
      found = parent.timeline.own(name, parent.place);
      if (found) break;
      at = parent.timeline;
    }
    for (const one of asked) one.#inherited.set(name, found);
    return found;
  }
}

class ScopeView implements Scope {
  constructor(
    readonly timeline: ScopeTimeline,
    readonly place: number,
  ) {}

  get(name: string): Setting<string | null> | undefined {
    return this.timeline.own(name, this.place) ?? this.timeline.inherited(name);
  }
}
