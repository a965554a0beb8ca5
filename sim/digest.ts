/**
 * A running 64-bit fingerprint of what a run did: every event executed and every fact emitted, in order.
 * Two runs with one digest did the same things at the same times. Not cryptographic.
 */
const SCRATCH = new Float64Array(1);
const SCRATCH_INTS = new Int32Array(SCRATCH.buffer);

/** 32 bits of a name. */
export function printOf(name: string): number {
  let print = 0x811c9dc5 | 0;
  for (let i = 0; i < name.length; i++) print = Math.imul(print ^ name.charCodeAt(i), 0x01000193);
  return print ^ (print >>> 15);
}

export class Digest {
  #a = 0x9e3779b9 | 0;
  #b = 0x85ebca6b | 0;

  int(value: number): void {
    this.#a = Math.imul(this.#a ^ value, 0x01000193);
    // Without `| 0` the sum would leave the small integers, and each step would cost a boxed number.
    this.#b = (Math.imul((this.#b << 13) | (this.#b >>> 19), 5) + (value ^ this.#a)) | 0;
  }

  /**
   * An event: its time (an integer of up to 53 bits), what it is and whom it happens to.
   * @param print of the event's name: its code would move with every kind that is added before it
   */
  event(at: number, print: number, target: number): void {
    const when = (at | 0) ^ Math.imul((at / 4294967296) | 0, 0x9e3779b1);
    const what = Math.imul(print, 0x85ebca6b) ^ target;
    this.#a = Math.imul(this.#a ^ when, 0x01000193);
    this.#b = (Math.imul((this.#b << 13) | (this.#b >>> 19), 5) + (what ^ this.#a)) | 0;
    this.#a ^= this.#b >>> 7;
  }

  /** Any double, bit for bit. */
  real(value: number): void {
    SCRATCH[0] = value;
    this.int(SCRATCH_INTS[0]!);
    this.int(SCRATCH_INTS[1]!);
  }

  text(value: string): void {
    for (let i = 0; i < value.length; i++) this.int(value.charCodeAt(i));
  }

  /** 16 hexadecimal digits. */
  hex(): string {
    const mix = (h: number): string => {
      let x = h ^ (h >>> 16);
      x = Math.imul(x, 0x7feb352d);
      x ^= x >>> 15;
      x = Math.imul(x, 0x846ca68b);
      x ^= x >>> 16;
      return (x >>> 0).toString(16).padStart(8, '0');
    };
    return mix(this.#a) + mix(this.#b ^ this.#a);
  }

  save(): readonly [number, number] {
    return [this.#a, this.#b];
  }

  restore([a, b]: readonly [number, number]): void {
    this.#a = a;
    this.#b = b;
  }
}
