import { describe, it } from 'node:test';
import { expect } from 'chai';
import { readSettings, SettingsError } from './settings';

const ENVIRONMENT = {
  PROVIDER_BASE_URL: 'http://provider.test/',
  PROVIDER_API_KEY: 'key',
  VAULT_PROVIDERS: 'one, two',
  S3_ENDPOINT: 'http://s3.test',
  S3_BUCKET: 'vault',
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'id',
  AWS_SECRET_ACCESS_KEY: 'secret',
  MONGODB_URI: 'mongodb://mongo.test',
  MONGODB_DB: 'audit_vault',
};

describe('settings', () => {
  it('have the defaults of the contract', () => {
    expect(readSettings(ENVIRONMENT)).to.deep.include({
      host: '127.0.0.1',
      port: 8080,
      providerBaseUrl: 'http://provider.test',
      providers: ['one', 'two'],
      retryBaseMs: 100,
      retryMaxAttempts: 5,
      leaseMs: 5000,
      queueLimit: 1000,
      concurrency: 4,
      callTimeoutMs: 3000,
    });
  });

  it('name every variable at fault in one sentence', () => {
    const { MONGODB_URI: _gone, ...rest } = ENVIRONMENT;
    const read = () => readSettings({ ...rest, S3_BUCKET: ' ', PORT: '80a', VAULT_LEASE_MS: '0' });
    expect(read).to.throw(
      SettingsError,
      /^The vault cannot start: PORT is not .*; S3_BUCKET is missing; MONGODB_URI is missing; VAULT_LEASE_MS is not [^\n]*\.$/,
    );
  });

  it('never quote a value', () => {
    expect(() => readSettings({ ...ENVIRONMENT, MONGODB_URI: 'http://user:hunter2@x' })).to.throw(
      SettingsError,
      /^(?!.*hunter2)/,
    );
  });
});
