import { describe, it } from 'node:test';
import { expect } from 'chai';
import * as fc from 'fast-check';
import { checksumOf } from '../../../support/bytes/checksum';
import { memberAt } from '../../../support/profile/member-path';
import type { ProfileDocument } from '../../../support/profile/profile-document';
import { profileIn } from '../../../support/profile/read-profile';
import { ProviderDialect } from '../../../support/provider/provider-dialect';
import { ChecksumWriter } from './checksum-writer';
import { LogIdWriter } from './log-id-writer';
import { ShapedDocuments } from './shaped-documents';

const KEY = 'a-key';
const RANGE = { start: '2026-01-01T00:00:00Z', end: '2026-01-02T00:00:00Z' };
const LOG = {
  providerId: 'okta',
  sourceId: 'evt/1 %2F+?#é',
  timestamp: '2026-01-01T12:00:00Z',
  payload: Buffer.from('{"n":1.10}'),
};

const name = fc.constantFrom('a', 'b-c', '@at', '_id2', 'größe', '0', 'x:y');
/** Paths of which none is within another: each begins with a name of its own. */
const paths = (count: number): fc.Arbitrary<readonly string[]> =>
  fc
    .array(fc.array(name, { maxLength: 3 }), { minLength: count, maxLength: count })
    .map((all) => all.map((names, index) => [`m${index}`, ...names].join('.')));
/** What may stand between names in the query of an address. */
const literal = fc.constantFrom('', 'time>=', 'gt ', 'a+b:', 'x%20', '"', '(é)', '=', "'");
const form = fc.constantFrom<'prefixed' | 'hex' | 'base64'>('prefixed', 'hex', 'base64');

const profiles: fc.Arbitrary<ProfileDocument> = fc
  .record({
    at: paths(9),
    listed: paths(4),
    form,
    isUri: fc.boolean(),
    isOpaque: fc.boolean(),
    isInline: fc.boolean(),
    next: fc.constantFrom<'member' | 'link' | 'list'>('member', 'link', 'list'),
    key: fc.constantFrom(
      'contract',
      'opaque',
      'r(a)w/{yyyy}{mm}{dd}/{log_id}.b+n',
      '{provider_id}/{source_id}',
    ),
    manifest: fc.constantFrom('contract', 'none', 'm/{provider_id}/{yyyy}-{job_id}'),
    words: fc.array(literal, { minLength: 3, maxLength: 3 }),
    isRangeInPath: fc.boolean(),
    ok: fc.constantFrom(200, 202, 204),
  })
  .map(({ at, listed, words, next, ...is }) => {
    const [log_id, provider_id, source_id, job_id, timestamp, checksum, bytes, one = '', other = ''] = at;
    const [id, listedAt, logs, member = ''] = listed;
    const [start, end, cursor] = words;
    const range = is.isRangeInPath ? `/{start}/{end}/e?x=1` : `/e?s=${start}{start}&e=${end}{end}`;
    return {
      log_id: is.isOpaque ? 'opaque' : 'contract',
      objects: { key: is.key, manifest: is.manifest },
      metadata: {
        ...{ log_id, provider_id, source_id, job_id, timestamp, checksum, bytes },
        object: is.isUri ? one : { bucket: one, key: other },
      },
      checksum: { form: is.form },
      provider: {
        authorization: { header: 'X-Key', value: 'v1 {key}.' },
        listing: {
          path: `/api/{provider_id}${range}&page%5Bafter%5D=${cursor}{cursor}`,
          logs: next === 'list' ? '.' : logs,
          id,
          timestamp: listedAt,
          next: next === 'member' ? member : { link: 'next' },
        },
        payload: is.isInline ? 'inline' : '/raw/{provider_id}/x?i={id}',
        health: { path: '/ok', ok: is.ok },
      },
    } as ProfileDocument;
  });

const each = (holds: (document: ProfileDocument) => void): void =>
  fc.assert(fc.property(profiles, holds), { numRuns: 200 });
