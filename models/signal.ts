/** Who is told when something happens, in order of subscription: the order is fixed in one place, `world.ts`. */
export class Signal<Arguments extends readonly unknown[]> {
  readonly #listeners: ((...given: Arguments) => void)[] = [];

  subscribe(listener: (...given: Arguments) => void): void {
    this.#listeners.push(listener);
  }

  emit(...given: Arguments): void {
    for (const listener of this.#listeners) listener(...given);
  }
}
