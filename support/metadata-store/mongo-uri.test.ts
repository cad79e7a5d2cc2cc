import { describe, it } from 'node:test';
import { expect } from 'chai';
import { SuiteError } from '../bytes/errors';
import { directUri, hostOf, redactedUri, uriThroughGate } from './mongo-uri';

describe('MongoDB URIs', () => {
  const throughGate: readonly (readonly [string, string])[] = [
    ['mongodb://db', 'mongodb://127.0.0.1:4000/?directConnection=true'],
    ['mongodb://db:27018/', 'mongodb://127.0.0.1:4000/?directConnection=true'],
    ['mongodb://db?replicaSet=rs0', 'mongodb://127.0.0.1:4000/?replicaSet=rs0&directConnection=true'],
    [
      'mongodb://me:p%40ss@db:27018/audit?authSource=admin&directConnection=false',
      'mongodb://me:p%40ss@127.0.0.1:4000/audit?authSource=admin&directConnection=true',
    ],
    [
      'mongodb://db/?tls=true&tlsAllowInvalidHostnames=false',
      'mongodb://127.0.0.1:4000/?tls=true&tlsAllowInvalidHostnames=true&directConnection=true',
    ],
  ];
  for (const [given, expected] of throughGate) {
    it(`leads ${given} through the gate`, () => {
      expect(uriThroughGate(given, 4000)).to.equal(expected);
    });
  }

  it('names the gate as the vault knows it', () => {
    expect(uriThroughGate('mongodb://db', 4000, 'host.docker.internal')).to.contain(
      '//host.docker.internal:4000/',
    );
    expect(uriThroughGate('mongodb://db', 4000, '::1')).to.contain('//[::1]:4000/');
  });

  it('keeps the host where only a direct connection is wanted', () => {
    expect(directUri('mongodb://me:secret@db:27018')).to.equal(
      'mongodb://me:secret@db:27018/?directConnection=true',
    );
  });

  it('finds host and port', () => {
    expect(hostOf('mongodb://db')).to.deep.equal({ host: 'db', port: 27017 });
    expect(hostOf('mongodb://me:secret@[::1]:4001/x?y=z')).to.deep.equal({ host: '::1', port: 4001 });
  });

  const refused: readonly (readonly [string, RegExp])[] = [
    ['mongodb+srv://me:secret@cluster.example.net/', /finds its hosts by DNS.*give one host/],
    ['mongodb://me:secret@a:1,b:2/', /several hosts.*name only the primary/],
    ['mongodb://me:secret@%2Ftmp%2Fmongodb.sock/', /does not name a host and a port/],
    ['mongodb://me:secret@db:99999/', /does not name a host and a port/],
    ['mongodb://me:secret@db/?loadBalanced=true', /loadBalanced/],
    ['mongodb://me:se/cr?et@db', /not a MongoDB URI/],
    ['http://me:secret@db', /not a MongoDB URI/],
    ['', /not a MongoDB URI/],
  ];
  for (const [given, sentence] of refused) {
    it(`refuses "${given}" in one sentence without secrets`, () => {
      expect(() => uriThroughGate(given, 4000))
        .to.throw(SuiteError, sentence)
        .with.property('message')
        .that.does.not.match(/secret|se\/cr|\n/);
    });
  }

  it('redacts credentials and options, even of a malformed URI', () => {
    expect(redactedUri('mongodb://me:secret@db:27018/x?tlsCertificateKeyFilePassword=secret')).to.equal(
      'mongodb://db:27018',
    );
    expect(redactedUri('mongodb://me:s/e?c@ret@db')).to.equal('mongodb://db');
    expect(redactedUri('mongodb+srv://me:secret@a.example.net/')).to.equal('mongodb+srv://a.example.net');
  });
});
