import type { Envelope, Timestamp } from '@cucumber/messages';
import { SuiteError } from '../bytes/errors';
import { count } from '../bytes/safe-text';

/** The messages of one run, and the file they come from. */
export interface RecordedRun {
  readonly file: string;
  readonly envelopes: readonly Envelope[];
}

type Ids = ReadonlyMap<string, string>;

/**
 * The messages of several shards of one run, as one run would have sent them. Scenarios come in the order of
 * the features, whichever shard ran them.
 *
 * @param isWhole true where every shard is known to be there: what ran in none of them was not to run
 * @throws SuiteError when the runs are not shards of one: when they read other features, or ran a scenario
 * twice
 */
export function mergeMessages(runs: readonly RecordedRun[], isWhole: boolean): readonly Envelope[] {
  const merged = new MergedRun();
  for (const run of runs) merged.add(run);
  return merged.envelopes(isWhole);
}

class MergedRun {
  /** The messages that are said once: by the first run that says it. */
  readonly #definitions = new Map<string, Envelope>();
  readonly #sources = new Map<string, string>();
  readonly #supportCode: Envelope[] = [];
  readonly #before: Envelope[] = [];
  readonly #after: Envelope[] = [];
  /** By pickle: the test case, the file it comes from and what happened in it. */
  readonly #cases = new Map<
    string,
    { readonly file: string; readonly testCase: Envelope; readonly told: Envelope[] }
  >();
  #runId: string | undefined;
  #started: Timestamp | undefined;
  #finished: Timestamp | undefined;
  #success = true;
  /** Why runs were not judged to their end. */
  readonly #unfinished: string[] = [];

