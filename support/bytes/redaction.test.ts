import { describe, it } from 'node:test';
import { expect } from 'chai';
import { quoteAroundSecret, redactor, showsSecret } from './redaction';

const SECRET = 'key-0123456789+/ab==';

const FORMS = {
  'as it is': `Bearer ${SECRET}`,
  'percent-encoded': `?api_key=${encodeURIComponent(SECRET)}`,
  'in Base64': `Basic ${Buffer.from(SECRET).toString('base64')}`,
  'with escaped slashes': JSON.stringify({ api_key: SECRET }).replaceAll('/', '\\/'),
};

describe('redaction', () => {
  for (const [form, text] of Object.entries(FORMS)) {
    it(`takes out and recognises a secret ${form}`, () => {
      expect(redactor([SECRET])(text))
        .to.contain('[redacted]')
        .and.not.contain('0123456789');
      expect(showsSecret(text, [SECRET])).to.equal(true);
    });
  }

  it('takes out a secret that is known only later', () => {
    const secrets: string[] = [];
    const redact = redactor(secrets);
    secrets.push(SECRET);
    expect(redact(SECRET)).to.equal('[redacted]');
  });

  it('leaves other texts alone', () => {
    expect(redactor([SECRET, ''])('nothing to hide')).to.equal('nothing to hide');
    expect(showsSecret('nothing to hide', [SECRET, ''])).to.equal(false);
  });

  it('does not take a common word for a secret that is shown', () => {
    expect(showsSecret('{"key":1}', ['key'])).to.equal(false);
  });

  it('quotes a long text where a secret stood in it', () => {
    const text = `${'a'.repeat(500)} Bearer ${SECRET} ${'b'.repeat(500)}`;
    expect(quoteAroundSecret(text, [SECRET], 30)).to.equal('…aaaaaaaaaaaa Bearer [redacted]');
    expect(quoteAroundSecret(`key=${SECRET}`, [SECRET], 30)).to.equal('key=[redacted]');
  });
});
