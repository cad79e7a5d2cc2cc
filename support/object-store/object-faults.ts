import type { ObjectFault } from './bucket-script';

export type { ObjectFault };

const named: Readonly<Record<string, ObjectFault>> = {
  'a connection reset': { kind: 'reset', when: 'before' },
  'a connection reset after storing': { kind: 'reset', when: 'after' },
  silence: { kind: 'hang' },
  'an answer cut off half-way': { kind: 'cut-off', afterBytes: 64 },
};

/** The fault a feature file names: `503 SlowDown`, `a connection reset`, … @throws Error for any other words. */
export function objectFaultOf(words: string): ObjectFault {
  const answer = /^(\d{3}) ([A-Za-z]+)$/.exec(words);
  if (answer !== null) return { kind: 'answer', status: Number(answer[1]), code: answer[2] ?? '' };
  const fault = named[words];
  if (fault === undefined) {
    throw new Error(
      `storage knows no fault "${words}"; it knows an answer such as "503 SlowDown", and: ${Object.keys(named).join(', ')}`,
    );
  }
  return fault;
}
