import path from 'node:path';
import { describe, it } from 'node:test';
import { expect } from 'chai';
import { SuiteError } from '../bytes/errors';
import { type Mode, readConfiguration } from './configuration';

type Variables = Readonly<Record<string, string | undefined>>;

/** Returns what the suite says to an environment that it cannot work with. */
function refusal(environment: Variables, mode: Mode = 'wire'): string {
  try {
    readConfiguration(environment, mode);
  } catch (error) {
    if (error instanceof SuiteError) return error.message;
    throw error;
  }
  return 'nothing';
}

describe('the configuration', () => {
  it('has a default for everything, that of the contract', () => {
    const { target, providerPort, s3Port, mongodbDatabase, bindHost, credentials, vault, remarks } =
      readConfiguration({ HOME: '/root', PATH: '/bin' }, 'wire');
    expect({
      target,
      providerPort,
      s3Port,
      mongodbDatabase,
      bindHost,
      bucket: credentials.bucket,
    }).to.deep.equal({
      target: { baseUrl: 'http://localhost:8080' },
      providerPort: 8081,
      s3Port: 9000,
      mongodbDatabase: 'audit_vault',
      bindHost: '127.0.0.1',
      bucket: 'vault',
    });
    expect(vault).to.deep.equal({
      providers: ['aws_cloudtrail', 'okta_system_log', 'github_audit'],
      retryBaseMs: 100,
      retryMaxAttempts: 5,
      leaseMs: 5000,
      queueLimit: 1000,
      concurrency: 4,
      callTimeoutMs: 3000,
    });
    expect(remarks).to.deep.equal([]);
  });

  it('takes what it is given', () => {
    const read = readConfiguration(
      {
        VAULT_COMMAND: 'python3 vault.py',
        S3_UPSTREAM: 'http://minio:9000/',
        MONGODB_URI: 'mongodb://u:p@db/',
        FIDELITY_CORPUS: 'corpus',
        VAULT_PROVIDERS: ' aws_cloudtrail, okta_system_log,github_audit,more ',
        VAULT_LEASE_MS: '1500',
      },
      'wire',
    );
    expect(read.target).to.deep.equal({ command: 'python3 vault.py' });
    expect(read.s3Upstream).to.equal('http://minio:9000');
    expect(read.corpusFolder).to.equal(path.resolve('corpus'));
    expect(read.vault.providers).to.deep.equal(['aws_cloudtrail', 'okta_system_log', 'github_audit', 'more']);
    expect(read.vault.leaseMs).to.equal(1500);
  });

  it('takes the seed it is given, else in CI the day, else any', () => {
    const seedOf = (environment: NodeJS.ProcessEnv) => readConfiguration(environment, 'embedded').seed;
    expect(seedOf({ AUDIT_VAULT_SEED: '42', CI: 'true' })).to.equal(42);
    const before = new Date().toISOString().slice(0, 10);
    const seed = String(seedOf({ CI: 'true' })).replace(/(....)(..)(..)/, '$1-$2-$3');
    expect(seed).to.be.oneOf([before, new Date().toISOString().slice(0, 10)]);
    const drawn = Array.from({ length: 5 }, () => seedOf({ CI: 'false' }));
    expect(new Set(drawn).size).to.be.above(1);
  });

  it('takes an empty variable for none', () => {
    expect(readConfiguration({ VAULT_BASE_URL: '', S3_PORT: '' }, 'wire').s3Port).to.equal(9000);
  });

  const wrong: Readonly<Record<string, readonly string[]>> = {
    'is not a URL such as http://localhost:8080': [
      'VAULT_BASE_URL=localhost:8080',
      'S3_UPSTREAM=ftp://minio',
    ],
    'is not a port, 1 to 65535': ['PROVIDER_PORT=0', 'PROVIDER_PORT=65536', 'S3_PORT=0x50', 'S3_PORT=80 81'],
    'is not a mongodb:// URI': ['MONGODB_URI=postgres://u:hidden@db'],
    'is not a whole number above 0': [
      'VAULT_RETRY_BASE_MS=1.5',
      'VAULT_RETRY_MAX_ATTEMPTS=0',
      'VAULT_LEASE_MS=-1',
      'VAULT_QUEUE_LIMIT=many',
      'VAULT_CONCURRENCY=1e3',
      'VAULT_CALL_TIMEOUT_MS=99999999999999999999',
    ],
  };
  for (const [problem, settings] of Object.entries(wrong)) {
    for (const setting of settings) {
      const [name = '', value] = setting.split(/=(.*)/s);
      it(`says what is wrong with ${setting}, and does not repeat the value`, () => {
        expect(refusal({ [name]: value })).to.equal(`${name} ${problem}: correct it or leave it out.`);
      });
    }
  }

  it('says everything that is wrong at once', () => {
    expect(refusal({ S3_PORT: 'x', VAULT_LEASE_MS: 'y' })).to.match(
      /^S3_PORT .*; VAULT_LEASE_MS .*: correct it/,
    );
  });

  it('cannot judge two vaults', () => {
    expect(refusal({ VAULT_COMMAND: 'vault', VAULT_BASE_URL: 'http://vault' })).to.match(
      /^VAULT_COMMAND and VAULT_BASE_URL are both set/,
    );
  });

  it('needs the providers that the scenarios ingest from, where the vault is told of others', () => {
    expect(refusal({ VAULT_PROVIDERS: 'okta_system_log' })).to.match(
      /^VAULT_PROVIDERS lacks aws_cloudtrail and github_audit, .* let your vault know/,
    );
    expect(refusal({ VAULT_PROVIDERS: 'okta_system_log' }, 'embedded')).to.equal('nothing');
  });

  describe('takes an unknown name', () => {
    const slips: Variables = {
      VAULT_COMAND: 'VAULT_COMMAND',
      VALUT_BASE_URL: 'VAULT_BASE_URL',
      VAULT_CALL_TIMEOUT: 'nothing of ours',
      S3_PROT: 'nothing of ours',
      S3_PORTS: 'S3_PORT',
      S3_HOST: 'nothing of ours',
      MONGODB_URL: 'MONGODB_URI',
      FIDELITY_CORPS: 'FIDELITY_CORPUS',
      AUDIT_VAULT_REPORTS: 'nothing of ours',
      VAULT_LOG_LEVEL: 'nothing of ours',
      VAULT_URL: 'VAULT_BASE_URL',
      VAULT_CMD: 'VAULT_COMMAND',
      AUDIT_VAULT_COMMAND: 'VAULT_COMMAND',
      VAULT_DEFECT: 'AUDIT_VAULT_DEFECT',
      AUDIT_VAULT_REPORT: 'AUDIT_VAULT_REPORTS',
      MONGO_URI: 'MONGODB_URI',
      MONGO_URL: 'MONGODB_URI',
      MONGODB_DATABASE: 'MONGODB_DB',
      KNOWN_FAILURE: 'KNOWN_FAILURES',
      KNOWN_FAILURES: 'nothing of ours',
      // Other programs have these set on many a machine, or the suite hands them to a vault.
      VAULT_ADDR: 'nothing of ours',
      VAULT_TOKEN: 'nothing of ours',
      MONGO_HOST: 'nothing of ours',
      AWS_PROFILE: 'nothing of ours',
      AWS_DEFAULT_REGION: 'nothing of ours',
      AWS_ACCESS_KEY: 'nothing of ours',
      S3_ENDPOINT: 'nothing of ours',
      S3_BUCKET_NAME: 'nothing of ours',
      PROVIDER_BASE_URL: 'nothing of ours',
      DATABASE_URL: 'nothing of ours',
    };
    for (const [name, meant] of Object.entries(slips)) {
      it(`${name} for ${meant}`, () => {
        expect(refusal({ [name]: 'x' })).to.equal(
          meant === 'nothing of ours'
            ? 'nothing'
            : `${name} is no variable of this suite: did you mean ${meant}?`,
        );
      });
    }
  });

  it('remarks on what looks like ours and is handed on, and on what this run does not heed', () => {
    expect(readConfiguration({ VAULT_LOG_LEVEL: 'debug' }, 'wire').remarks).to.deep.equal([
      'VAULT_LOG_LEVEL means nothing to the suite; it is handed on to the vault as it is.',
    ]);
    expect(readConfiguration({ VAULT_COMMAND: 'vault' }, 'embedded').remarks).to.deep.equal([
      'VAULT_COMMAND is set, but this run judges the reference vault: "npm run bdd:wire" judges yours.',
    ]);
    expect(readConfiguration({ VAULT_COMMAND: 'vault' }, 'wire').remarks).to.deep.equal([]);
  });
});
