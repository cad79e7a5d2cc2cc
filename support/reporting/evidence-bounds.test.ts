import { describe, it } from 'node:test';
import { expect } from 'chai';
import { boundedEvidence, type EvidenceLine, failureWords } from './evidence-bounds';

const plain = (count: number): EvidenceLine[] =>
  Array.from({ length: count }, (_, at) => ({ text: `line ${at}`, weight: 'plain' as const }));

describe('evidence cut to size', () => {
  it('is told in full where it is short', () => {
    expect(boundedEvidence(plain(100))).to.have.length(100);
    expect(boundedEvidence([])).to.deep.equal([]);
  });

  it('keeps how it began and how it ended, and counts what is left out', () => {
    const shown = boundedEvidence(plain(300));
    expect(shown.slice(0, 2)).to.deep.equal(['line 0', 'line 1']);
    expect(shown.at(-1)).to.equal('line 299');
    expect(shown.filter((line) => /^… \d+ more …$/.test(line))).to.deep.equal(['… 200 more …']);
  });

  it('keeps what tells most in its middle, in its place', () => {
    const lines = plain(1_000);
    for (let at = 400; at < 460; at += 1) lines[at] = { text: `telling ${at}`, weight: 'telling' };
    lines[700] = { text: 'related 700', weight: 'related' };
    const shown = boundedEvidence(lines);
    expect(shown.filter((line) => line.startsWith('telling'))).to.have.length(60);
    expect(shown.indexOf('related 700')).to.be.above(shown.indexOf('telling 459'));
    expect(shown[shown.indexOf('related 700') - 1]).to.equal('… 240 more …');
    expect(shown.at(-1)).to.equal('line 999');
  });

  it('is bounded however much of it is telling, or long', () => {
    const telling = Array.from({ length: 5_000 }, () => ({
      text: 'x'.repeat(50),
      weight: 'telling' as const,
    }));
    expect(boundedEvidence(telling)).to.have.length(101);
    const long = Array.from({ length: 200 }, () => ({ text: 'x'.repeat(900), weight: 'telling' as const }));
    expect(boundedEvidence(long).join('\n').length).to.be.below(37_000);
    expect(boundedEvidence([{ text: 'x'.repeat(50_000), weight: 'telling' }])).to.deep.equal(['… 1 more …']);
  });
});

describe('what a failure says', () => {
  const words = failureWords(
    'GET /v1/jobs/job_17 answered 404 {"error":"no"}\nLOST: log_0a1b2c: reading it answers 404 after GET /v1/logs.',
  );

  it('quotes a call, but not one whose path is longer', () => {
    expect(words.quotes('GET /v1/jobs/job_17')).to.equal(true);
    expect(words.quotes('GET /v1/logs')).to.equal(true);
    expect(words.quotes('GET /v1/jobs/job_1')).to.equal(false);
    expect(words.quotes('GET /v1/jobs')).to.equal(false);
    expect(words.quotes('POST /v1/ingest')).to.equal(false);
  });

  it('names what has an id of it in its path or its key', () => {
    expect(words.names('/v1/logs/log_0a1b2c/raw')).to.equal(true);
    expect(words.names('2026/01/01/okta/log_0a1b2c.json')).to.equal(true);
    expect(words.names('2026/01/01/okta/log_0a1b2d.json')).to.equal(false);
    expect(words.names('/v1/logs?limit=50&offset=0')).to.equal(false);
  });
});
