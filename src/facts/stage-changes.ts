import { baseName, clampToRoot, isWithin, joinPath } from '../context/paths.js';
import { broughtBy } from './copies.js';
import { isExcludedFrom } from './sent-files.js';
import { couldMeet, landing, landings, restBelow } from './taken-paths.js';
import type { CopyFacts, Facts } from './types.js';

/** A place of a stage's files where it differs from the build before, or may. */
export interface Difference {
  /** Absolute. */
  readonly path: string;
  /** True: the file of that path differs. False: anything at the path or below it may. */
  readonly certain: boolean;
}

/** What a stage differs in, in no order. */
export type Differences = readonly Difference[];

/** A command may write any file, or put any back to what it was. */
export const ANYTHING: Differences = [{ path: '/', certain: false }];

/** Whether what a source of a `COPY --from` or a bind mount takes differs; null: no. */
export function takenDiffers(
  differences: Differences,
  source: string | null,
  copy: CopyFacts | null,
  facts: Facts,
): 'again' | 'perhaps' | null {
  if (source === null) return differences.length > 0 ? 'perhaps' : null;
  const wanted = clampToRoot(source);
  let perhaps = false;
  for (const { path, certain } of differences) {
    const inside = clampToRoot(path);
    if (certain && takesFrom(inside, wanted, copy, facts)) return 'again';
    perhaps ||= !certain && couldMeet(inside, wanted) && !isLeftOut(inside, wanted, copy, facts);
  }
  return perhaps ? 'perhaps' : null;
}

function takesFrom(path: string, source: string, copy: CopyFacts | null, facts: Facts): boolean {
  return restBelow(path, source) !== null && !isLeftOut(path, source, copy, facts);
}

/** Whether `--exclude` leaves out a path that a source takes, and with it all that is below. */
function isLeftOut(path: string, source: string, copy: CopyFacts | null, facts: Facts): boolean {
  const rest = copy ? restBelow(path, source) : null;
  if (!copy || rest === null || path === '.') return false;
  return isExcludedFrom(facts, copy, rest === '' ? baseName(path) : rest);
}

/** What a stage differs in after a COPY whose text is as it was. */
export interface CopyChange {
  /** Files of the context that differ and pass the ignore file. */
  readonly changed: ReadonlySet<string>;
  /** What the stage that it copies from differs in. */
  readonly origin: Differences;
  /** False where more than {@link changed} may differ in what it brings. */
  readonly known: boolean;
}

export function afterCopy(before: Differences, copy: CopyFacts, change: CopyChange, facts: Facts): Differences {
  const { destination } = copy;
  const isSame = change.known && change.changed.size === 0 && change.origin.length === 0;
  if (destination === null) return isSame ? before.map(({ path }) => ({ path, certain: false })) : ANYTHING;
  const brought = isSame
    ? []
    : [...broughtFromContext(copy, change.changed, facts), ...carried(copy, destination, change.origin, facts)];
  const landed = new Set(brought.map(({ path }) => path));
  const hidden = before.flatMap((one) => covered(one, destination, copy, landed, facts));
  const keepsParents = copy.instruction.flags.some(({ name, value }) => name === 'parents' && value?.text !== 'false');
  if (!change.known || (keepsParents && brought.length > 0)) return [...hidden, { path: destination, certain: false }];
  return limited(brought.length === 0 ? hidden : [...hidden, ...brought]);
}

/** With more of them, each further COPY would be asked about each: the rest may be anywhere. */
const MOST_DIFFERENCES = 500;

function limited(differences: Differences): Differences {
  if (differences.length <= MOST_DIFFERENCES) return differences;
  return [...differences.slice(0, MOST_DIFFERENCES - 1), ...ANYTHING];
}

/** What is copied over a file that differs may hide it. */
function covered(
  one: Difference,
  destination: string,
  copy: CopyFacts,
  landed: ReadonlySet<string>,
  facts: Facts,
): Differences {
  if (!one.certain || !isWithin(destination, one.path)) return [one];
  const { instruction, origin } = copy;
  const isKnown = origin === 'context' && copy.sources.every(({ path, remote }) => path !== null && !remote);
  if (!isKnown || !facts.context) return [{ ...one, certain: false }];
  if (instruction.heredocs.some(({ name }) => [destination, joinPath(destination, name)].includes(one.path))) return [];
  const mayLeaveOut = instruction.flags.some(({ name }) => name === 'exclude');
  // One that differs itself is noted among what is brought.
  if (broughtBy(copy, one.path, facts.context) !== null) return mayLeaveOut ? [{ ...one, certain: false }] : [];
  // A file that is gone is found nowhere now, and may have been here before.
  return landed.has(one.path) ? [{ ...one, certain: false }] : [one];
}

function broughtFromContext(copy: CopyFacts, changed: ReadonlySet<string>, facts: Facts): Differences {
  if (copy.origin !== 'context') return [];
  const brought: Difference[] = [];
  for (const path of changed) {
    for (const landed of landings(path, copy, facts)) brought.push({ path: landed, certain: true });
    if (brought.length > MOST_DIFFERENCES) break;
  }
  return brought;
}

/** Where what differs in another stage comes to lie. */
function carried(copy: CopyFacts, destination: string, origin: Differences, facts: Facts): Differences {
  if (copy.origin !== 'stage' || origin.length === 0) return [];
  return copy.sources.flatMap(({ path: source }, index) => {
    if (source === null) return [{ path: destination, certain: false }];
    const wanted = clampToRoot(source);
    return origin.flatMap(({ path, certain }): Differences => {
      const inside = clampToRoot(path);
      if (certain && !takesFrom(inside, wanted, copy, facts)) return [];
      const landed = inside === '.' ? [] : landing(inside, wanted, destination, copy);
      // A source may lay its files over those of one before it.
      const isSure = certain && index === copy.sources.length - 1;
      if (landed.length > 0) return landed.map((to) => ({ path: to, certain: isSure }));
      return couldMeet(inside, wanted) ? [{ path: destination, certain: false }] : [];
    });
  });
}
