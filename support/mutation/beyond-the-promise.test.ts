import { describe, it } from 'node:test';
import { expect } from 'chai';
import { reasonToIgnore } from './beyond-the-promise';

const identifier = (name: string) => ({ type: 'Identifier', name });
const member = (object: object, name: string) => ({
  type: 'MemberExpression',
  object: { type: 'Identifier', ...object },
  property: identifier(name),
});
const text = (value: string) => ({ type: 'StringLiteral', value });

describe('what no mutant is made of', () => {
  it('is what is logged', () => {
    const call = (callee: ReturnType<typeof member>) => ({ type: 'CallExpression', callee });
    expect(reasonToIgnore(call(member(identifier('logger'), 'warn')))).to.match(/logged/);
    expect(reasonToIgnore(call(member(member({ type: 'ThisExpression' }, 'logger'), 'error')))).to.match(
      /logged/,
    );
    expect(reasonToIgnore(call(member(identifier('store'), 'warn')))).to.equal(undefined);
  });

  it('is what an error class is called', () => {
    expect(reasonToIgnore({ type: 'ClassProperty', key: identifier('name') })).to.match(/class/);
    expect(reasonToIgnore({ type: 'ClassProperty', key: identifier('rung') })).to.equal(undefined);
  });

  it('is a sentence for a human', () => {
    const quasis = ['The provider answered ', '.'].map((raw) => ({ value: { raw } }));
    expect(reasonToIgnore({ type: 'TemplateLiteral', quasis })).to.match(/sentence/);
    expect(reasonToIgnore(text('There is no such log.'))).to.match(/sentence/);
    expect(reasonToIgnore(text('must be a whole number'))).to.match(/sentence/);
  });

  it('is no text that the contract names', () => {
    for (const words of [
      'Raw Content Missing',
      'Invalid Provider Credentials',
      'no-store',
      'sha256:',
      'log_',
      '',
    ]) {
      expect(reasonToIgnore(text(words)), words).to.equal(undefined);
    }
  });
});
