import type { RunSettings } from './vault-under-test';

/** Loading the suite takes so long where three workers start at once on two cores that are not quick. */
const USUAL_LOADING_MS = 3_000;
/** Beyond that a run takes longer than anybody waits. */
const SLOWEST = 2.5;

const loadedMs = performance.now();

/**
 * How many times as long as usual things take on this machine, from 1 to 2.5, judged by how long this process
 * took to load. A vault that is told to give a call up after 1.5 s does so for want of a processor, too, and
 * nobody could blame it.
 */
export function pace(loadingMs: number = loadedMs): number {
  return Math.min(Math.max(loadingMs / USUAL_LOADING_MS, 1), SLOWEST);
}

/** Returns the settings with every time in them longer by this factor. */
export function atPace<Times extends Pick<RunSettings, 'retryBaseMs' | 'leaseMs' | 'callTimeoutMs'>>(
  settings: Times,
  factor: number,
): Times {
  const longer = (milliseconds: number): number => Math.round(milliseconds * factor);
  const { retryBaseMs, leaseMs, callTimeoutMs } = settings;
  return {
    ...settings,
    retryBaseMs: longer(retryBaseMs),
    leaseMs: longer(leaseMs),
    callTimeoutMs: longer(callTimeoutMs),
  };
}
