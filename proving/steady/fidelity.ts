import path from 'node:path';
import type { Bench } from './bench';

const SCRIPT = path.join(__dirname, 'fidelity-process.ts');
const LOADS = [
  [1024, 2_000],
  [1024 ** 2, 50],
  [100 * 1024 ** 2, 1],
] as const;

/** Payloads through the vault and back: how many and how much a second, beside hashing and copying the same bytes. */
export async function benchFidelity({ say, mode, script }: Bench): Promise<void> {
  say(
    `Fidelity ${mode === 'wire' ? 'over the wire' : 'in-process'}: generated, ingested, read back, compared; aims 1,000 small payloads/s, 100 MiB within 10 x SHA-256 and below 4 payloads of memory`,
  );
  for (const [bytes, count] of LOADS) {
    await script(SCRIPT, [
      ...['--bytes', String(bytes), '--count', String(count)],
      ...(mode === 'wire' ? ['--wire'] : []),
    ]);
  }
}
