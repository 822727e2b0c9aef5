/** A map that forgets what was set longest ago when it has more than `size` entries. */
export class BoundedMap<Key, Value> extends Map<Key, Value> {
  readonly #size: number;

  constructor(size: number) {
    super();
    this.#size = size;
  }

  override set(key: Key, value: Value): this {
    this.delete(key);
    super.set(key, value);
    for (const oldest of this.keys()) {
      if (this.size <= this.#size) break;
      this.delete(oldest);
    }
    return this;
  }
}
