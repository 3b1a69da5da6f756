/** A value that is computed when it is first asked for, and once. */
export function lazy<T>(compute: () => T): () => T {
  let cell: { readonly value: T } | null = null;
  return () => {
    cell ??= { value: compute() };
    return cell.value;
  };
}

/**
 * A function whose results are kept for as long as the function itself: for closures of one file. Cheaper than
 * {@link memoise}, since a weak map costs time at every collection for each key in it.
 */
export function remember<K, V>(compute: (key: K) => V): (key: K) => V {
  const known = new Map<K, { readonly value: V }>();
  return (key) => {
    let cell = known.get(key);
    if (!cell) {
      cell = { value: compute(key) };
      known.set(key, cell);
    }
    return cell.value;
  };
}

/** An object that keeps what functions of {@link memoise} have found out about it, since that costs less than a weak map. */
export interface Holder {
  readonly memory: Map<unknown, { readonly value: unknown }>;
}

/** A function of an object whose results are kept as long as the object is. */
export function memoise<K extends object, V>(compute: (key: K) => V): (key: K) => V {
  const known = new WeakMap<K, { readonly value: V }>();
  return (key) => {
    if ('memory' in key && key.memory instanceof Map) return held(key.memory, key, compute);
    let cell = known.get(key);
    if (!cell) {
      cell = { value: compute(key) };
      known.set(key, cell);
    }
    return cell.value;
  };
}

function held<K, V>(memory: Map<unknown, { readonly value: V }>, key: K, compute: (key: K) => V): V {
  let cell = memory.get(compute);
  if (!cell) {
    cell = { value: compute(key) };
    memory.set(compute, cell);
  }
  return cell.value;
}
