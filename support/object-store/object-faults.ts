import { type ByKind, type FaultRow, faultNamed } from '../faults/fault-row';
import { delayed, releasedOrGone } from '../faults/waiting';
import type { ObjectOutcome } from './object-outcome';

/** The kinds of faults, and what has to be known of each. */
interface Members {
  readonly answer: { readonly status: number; readonly code: string };
  readonly reset: { readonly when: 'before' | 'after' };
  readonly hang: object;
  readonly withhold: object;
  readonly latency: { readonly delayMs: number };
  readonly 'cut-off': { readonly afterBytes: number; readonly silent?: true };
}

type Kind = keyof Members;

/** One way in which S3 misbehaves. */
export type ObjectFault = ByKind<Members>;

/** A call that a fault strikes. */
export interface StruckCall<Answer> {
  /** Carries it out against the store. */
  readonly perform: () => Promise<Answer>;
  /** Settles when the fault is released or healed. */
  readonly released: Promise<void>;
  readonly gone: AbortSignal | undefined;
}

/** The end of a call, and its answer in words. */
type Ending<Answer> = readonly [ObjectOutcome<Answer>, string];

interface Row<Fault> extends FaultRow<Fault> {
  /** Ends the call; `object-outcome.ts` says what each outcome is in-process and on the wire. */
  readonly end: <Answer>(fault: Fault, call: StruckCall<Answer>) => Promise<Ending<Answer>>;
}

/** Everything about each fault. */
const rows: { readonly [K in Kind]: Row<ByKind<Members, K>> } = {
  /** `"503 SlowDown"`: an error in place of the store. */
  answer: {
    describe: ({ status, code }) => `${status} ${code}`,
    end: async ({ status, code }) => [{ kind: 'error', status, code }, `${status} ${code}`],
  },
  /** A connection reset in place of an answer, the object stored before or not. */
  reset: {
    words: {
      'a connection reset': { kind: 'reset', when: 'before' },
      'a connection reset after storing': { kind: 'reset', when: 'after' },
    },
    describe: ({ when }) => `connection reset ${when} the object was stored`,
    end: async ({ when }, call) => {
      const isStored = when === 'after' && (await takesEffect(call));
      return [{ kind: 'reset' }, `connection reset${isStored ? ' after storing' : ''}`];
    },
  },
  /**
   * Nothing until it is released or healed, and then the right answer; a vault that hangs up stores nothing.
   */
  hang: {
    words: { silence: { kind: 'hang' } },
    describe: () => 'no answer until released',
    isMetByHangingUp: true,
    end: async (_, call) =>
      (await releasedOrGone(call, call.gone)) === 'gone'
        ? [{ kind: 'reset' }, 'hung until the vault gave up']
        : await usual(call),
  },
  /** The object stored, then nothing until it is released or healed, then a connection reset. */
  withhold: {
    describe: () => 'the object stored, the answer withheld',
    isMetByHangingUp: true,
    end: async (_, call) => {
      const isStored = await takesEffect(call);
      await releasedOrGone(call, call.gone);
      return [{ kind: 'reset' }, `${isStored ? 'stored' : 'not stored'}, answer withheld`];
    },
  },
  /** The right answer, late. */
  latency: {
    describe: ({ delayMs }) => `an answer delayed by ${delayMs} ms`,
    isMetByHangingUp: true,
    end: async ({ delayMs }, call) => {
      await delayed(delayMs, call.gone);
      return await usual(call);
    },
  },
  /**
   * The headers of the whole answer and so many bytes of it, then a connection reset; after a silence, if
   * need be.
   */
  'cut-off': {
    words: { 'an answer cut off half-way': { kind: 'cut-off', afterBytes: 64 } },
    describe: ({ afterBytes, silent }) =>
      `an answer ${silent === true ? 'that falls silent' : 'cut off'} after ${afterBytes} bytes`,
    end: async ({ afterBytes, silent }, call) => {
      const answer = await call.perform();
      const until = silent === true ? { until: releasedOrGone(call, call.gone) } : {};
      const words = `${silent === true ? 'silent' : 'cut off'} after ${afterBytes} bytes`;
      return [{ kind: 'cut-off', answer, afterBytes, ...until }, words];
    },
  },
};

function rowOf<K extends Kind>(fault: ByKind<Members, K>): Row<ByKind<Members, K>> {
  return rows[fault.kind as K];
}

/** A fault in the words of the report: `503 SlowDown`, `connection reset after the object was stored`, … */
export function describeObjectFault(fault: ObjectFault): string {
  return rowOf(fault).describe(fault);
}

/** True for faults that keep a vault waiting. */
export function isMetByHangingUp({ kind }: ObjectFault): boolean {
  return rows[kind].isMetByHangingUp === true;
}

/** Ends a call as the fault that strikes it wants, or as usual. */
export async function endOf<Answer>(
  fault: ObjectFault | undefined,
  call: StruckCall<Answer>,
): Promise<Ending<Answer>> {
  return await (fault === undefined ? usual(call) : rowOf(fault).end(fault, call));
}

/**
 * The fault a feature file names: `503 SlowDown`, `a connection reset`, …
 * @throws Error for any other words.
 */
export function objectFaultOf(words: string): ObjectFault {
  const [, status, code = ''] = /^(\d{3}) ([A-Za-z]+)$/.exec(words) ?? [];
  if (status !== undefined) return { kind: 'answer', status: Number(status), code };
  return faultNamed<ObjectFault>(rows, words, ['storage', '503 SlowDown']);
}

async function usual<Answer>({ perform }: StruckCall<Answer>): Promise<Ending<Answer>> {
  return [{ kind: 'answer', answer: await perform() }, 'ok'];
}

/** Carries a call out whose answer is lost anyway, and so is a refusal; true when it was not refused. */
async function takesEffect({ perform }: StruckCall<unknown>): Promise<boolean> {
  return await perform().then(
    () => true,
    () => false,
  );
}
