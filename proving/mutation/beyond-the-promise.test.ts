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
    for (const part of [
      'must be a whole number',
      'must be from 1, or 2',
      'an upload',
      'not understood',
      'The body',
    ]) {
      expect(reasonToIgnore(text(part)), part).to.match(/sentence/);
    }
  });

  it('is an index that only saves time', () => {
    const index = (...given: object[]) => ({
      type: 'CallExpression',
      callee: member(identifier('logs'), 'createIndex'),
      arguments: given.map(() => ({ type: 'ObjectExpression', properties: [] })),
    });
    expect(reasonToIgnore(index({ instant: 1 }))).to.match(/time/);
    expect(reasonToIgnore(index({ slot: 1 }, { unique: true }))).to.equal(undefined);
  });

  it('is a member that is nobody else’s business, and an object of nothing else', () => {
    const property = (name: string) => ({ type: 'ObjectProperty', key: identifier(name) });
    const object = (...names: string[]) => ({ type: 'ObjectExpression', properties: names.map(property) });
    for (const name of ['cause', 'projection', 'keepAlive', 'estimated_completion_ms']) {
      expect(reasonToIgnore(property(name)), name).to.be.a('string');
    }
    expect(reasonToIgnore(object('cause'))).to.match(/log/);
    expect(reasonToIgnore(object('cause', 'retryAfterMs'))).to.equal(undefined);
    expect(reasonToIgnore(object())).to.equal(undefined);
    expect(reasonToIgnore(property('status'))).to.equal(undefined);
  });

  it('is no text that the contract names', () => {
    for (const words of [
      'Raw Content Missing',
      'Invalid Provider Credentials',
      'no-store',
      'sha256:',
      'log_',
      'Bearer …',
      'gzip, deflate, br',
      '',
    ]) {
      expect(reasonToIgnore(text(words)), words).to.equal(undefined);
    }
  });
});
