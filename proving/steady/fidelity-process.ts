import { createHash, randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { SuiteError } from '../../support/bytes/errors';
import type { Environment } from '../../support/environments/environment';
import { runStandalone } from '../../support/run/standalone';
import { Instruments } from '../../support/scenario/instruments';
import { RoundTrips } from '../../support/scenario/round-trips';
import { ScenarioScope } from '../../support/scenario/scenario-scope';
import { median } from './statistics';

const PROVIDER = 'aws_cloudtrail';
/** Of the suite's jobs of many payloads. */
const JOB_LOGS = 250;
const BASELINE_TURNS = 5;
const KIB = 1024;
const UNITS = [
  [KIB ** 3, 'GiB'],
  [KIB ** 2, 'MiB'],
  [KIB, 'KiB'],
] as const;

interface Load {
  readonly bytes: number;
  readonly count: number;
}

/** What one pass over all payloads took, in milliseconds. */
interface Pass {
  readonly generateMs: number;
  readonly roundTripMs: number;
}

/**
 * Part of `npm run bench -- fidelity`, in a process of its own because its memory is measured: payloads of one size, generated, ingested,
 * read back and compared, beside SHA-256 and a copy of the same bytes.
 */
async function measure(environment: Environment, load: Load): Promise<boolean> {
  const { bytes, count } = load;
  const before = process.memoryUsage().rss;
  const cpuBefore = process.cpuUsage();
  const { generateMs, roundTripMs } = await passOf(environment, load);
  const { user, system } = process.cpuUsage(cpuBefore);
  const peak = process.resourceUsage().maxRSS * KIB;
  const hashMs = count * baseline(bytes, (payload) => createHash('sha256').update(payload).digest());
  const copyMs = count * baseline(bytes, (payload) => Buffer.from(payload));
  const tookMs = generateMs + roundTripMs;
  const perSecond = (1_000 * count) / tookMs;
  const megabytes = (1_000 * count * bytes) / tookMs / 1e6;
  process.stdout.write(
    [
      `  ${String(count).padStart(6)} x ${sizeOf(bytes).padStart(7)}`,
      `${perSecond.toFixed(perSecond < 10 ? 2 : 0).padStart(6)} /s`,
      `${megabytes.toFixed(1).padStart(7)} MB/s`,
      `${(tookMs / 1_000).toFixed(2).padStart(6)} s (${(generateMs / 1_000).toFixed(2)} s generating, ${((user + system) / 1e6).toFixed(2)} s of processor)`,
      `${ratio(tookMs, hashMs)} x SHA-256`,
      `${ratio(tookMs, copyMs)} x copy`,
      `peak ${sizeOf(peak)}, ${((peak - before) / (bytes * Math.min(count, JOB_LOGS))).toFixed(1)} x a job's payloads above the start`,
    ].join('  '),
  );
  process.stdout.write('\n');
  return true;
}

/** @throws SuiteError when a payload does not come back as it was: then there is nothing to measure */
async function passOf(environment: Environment, { bytes, count }: Load): Promise<Pass> {
  let generateMs = 0;
  let roundTripMs = 0;
  for (let done = 0; done < count; done += JOB_LOGS) {
    const startMs = performance.now();
    const batch = Array.from({ length: Math.min(JOB_LOGS, count - done) }, (_, index) => ({
      name: `payload ${index + 1}`,
      payload: randomBytes(bytes),
    }));
    const generatedMs = performance.now();
    const { provider, runId } = environment;
    const scope = new ScenarioScope(provider, runId, environment.nextScenarioNumber());
    const trips = new RoundTrips({ ...new Instruments(environment), scope });
    const [changed] = await trips.send(PROVIDER, batch);
    if (changed !== undefined) throw new SuiteError(`${changed.name} did not come back: ${changed.words}`);
    roundTripMs += performance.now() - generatedMs;
    generateMs += generatedMs - startMs;
    await environment.reset();
  }
  return { generateMs, roundTripMs };
}

/** How long something takes with one payload, in milliseconds: the physical limit on this machine, now. */
function baseline(bytes: number, work: (payload: Buffer) => unknown): number {
  const payload = randomBytes(bytes);
  const repeats = Math.max(1, Math.floor((4 * KIB ** 2) / bytes));
  return median(
    Array.from({ length: BASELINE_TURNS }, () => {
      const startMs = performance.now();
      for (let turn = 0; turn < repeats; turn += 1) work(payload);
      return (performance.now() - startMs) / repeats;
    }),
  );
}

function ratio(ms: number, of: number): string {
  return (ms / of).toFixed(1).padStart(6);
}

function sizeOf(bytes: number): string {
  const [unit, name] = UNITS.find(([size]) => bytes >= size) ?? [1, 'bytes'];
  return `${Math.round(bytes / unit)} ${name}`;
}

void runStandalone(() => {
  const { values } = parseArgs({
    options: { bytes: { type: 'string' }, count: { type: 'string' }, wire: { type: 'boolean' } },
  });
  const load = { bytes: Number(values.bytes), count: Number(values.count) };
  return {
    mode: values.wire === true ? 'wire' : 'embedded',
    work: (environment) => measure(environment, load),
  };
});
