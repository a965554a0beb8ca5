/** Moves whenever the same scenario, seed and replication may give other results than before; printed with every result. */
export const MODEL_VERSION = '1';
