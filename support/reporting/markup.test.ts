import { describe, it } from 'node:test';
import { expect } from 'chai';
import { markup, trusted } from './markup';

describe('markup', () => {
  it('escapes what is put in, in text and in attributes', () => {
    const hostile = `"><script>alert('x')</script>&`;
    expect(markup`<p title="${hostile}">${hostile}</p>`.source).to.equal(
      '<p title="&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;">&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;</p>',
    );
  });

  it('takes markup as it is, joins lists and leaves out what is not there', () => {
    const items = ['a', '<b>'].map((text) => markup`<li>${text}</li>`);
    expect(markup`<ul>${items}</ul>${undefined}${3}${trusted('<hr>')}`.source).to.equal(
      '<ul><li>a</li><li>&lt;b&gt;</li></ul>3<hr>',
    );
  });
});
