import path from 'node:path';
import type { Bench } from './bench';

const SCRIPT = path.join(__dirname, 'growth-process.ts');
const SIZES = [10, 100, 1_000, 10_000] as const;
/** A step that would take longer is left out. */
const LIMIT_MS = 300_000;
/** Ten times the logs, and something on top: the stand-in's writes slow down with the collection. */
const STEP_FACTOR = 15;

/** How what the vault and the suite need grows with the logs in one job, in the store and in one search. */
export async function benchGrowth({ say, mode, script }: Bench): Promise<void> {
  const where = mode === 'wire' ? 'over the wire' : 'in-process';
  const mongo = process.env.MONGODB_URI ? 'MONGODB_URI' : 'the MongoDB at hand';
  say(
    `Growth ${where}, on ${mongo}: each time in all, and in ms per log, which is even where growth is linear`,
  );
  say(
    '   logs  vault: one job      vault: one search   suite: the end      of it processor     suite: offering     peak of memory',
  );
  for (const size of SIZES) {
    const startMs = performance.now();
    const isDone = await script(SCRIPT, ['--logs', String(size), ...(mode === 'wire' ? ['--wire'] : [])]);
    const tookMs = performance.now() - startMs;
    if (!isDone) return void say(`  stopped: ${size} logs could not be measured`);
    if (size !== SIZES.at(-1) && tookMs * STEP_FACTOR > LIMIT_MS) {
      return void say(
        `  stopped: ${size} logs took ${(tookMs / 1_000).toFixed(0)} s, ten times as many may take too long`,
      );
    }
  }
}
