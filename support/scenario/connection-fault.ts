import type { ProviderFault } from '../provider/provider-faults';

/** A fault of a provider in a connection test, and how often. */
export interface ConnectionFault {
  readonly fault: ProviderFault;
  readonly times: number;
}

/** The key that is tried, where, and how long a provider takes that answers late, in milliseconds. */
interface TestUnderWay {
  readonly apiKey: string;
  readonly lateMs: number;
  /** Where the provider is asked about a key. */
  readonly address: string;
}

const named: Readonly<Record<string, (test: TestUnderWay) => ConnectionFault>> = {
  // For every call: the HTTP client of a vault may send anew, by itself, what met a connection that was no
  // longer there.
  'a connection reset': () => ({ fault: { kind: 'reset' }, times: Number.POSITIVE_INFINITY }),
  silence: () => ({ fault: { kind: 'silence' }, times: 1 }),
  '200 without a body': () => ({ fault: { kind: 'status', status: 200, body: '' }, times: 1 }),
  '302 to a page that exists': ({ address }) => ({
    fault: { kind: 'status', status: 302, location: `${address}?moved=yes` },
    times: 1,
  }),
  '200 after a while': ({ lateMs }) => ({ fault: { kind: 'latency', delayMs: lateMs }, times: 1 }),
  '500 and the key in its answer': ({ apiKey }) => ({
    fault: { kind: 'status', status: 500, body: JSON.stringify({ error: `cannot look up ${apiKey}` }) },
    times: 1,
  }),
};

/**
 * What a feature file calls a provider's answer to a connection test: `503`, `silence`, … @throws Error for
 * any other words.
 */
export function connectionFaultOf(words: string, test: TestUnderWay): ConnectionFault {
  if (/^\d{3}$/.test(words)) return { fault: { kind: 'status', status: Number(words) }, times: 1 };
  const fault = named[words];
  if (fault === undefined) {
    throw new Error(
      `the provider knows no such fault of a connection test: "${words}"; it knows a status such as "503", and: ${Object.keys(named).join(', ')}`,
    );
  }
  return fault(test);
}
