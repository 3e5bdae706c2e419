/** A value that can be read now and watched; what useSyncExternalStore needs. Values are immutable: a new one is a change. */
export interface Readable<T> {
  readonly get: () => T;
  readonly subscribe: (listener: () => void) => () => void;
}

/** The writable side, kept by the module that owns the value. */
export class Cell<T> implements Readable<T> {
  readonly #listeners = new Set<() => void>();
  #value: T;

  constructor(value: T) {
    this.#value = value;
  }

  readonly get = (): T => this.#value;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  set(value: T): void {
    if (Object.is(value, this.#value)) return;
    this.#value = value;
    for (const listener of [...this.#listeners]) listener();
  }

  get watched(): boolean {
    return this.#listeners.size > 0;
  }
}

/** The known values of several readables by name; keeps its identity while no value changes. */
export function combine<T>(sources: ReadonlyMap<string, Readable<T | undefined>>): Readable<ReadonlyMap<string, T>> {
  let snapshot: ReadonlyMap<string, T> = new Map();
  return {
    get: () => {
      const known = new Map<string, T>();
      for (const [name, source] of sources) {
        const value = source.get();
        if (value !== undefined) known.set(name, value);
      }
      const same = known.size === snapshot.size && [...known].every(([name, value]) => Object.is(snapshot.get(name), value));
      if (!same) snapshot = known;
      return snapshot;
    },
    subscribe: listener => {
      const stops = [...sources.values()].map(source => source.subscribe(listener));
      return () => stops.forEach(stop => stop());
    },
  };
}
