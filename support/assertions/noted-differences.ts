import type { ByteDifference } from '../bytes/byte-difference';
import type { Wording } from '../bytes/render-difference';

/** A comparison of bytes that failed: what the report draws. */
export interface NotedDifference {
  readonly expected: Uint8Array;
  readonly actual: Uint8Array;
  readonly wording: Wording;
  /** Names whose bytes they are; empty where nobody said. */
  readonly subject: string;
  readonly difference: ByteDifference;
}

/** A picture each is enough to see the kind of damage; megabytes are not kept for more. */
const KEPT = 3;

/**
 * Cucumber hands a hook the message of an error, not the error; so what failed in a scenario is noted here.
 */
let noted: NotedDifference[] = [];

export function noteDifference(difference: NotedDifference): void {
  if (noted.length < KEPT) noted.push(difference);
}

/** Returns what was noted since the last time: that of this scenario. */
export function takeDifferences(): readonly NotedDifference[] {
  const taken = noted;
  noted = [];
  return taken;
}
