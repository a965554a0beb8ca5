/** The small generators of seedrandom, which its published types leave out. */
declare module 'seedrandom/lib/tychei.js' {
  interface Generator {
    /** 53 bits in [0, 1). */
    double(): number;
    state(): object;
  }
  export default function tychei(seed: string, options?: { state?: true | object }): Generator;
}
