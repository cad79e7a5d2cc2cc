import { withOneByteChanged } from '../bytes/audit-event';
import type { ArmedFault } from '../faults/fault-board';
import { type OfferedLog, payloadAnswer } from './offered-log';
import {
  contentDigestOf,
  type Delivery,
  type ProviderAnswer,
  type ProviderFault,
  reset,
} from './provider-answer';

/** Answers that HTTP knows without a body alone. */
const BODILESS: readonly number[] = [204, 304];
const JSON_TYPE = { 'content-type': 'application/json' } as const;

/**
 * The answer a fault gives in place of the right one.
 * @param log the log the call is about, for faults that spoil its payload
 * @returns undefined where the fault only waits, or has no payload to spoil
 */
export function faultyAnswer(
  { fault, released }: ArmedFault<ProviderFault>,
  log: OfferedLog | undefined,
): ProviderAnswer | undefined {
  switch (fault.kind) {
    case 'status': {
      const { status, retryAfter, location } = fault;
      const { body = BODILESS.includes(status) ? '' : '{"error":"armed by the suite"}' } = fault;
      const headers = {
        ...JSON_TYPE,
        ...(retryAfter === undefined ? {} : { 'retry-after': retryAfter }),
        ...(location === undefined ? {} : { location }),
      };
      return { status, headers, body: Buffer.from(body), delivery: { kind: 'whole' } };
    }
    case 'reset':
      return reset();
    case 'silence':
      return { ...reset(), delivery: { kind: 'silence', until: released } };
    case 'listing-text':
      return {
        status: 200,
        headers: JSON_TYPE,
        body: Buffer.from(fault.text),
        delivery: { kind: 'whole' },
      };
    case 'short-body':
      return log === undefined ? undefined : shortened(log, { kind: 'short' });
    case 'stalled-body':
      return log === undefined ? undefined : shortened(log, { kind: 'stalled', until: released });
    case 'broken-chunks':
      return log === undefined ? undefined : inBrokenChunks(log);
    case 'emptied-body':
      return log === undefined ? undefined : emptied(log);
    case 'corrupt-body':
      return log === undefined ? undefined : corrupted(log);
    case 'hold':
    case 'latency':
      return undefined;
  }
}

function shortened(log: OfferedLog, delivery: Delivery): ProviderAnswer {
  const { body, headers } = payloadAnswer(log);
  return {
    status: 200,
    headers: { ...headers, 'content-length': String(body.byteLength) },
    body: body.subarray(0, Math.floor(body.byteLength / 2)),
    delivery,
  };
}

/** Without a Content-Length nothing but the end of the chunks tells that there are no more. */
function inBrokenChunks({ payload }: OfferedLog): ProviderAnswer {
  const body = payload.subarray(0, Math.floor(payload.byteLength / 2));
  return { status: 200, headers: JSON_TYPE, body, delivery: { kind: 'short' } };
}

/** As a proxy answers that has lost what it was to hand on. */
function emptied({ payload }: OfferedLog): ProviderAnswer {
  const headers = { ...JSON_TYPE, 'content-digest': contentDigestOf(payload) };
  return { status: 200, headers, body: Buffer.alloc(0), delivery: { kind: 'whole' } };
}

/** Damaged before it was compressed, if it is: so the compression alone does not tell. */
function corrupted(log: OfferedLog): ProviderAnswer {
  const { body: content } = payloadAnswer(log);
  const answer = payloadAnswer({ ...log, payload: withOneByteChanged(log.payload) });
  return { ...answer, headers: { ...answer.headers, 'content-digest': contentDigestOf(content) } };
}
