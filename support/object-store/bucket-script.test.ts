import { describe, it } from 'node:test';
import { expect } from 'chai';
import { checksumOf } from '../bytes/checksum';
import { BucketScript, type ObjectCall } from './bucket-script';
import { type ObjectFault, objectFaultOf } from './object-faults';
import type { ObjectOutcome } from './object-outcome';

const KEY = '2026/01/01/okta/log_1.json';
const BODY = Buffer.from('{"a":1.0}');
const UPLOAD: ObjectCall = { operation: 'PutObject', class: 'upload', key: KEY, body: BODY };
const READ: ObjectCall = { operation: 'GetObject', class: 'read', key: KEY };

describe('what S3 does', () => {
  /** A script with one fault armed, and a store that only counts. */
  const struckBy = (fault: ObjectFault, call = UPLOAD) => {
    const script = new BucketScript();
    const store = { performed: 0 };
    const armed = script.arm({ class: call.class, key: KEY }, fault, 1);
    const serve = async (more: Partial<ObjectCall> = {}): Promise<ObjectOutcome<string>> =>
      await script.serve({ ...call, ...more }, async () => {
        store.performed += 1;
        return 'stored';
      });
    return { script, store, armed, serve };
  };

  it('carries a call out and notes it', async () => {
    const script = new BucketScript();
    const outcome = await script.serve({ ...UPLOAD, arrivedMs: 12 }, async () => 'stored');
    expect(outcome).to.deep.equal({ kind: 'answer', answer: 'stored' });
    const [attempt] = script.attempts;
    expect(attempt).to.include({
      operation: 'PutObject',
      key: KEY,
      arrivedMs: 12,
      checksum: checksumOf(BODY),
      bytes: BODY.byteLength,
      fault: undefined,
      answer: 'ok',
      performed: true,
    });
    expect(attempt?.answeredMs).to.be.a('number');
  });

  it('notes what the store refused, and passes the refusal on', async () => {
    const script = new BucketScript();
    const refusal = Object.assign(new Error('no'), { name: 'NoSuchKey' });
    const failed = await script
      .serve(READ, async () => {
        throw refusal;
      })
      .catch((error: unknown) => error);
    expect(failed).to.equal(refusal);
    expect(script.attempts[0]).to.include({ answer: 'NoSuchKey', performed: false });
    expect(script.inFlight).to.equal(0);
  });

  it('answers an error in place of the store', async () => {
    const { script, store, serve } = struckBy({ kind: 'answer', status: 503, code: 'SlowDown' });
    expect(await serve()).to.deep.equal({ kind: 'error', status: 503, code: 'SlowDown' });
    expect(store.performed).to.equal(0);
    expect(script.attempts[0]).to.include({
      answer: '503 SlowDown',
      fault: '503 SlowDown',
      performed: false,
    });
    expect((await serve()).kind).to.equal('answer');
  });

  for (const when of ['before', 'after'] as const) {
    it(`resets the connection ${when} the object was stored`, async () => {
      const { script, store, serve } = struckBy({ kind: 'reset', when });
      expect(await serve()).to.deep.equal({ kind: 'reset' });
      expect(store.performed).to.equal(when === 'after' ? 1 : 0);
      expect(script.attempts[0]?.performed).to.equal(when === 'after');
    });
  }

  it('withholds the answer to an upload that it has stored', async () => {
    const { script, store, armed, serve } = struckBy({ kind: 'withhold' });
    const outcome = serve();
    while (store.performed === 0) await Promise.resolve();
    expect({ inFlight: script.inFlight, answer: script.attempts[0]?.answer }).to.deep.equal({
      inFlight: 1,
      answer: 'pending',
    });
    armed.release();
    expect(await outcome).to.deep.equal({ kind: 'reset' });
    expect(script.attempts[0]).to.include({ answer: 'stored, answer withheld', performed: true });
  });

  it('hangs until it is healed, and then carries the call out', async () => {
    const { script, store, serve } = struckBy({ kind: 'hang' });
    const outcome = serve();
    expect({ inFlight: script.inFlight, performed: store.performed }).to.deep.equal({
      inFlight: 1,
      performed: 0,
    });
    script.heal();
    expect((await outcome).kind).to.equal('answer');
    expect(store.performed).to.equal(1);
  });

  it('hangs until the vault gives up, and then stores nothing', async () => {
    const { script, store, serve } = struckBy({ kind: 'hang' });
    const caller = new AbortController();
    const outcome = serve({ gone: caller.signal });
    caller.abort();
    expect(await outcome).to.deep.equal({ kind: 'reset' });
    expect(store.performed).to.equal(0);
    expect(script.attempts[0]?.answer).to.equal('hung until the vault gave up');
  });

  for (const fault of [
    { kind: 'answer', status: 503, code: 'SlowDown' },
    { kind: 'reset', when: 'after' },
  ] as const) {
    it(`does not count a call that the vault gave up before a fault of kind ${fault.kind} was there`, async () => {
      const { script, store, serve } = struckBy(fault);
      expect(await serve({ gone: AbortSignal.abort() })).to.deep.equal({ kind: 'reset' });
      expect(store.performed).to.equal(0);
      expect(script.unfired(), 'it strikes the next').to.have.length(1);
      expect(script.attempts[0]).to.include({ answer: 'none: the vault had hung up', givenUp: true });
      await serve({ gone: new AbortController().signal });
      expect(script.unfired()).to.deep.equal([]);
      expect(script.attempts[1]?.givenUp).to.equal(false);
    });
  }

  it('counts a call that the vault gave up because a fault kept it waiting', async () => {
    const { script, serve } = struckBy({ kind: 'hang' });
    await serve({ gone: AbortSignal.abort() });
    expect(script.unfired()).to.deep.equal([]);
    expect(script.attempts[0]?.givenUp).to.equal(false);
  });

  it('delays an answer, until the vault gives up at the latest', async () => {
    const { store, serve } = struckBy({ kind: 'latency', delayMs: 60_000 });
    const caller = new AbortController();
    const outcome = serve({ gone: caller.signal });
    expect(store.performed).to.equal(0);
    caller.abort();
    expect((await outcome).kind).to.equal('answer');
  });

  it('cuts off a body, and waits for a call that has one', async () => {
    const { script, serve } = struckBy({ kind: 'cut-off', afterBytes: 64 }, READ);
    expect((await serve({ operation: 'HeadObject' })).kind).to.equal('answer');
    expect(script.unfired()).to.have.length(1);
    expect(await serve()).to.deep.equal({ kind: 'cut-off', answer: 'stored', afterBytes: 64 });
    expect(script.unfired()).to.deep.equal([]);
  });

  it('lets a body fall silent until the fault is healed', async () => {
    const { script, serve } = struckBy({ kind: 'cut-off', afterBytes: 64, silent: true }, READ);
    const outcome = await serve();
    if (outcome.kind !== 'cut-off') expect.fail(outcome.kind);
    expect(await Promise.race([outcome.until, 'still silent'])).to.equal('still silent');
    script.heal();
    expect(await outcome.until).to.equal('released');
  });

  it('strikes by class and key', async () => {
    const script = new BucketScript();
    const fault: ObjectFault = { kind: 'answer', status: 503, code: 'SlowDown' };
    script.arm({ class: 'read' }, fault, 1);
    script.arm({ class: 'upload', key: KEY }, fault, 1);
    const kinds: string[] = [];
    for (const call of [{ ...UPLOAD, key: 'another' }, UPLOAD, { ...READ, key: 'another' }, READ]) {
      kinds.push((await script.serve(call, async () => 'stored')).kind);
    }
    expect(kinds).to.deep.equal(['answer', 'error', 'error', 'answer']);
    expect(script.uploadsOf(KEY)).to.have.length(1);
  });

  it('carries uploads of one key out one after the other, those of others meanwhile', async () => {
    const script = new BucketScript();
    const order: string[] = [];
    let finish: () => void = () => undefined;
    const first = script.serve(UPLOAD, async () => {
      order.push('first begins');
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
      order.push('first ends');
    });
    const second = script.serve(UPLOAD, async () => {
      order.push('second');
    });
    await script.serve({ ...UPLOAD, key: 'another' }, async () => {
      order.push('another');
    });
    finish();
    await Promise.all([first, second]);
    expect(order).to.deep.equal(['first begins', 'another', 'first ends', 'second']);
  });

  it('says in words which fault was never met', () => {
    const script = new BucketScript();
    script.arm({ class: 'upload', key: KEY }, { kind: 'hang' }, 1);
    script.arm({ class: 'read' }, { kind: 'answer', status: 404, code: 'NoSuchBucket' }, 1);
    expect(script.unfired()).to.deep.equal([
      `S3: no answer until released on upload of ${KEY}`,
      'S3: 404 NoSuchBucket on read of any object',
    ]);
  });

  it('forgets a scenario, and counts no call of it as under way in the next', async () => {
    const { script, serve } = struckBy({ kind: 'withhold' });
    const outcome = serve();
    script.reset();
    expect([script.attempts, script.unfired(), script.inFlight]).to.deep.equal([[], [], 0]);
    await outcome;
    expect(script.inFlight).to.equal(0);
  });

  it('notes an upload whose caller hung up while sending, without using up a fault', async () => {
    const { script, serve } = struckBy({ kind: 'answer', status: 503, code: 'SlowDown' });
    script.noteAbandoned({ operation: 'PutObject', class: 'upload', key: KEY });
    expect(script.uploadsOf(KEY)[0]).to.include({ checksum: undefined, performed: false });
    expect((await serve()).kind).to.equal('error');
  });
});

describe('the fault that a feature file names', () => {
  it('is an answer, or one of the named ones', () => {
    expect(objectFaultOf('503 SlowDown')).to.deep.equal({ kind: 'answer', status: 503, code: 'SlowDown' });
    expect(objectFaultOf('silence')).to.deep.equal({ kind: 'hang' });
    expect(objectFaultOf('a connection reset after storing')).to.deep.equal({ kind: 'reset', when: 'after' });
  });

  it('is explained when there is none of that name', () => {
    expect(() => objectFaultOf('503')).to.throw(/storage knows no fault "503"; it knows .*"503 SlowDown"/);
  });
});
