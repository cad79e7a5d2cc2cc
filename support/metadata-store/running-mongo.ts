import type { Document } from 'mongodb';
import { SuiteError } from '../bytes/errors';
import type { MongoServer } from './mongo';
import { directUri, redactedUri } from './mongo-uri';

/**
 * The source that a MongoDB that runs already is known from: the user, or an infra whose ports are borrowed.
 */
export type NamedBy = 'MONGODB_URI' | 'npm run infra';

const SUBJECTS: Readonly<Record<NamedBy, string>> = {
  MONGODB_URI: 'The MongoDB that MONGODB_URI names',
  'npm run infra': 'The MongoDB of the running infra',
};
const REMEDIES: Readonly<Record<NamedBy, string>> = {
  MONGODB_URI: 'start it, correct MONGODB_URI, or unset it to let the suite start its own',
  'npm run infra':
    'the infra seems to have ended meanwhile: start "npm run infra" again, and the vault with it',
};

/**
 * What a server says that it is in its answer to `buildInfo`. FerretDB up to version 1 counts as a stand-in: there,
 * too, a compare-and-set of two connections may be won by both.
 */
export function productOf(build: Document | undefined): { readonly name: string; readonly standIn: boolean } {
  if (build === undefined) return { name: 'MongoDB unknown version', standIn: false };
  if (build.gitVersion === 'jongodb') return { name: 'jongodb, the offline stand-in', standIn: true };
  const ferretdb: unknown = build.ferretdbVersion ?? build.ferretdb?.version;
  if (typeof ferretdb !== 'string') return { name: `MongoDB ${build.version}`, standIn: false };
  return { name: `FerretDB ${ferretdb}`, standIn: /^v?[01]\./.test(ferretdb) };
}

/**
 * Uses a MongoDB that someone else runs, once it answered a ping and said that it takes writes. A stand-in
 * is recognised as such. `stop()` leaves it alone.
 * @param limitMs how long to wait for its answer
 * @param namedBy who is to be told of in an error
 * @throws SuiteError if it cannot be used, with its address but none of its credentials
 */
export async function useRunningMongo(
  uri: string,
  limitMs = 2_000,
  namedBy: NamedBy = 'MONGODB_URI',
): Promise<MongoServer> {
  const direct = directUri(uri);
  const address = redactedUri(uri);
  const { MongoClient } = await import('mongodb');
  let said: { readonly writable: boolean; readonly product: ReturnType<typeof productOf> };
  try {
    const client = new MongoClient(direct, { serverSelectionTimeoutMS: limitMs, connectTimeoutMS: limitMs });
    try {
      const admin = client.db('admin');
      await admin.command({ ping: 1 }, { timeoutMS: limitMs });
      const hello = await admin.command({ hello: 1 }, { timeoutMS: limitMs });
      // Needs a privilege in some installations; the version is for the report only.
      const build = await admin.command({ buildInfo: 1 }, { timeoutMS: limitMs }).catch(() => undefined);
      said = {
        writable: hello.isWritablePrimary === true,
        product: productOf(build),
      };
    } finally {
      await client.close();
    }
  } catch (error) {
    const reason = withoutSecrets(error instanceof Error ? error.message : String(error), uri);
    throw new SuiteError(
      `${SUBJECTS[namedBy]} (${address}) cannot be used: ${reason}; ${REMEDIES[namedBy]}.`,
    );
  }
  if (!said.writable) {
    throw new SuiteError(
      `${SUBJECTS[namedBy]} (${address}) takes no writes, as a secondary does: name the primary.`,
    );
  }
  return {
    uri: direct,
    description: `MONGODB_URI ${address} (${said.product.name})`,
    kind: said.product.standIn ? 'stand-in' : 'mongod',
    stop: async () => undefined,
  };
}

/** Drivers quote what they were given; for the same reason their error is not kept as a cause. */
function withoutSecrets(text: string, uri: string): string {
  const credentials = /^\w+:\/\/(.*)@/.exec(uri)?.[1] ?? '';
  const secrets = [uri, credentials, credentials.split(':').slice(1).join(':')].filter(
    (secret) => secret !== '',
  );
  let safe = text.replace(/\.$/, '');
  for (const secret of secrets) {
    safe = safe.replaceAll(secret, '***');
    try {
      safe = safe.replaceAll(decodeURIComponent(secret), '***');
    } catch {
      // not percent-encoded, hence already replaced as it is
    }
  }
  return safe;
}