  add({ file, envelopes }: RecordedRun): void {
    const ids = sharedIds(envelopes, this.#runId);
    this.#runId ??= envelopes.find(({ testRunStarted }) => testRunStarted !== undefined)?.testRunStarted?.id;
    const attempts = new Map<string, Envelope[]>();
    const cases = new Map<string, Envelope[]>();
    let hasEnded = false;
    for (const original of envelopes) {
      const envelope = renamed(original, ids);
      const { source, testCase, testCaseStarted, testRunStarted, testRunFinished, testRunHookStarted } =
        envelope;
      if (source !== undefined) this.#addSource(file, source.uri, source.data);
      const definition = definedBy(envelope);
      const attempt = attempts.get(attemptOf(envelope) ?? '');
      if (definition !== undefined) {
        if (!this.#definitions.has(definition)) this.#definitions.set(definition, envelope);
      } else if (testCase !== undefined) {
        cases.set(testCase.id, this.#addCase(file, testCase.pickleId, envelope));
      } else if (testCaseStarted !== undefined) {
        const told = cases.get(testCaseStarted.testCaseId) ?? [];
        attempts.set(testCaseStarted.id, told);
        told.push(envelope);
      } else if (attempt !== undefined) attempt.push(envelope);
      else if (testRunStarted !== undefined) this.#started = earlier(this.#started, testRunStarted.timestamp);
      else if (testRunFinished !== undefined) {
        hasEnded = true;
        const { message } = testRunFinished;
        if (message !== undefined) this.#unfinished.push(`${file}: ${message.replace(/\.$/, '')}`);
        this.#finished = later(this.#finished, testRunFinished.timestamp);
        this.#success &&= testRunFinished.success;
      } else if (isSupportCode(envelope)) this.#supportCode.push(envelope);
      else if (attempts.size === 0 || testRunHookStarted === undefined) this.#before.push(envelope);
      else this.#after.push(envelope);
    }
    if (!hasEnded) this.#unfinished.push(`the run of ${file} ended before its last scenario`);
  }

  envelopes(isWhole: boolean): readonly Envelope[] {
    const definitions = [...this.#definitions.values()];
    const order = definitions.flatMap(({ pickle }) => pickle?.id ?? []);
    const cases = order.flatMap((pickleId) => this.#cases.get(pickleId) ?? []);
    const start = this.#started ?? NEVER;
    // A scenario that ran in no shard is told as one that never began.
    const missing: readonly Envelope[] = isWhole
      ? []
      : order
          .filter((pickleId) => !this.#cases.has(pickleId))
          .map((pickleId) => ({ testCase: { id: `${pickleId} missing`, pickleId, testSteps: [] } }));
    const reason = [
      ...this.#unfinished,
      ...(missing.length === 0 ? [] : [`${count(missing.length, 'scenario')} ran in none of these files`]),
    ].join('; ');
    return [
      ...definitions,
      ...this.#supportCode,
      { testRunStarted: { id: this.#runId ?? 'run', timestamp: start } },
      ...cases.map(({ testCase }) => testCase),
      ...missing,
      ...this.#before,
      ...cases.flatMap(({ told }) => told),
      ...this.#after,
      {
        testRunFinished: {
          testRunStartedId: this.#runId ?? 'run',
          success: this.#success && reason === '',
          ...(reason === '' ? {} : { message: reason }),
          timestamp: this.#finished ?? start,
        },
      },
    ];
  }

  #addSource(file: string, uri: string, data: string): void {
    const known = this.#sources.get(uri);
    if (known !== undefined && known !== data) {
      throw new SuiteError(
        `${file} has another ${uri} than the files before it: merge the shards of one run.`,
      );
    }
    this.#sources.set(uri, data);
  }

  #addCase(file: string, pickleId: string, testCase: Envelope): Envelope[] {
    const known = this.#cases.get(pickleId);
    if (known !== undefined) {
      const name = this.#definitions.get(`pickle ${pickleId}`)?.pickle?.name ?? pickleId;
      throw new SuiteError(
        `"${name}" was run in ${known.file} and again in ${file}: merge the shards of one run, each of them once.`,
      );
    }
    const told: Envelope[] = [];
    this.#cases.set(pickleId, { file, testCase, told });
    return told;
  }
}

const NEVER: Timestamp = { seconds: 0, nanos: 0 };

/**
 * Ids are random in each run. Those of features and of their scenarios are replaced by their places, so that
 * all runs speak of the same ones; the run itself is the first one.
 */
function sharedIds(envelopes: readonly Envelope[], runId: string | undefined): Ids {
  const ids = new Map<string, string>();
  for (const { gherkinDocument, pickle, testRunStarted } of envelopes) {
    if (gherkinDocument !== undefined) namePlaces(gherkinDocument.feature, gherkinDocument.uri ?? '', ids);
    if (testRunStarted?.id !== undefined && runId !== undefined) ids.set(testRunStarted.id, runId);
    if (pickle === undefined) continue;
    const places = pickle.astNodeIds.map((id) => ids.get(id) ?? id);
    const id = `scenario ${places.at(-1)}`;
    ids.set(pickle.id, id);
    for (const [index, step] of pickle.steps.entries()) ids.set(step.id, `${id} step ${index + 1}`);
  }
  return ids;
}

/** A node of a feature is known by where it stands. */
function namePlaces(node: unknown, uri: string, ids: Map<string, string>): void {
  if (Array.isArray(node)) for (const item of node) namePlaces(item, uri, ids);
  if (typeof node !== 'object' || node === null || Array.isArray(node)) return;
  const { id, location } = node as {
    readonly id?: unknown;
    readonly location?: { readonly line: number; readonly column?: number };
  };
  if (typeof id === 'string' && location !== undefined)
    ids.set(id, `${uri}:${location.line}:${location.column ?? 0}`);
  for (const value of Object.values(node)) namePlaces(value, uri, ids);
}

function renamed(envelope: Envelope, ids: Ids): Envelope {
  const { gherkinDocument, pickle, testCase, suggestion, testRunHookStarted } = envelope;
  const speaksOfThem = gherkinDocument ?? pickle ?? testCase ?? suggestion ?? testRunHookStarted;
  if (speaksOfThem === undefined) return envelope;
  return JSON.parse(JSON.stringify(envelope), (_, value: unknown) =>
    typeof value === 'string' ? (ids.get(value) ?? value) : value,
  ) as Envelope;
}

function definedBy({ meta, source, gherkinDocument, pickle }: Envelope): string | undefined {
  if (meta !== undefined) return 'meta';
  if (source !== undefined) return `source ${source.uri}`;
  if (gherkinDocument !== undefined) return `document ${gherkinDocument.uri}`;
  return pickle === undefined ? undefined : `pickle ${pickle.id}`;
}

function attemptOf({
  testStepStarted,
  testStepFinished,
  testCaseFinished,
  attachment,
}: Envelope): string | undefined {
  return (testStepStarted ?? testStepFinished ?? testCaseFinished ?? attachment)?.testCaseStartedId;
}

function isSupportCode({ stepDefinition, hook, parameterType, undefinedParameterType }: Envelope): boolean {
  return (stepDefinition ?? hook ?? parameterType ?? undefinedParameterType) !== undefined;
}

function earlier(one: Timestamp | undefined, other: Timestamp): Timestamp {
  return one === undefined || msOf(other) < msOf(one) ? other : one;
}

function later(one: Timestamp | undefined, other: Timestamp): Timestamp {
  return one === undefined || msOf(other) > msOf(one) ? other : one;
}

function msOf({ seconds, nanos }: Timestamp): number {
  return seconds * 1_000 + nanos / 1e6;
}