const read = (document: ProfileDocument) => profileIn(JSON.stringify(document), 'random.yaml', []);

describe('any legal profile', () => {
  it('has its records read as they were written', () => {
    each((document) => {
      const { metadata, keys, manifests } = read(document);
      const checksums = new ChecksumWriter(document.checksum?.form ?? 'prefixed');
      const writer = new LogIdWriter('object id');
      const usual = `log_${'0a'.repeat(12)}`;
      const logId = document.log_id === 'opaque' ? writer.write(usual) : usual;
      const documents = new ShapedDocuments({ paths: metadata.paths, checksums, ids: writer });
      const { providerId, sourceId, timestamp, payload } = LOG;
      const record = {
        ...{ _id: logId, provider_id: providerId, source_id: sourceId, job_id: 'job-1', timestamp },
        ...{ checksum: checksumOf(payload), bytes: payload.byteLength },
        object: { bucket: 'vault', key: 'some/key' },
      };
      const written = documents.document(record);
      const seen = metadata.record(written);
      expect(documents.record(written)).to.deep.include(record);
      expect(seen).to.deep.equal({
        ...{ kind: 'record', logId, providerId, sourceId, jobId: 'job-1', timestamp },
        ...{ checksum: record.checksum, bytes: record.bytes, object: record.object },
      });
      if (seen.kind === 'record') expect(keys.ofRecord(seen, [timestamp])).not.to.deep.equal([]);
      const job = { jobId: 'job-1', providerId, rangeStart: timestamp };
      const manifest = manifests.ifClaimed(job);
      if (manifest !== undefined) expect(manifest).to.match(manifests.pattern);
    });
  });

  it('has its provider asked and answering in one and the same dialect', () => {
    each((document) => {
      const { provider } = read(document);
      const dialect = new ProviderDialect(provider);
      const headers = { 'x-key': `v1 ${KEY}.` };
      const ask = (target: string) =>
        dialect.requestOf({ target: target.replace(/^http:\/\/here:1/, ''), headers }, '/base', {
          own: KEY,
          tested: undefined,
        });
      const address = (cursor?: string): string =>
        new URL(
          `http://here:1/base${dialect.addressOf({ kind: 'listing', providerId: LOG.providerId, range: RANGE }, cursor)}`,
        ).href;
      const asked = { kind: 'listing', providerId: LOG.providerId, range: RANGE, authorized: true };
      const request = ask(address());
      expect(request).to.deep.include({ ...asked, cursor: undefined });
      expect(ask(address('c/1+ %'))).to.deep.include({ ...asked, cursor: 'c/1+ %' });
      const answer = dialect.listing(
        { logs: [dialect.asSent(LOG)], nextCursor: 'c/1+ %' },
        { ...request, path: '' },
        { origin: 'http://here:1/base' },
      );
      const whole: unknown = JSON.parse(answer.body.toString());
      const { logs, id, timestamp, next } = provider.listing;
      const [entry] = (logs === undefined ? whole : memberAt(whole, logs)) as readonly unknown[];
      expect([memberAt(entry, id), memberAt(entry, timestamp)]).to.deep.equal([LOG.sourceId, LOG.timestamp]);
      if ('member' in next) expect(memberAt(whole, next.member)).to.equal('c/1+ %');
      else {
        const link = /^<([^<>"\s]+)>; rel="next"$/.exec(String(answer.headers.link))?.[1] ?? '';
        expect(ask(link)).to.deep.include({ ...asked, cursor: 'c/1+ %' });
      }
      if (provider.payload === undefined) return;
      const target = dialect.addressOf({
        kind: 'payload',
        providerId: LOG.providerId,
        sourceId: LOG.sourceId,
      });
      expect(ask(`/base${target}`)).to.deep.include({ kind: 'payload', sourceId: LOG.sourceId });
    });
  });
});
