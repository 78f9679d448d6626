/**
 * What this process remembers between questions, by key, up to a limit in all; what was used longest ago goes first. The
 * last one stays however large it is.
 */
export class Kept<T> {
  readonly #items = new Map<string, T>();
  #size = 0;

  /** @param sizeOf what one counts against the limit; it must not change */
  constructor(
    readonly most: number,
    readonly sizeOf: (item: T) => number = () => 1,
  ) {}

  get(key: string): T | undefined {
    const item = this.#items.get(key);
    if (item === undefined) return undefined;
    this.#items.delete(key);
    this.#items.set(key, item);
    return item;
  }

  set(key: string, item: T): void {
    this.#drop(key);
    this.#items.set(key, item);
    this.#size += this.sizeOf(item);
    for (const oldest of this.#items.keys()) {
      if (this.#size <= this.most || this.#items.size === 1) return;
      this.#drop(oldest);
    }
  }

  entries(): [string, T][] {
    return [...this.#items];
  }

  #drop(key: string): void {
    const item = this.#items.get(key);
    if (item === undefined) return;
    this.#items.delete(key);
    this.#size -= this.sizeOf(item);
  }
}
