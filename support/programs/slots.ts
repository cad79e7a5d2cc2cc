/** A program's day has as many slots as there are ranges worth telling apart. */
export const SLOTS = 4;
export const SLOT_MS = 60_000;
