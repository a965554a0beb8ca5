/**
 * Entities are rows of a table, their state is columns: typed arrays indexed by the entity's id. Columns are what can be
 * saved, restored and forked by copying, and what thousands of entities can be kept in without an object each.
 */
import { invariant } from './assert.ts';

/** An index into a table, branded with what the table holds. */
export type Id<Kind extends string> = number & { readonly __id: Kind };

/** No entity. Also the value of a column that refers to none. */
export const NONE = -1;

type Data = Float64Array | Int32Array | Uint8Array;

/** What every column offers its table; models use the typed classes below. */
export interface Column {
  readonly name: string;
  grow(capacity: number): void;
  reset(id: number): void;
  save(length: number): Data;
  restore(saved: Data): void;
}

// One class per element type: shared accessors over mixed element types would make every access polymorphic.

/** Reals: times, requests, fractions. */
export class F64Column<I extends number = number> implements Column {
  data: Float64Array;
  constructor(
    readonly name: string,
    capacity: number,
    readonly initial: number,
  ) {
    this.data = new Float64Array(capacity).fill(initial);
  }
  at(id: I): number {
    return this.data[id]!;
  }
  set(id: I, value: number): void {
    this.data[id] = value;
  }
  grow(capacity: number): void {
    const wider = new Float64Array(capacity).fill(this.initial);
    wider.set(this.data);
    this.data = wider;
  }
  reset(id: number): void {
    this.data[id] = this.initial;
  }
  save(length: number): Float64Array {
    return this.data.slice(0, length);
  }
  restore(saved: Data): void {
    this.data.set(saved);
    this.data.fill(this.initial, saved.length);
  }
}

/** Integers and references to other entities. */
export class I32Column<I extends number = number, V extends number = number> implements Column {
  data: Int32Array;
  constructor(
    readonly name: string,
    capacity: number,
    readonly initial: number,
  ) {
    this.data = new Int32Array(capacity).fill(initial);
  }
  at(id: I): V {
    return this.data[id]! as V;
  }
  set(id: I, value: V | typeof NONE): void {
    this.data[id] = value;
  }
  add(id: I, difference: number): number {
    const sum = this.data[id]! + difference;
    this.data[id] = sum;
    return sum;
  }
  grow(capacity: number): void {
    const wider = new Int32Array(capacity).fill(this.initial);
    wider.set(this.data);
    this.data = wider;
  }
  reset(id: number): void {
    this.data[id] = this.initial;
  }
  save(length: number): Int32Array {
    return this.data.slice(0, length);
  }
  restore(saved: Data): void {
    this.data.set(saved);
    this.data.fill(this.initial, saved.length);
  }
}

/** Small integers, phases and flags. */
export class U8Column<I extends number = number> implements Column {
  data: Uint8Array;
  constructor(
    readonly name: string,
    capacity: number,
    readonly initial: number,
  ) {
    this.data = new Uint8Array(capacity).fill(initial);
  }
  at(id: I): number {
    return this.data[id]!;
  }
  set(id: I, value: number): void {
    this.data[id] = value;
  }
  grow(capacity: number): void {
    const wider = new Uint8Array(capacity).fill(this.initial);
    wider.set(this.data);
    this.data = wider;
  }
  reset(id: number): void {
    this.data[id] = this.initial;
  }
  save(length: number): Uint8Array {
    return this.data.slice(0, length);
  }
  restore(saved: Data): void {
    this.data.set(saved);
    this.data.fill(this.initial, saved.length);
  }
}

/** A copy of one table. */
export interface SavedTable {
  readonly length: number;
  readonly free: readonly number[];
  readonly columns: readonly Data[];
}

/** Rows of one kind. Ids are dense, and the id of a removed row is given to a later one. */
export class Table<I extends number = number> {
  #columns: Column[] = [];
  /** Those that return to their initial value with a row: all but the epochs. */
  readonly #values: Column[] = [];
  #capacity: number;
  #free: number[] = [];
  #length = 0;
  /** Moves on when a row is removed, so that events scheduled for its former owner go stale. */
  readonly lifetime: I32Column<I>;
  #epochs: I32Column<I>[] = [];
  /** 1 for rows that are in use. */
  readonly #present: U8Column<I>;

  constructor(
    readonly name: string,
    capacity = 16,
  ) {
    this.#capacity = Math.max(1, capacity);
    this.lifetime = this.epochs('lifetime');
    this.#present = this.u8('present');
  }

  /** One past the highest id ever given out. */
  get length(): number {
    return this.#length;
  }

  f64(name: string, initial = 0): F64Column<I> {
    return this.#registerValue(new F64Column<I>(name, this.#capacity, initial));
  }
  i32<V extends number = number>(name: string, initial = 0): I32Column<I, V> {
    return this.#registerValue(new I32Column<I, V>(name, this.#capacity, initial));
  }
  u8(name: string, initial = 0): U8Column<I> {
    return this.#registerValue(new U8Column<I>(name, this.#capacity, initial));
  }

  /** A further epoch per row, for a timer that is cancelled on its own. It never goes back, not even when a row is reused. */
  epochs(name: string): I32Column<I> {
    const column = this.#register(new I32Column<I>(`epoch:${name}`, this.#capacity, 0));
    this.#epochs.push(column);
    return column;
  }

  /** Whether a row is in use. */
  has(id: I): boolean {
    return this.#present.at(id) === 1;
  }

  /** A new row with every column at its initial value. */
  add(): I {
    const id = (this.#free.pop() ?? this.#append()) as I;
    this.#present.set(id, 1);
    return id;
  }

  #append(): number {
    if (this.#length === this.#capacity) {
      this.#capacity *= 2;
      for (const column of this.#columns) column.grow(this.#capacity);
    }
    return this.#length++;
  }

  /** Removes a row: all its pending events go stale, its columns return to their initial values. */
  remove(id: I): void {
    invariant(this.has(id), () => `${this.name} ${id} does not exist`);
    for (const epoch of this.#epochs) epoch.add(id, 1);
    for (const column of this.#values) column.reset(id);
    this.#free.push(id);
  }

  save(): SavedTable {
    return {
      length: this.#length,
      free: [...this.#free],
      columns: this.#columns.map((column) => column.save(this.#length)),
    };
  }

  restore(saved: SavedTable): void {
    invariant(saved.columns.length === this.#columns.length, () => `${this.name}: snapshot of another model`);
    while (this.#capacity < saved.length) {
      this.#capacity *= 2;
      for (const column of this.#columns) column.grow(this.#capacity);
    }
    this.#length = saved.length;
    this.#free = [...saved.free];
    this.#columns.forEach((column, i) => {
      column.restore(saved.columns[i]!);
    });
  }

  #registerValue<C extends Column>(column: C): C {
    this.#values.push(column);
    return this.#register(column);
  }
  #register<C extends Column>(column: C): C {
    this.#columns.push(column);
    return column;
  }
}
