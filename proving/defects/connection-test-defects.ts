import { BadRequest } from '../../reference-vault/ingestion-api/request-validation';
import type { Made } from '../../reference-vault/parts';
import {
  type ConnectionTest,
  InvalidCredentials,
  ProviderUnusable,
} from '../../reference-vault/provider-integration/connection-test';
import type { Change } from './change';
import { breaking, type Defect } from './defect';

/** Bugs in the test of a provider's key. */
export const connectionTestDefects: readonly Defect[] = [
  ...breaking('API-40', {
    'own-key-tested: tries the key it is configured with, not the one it was given': testing(
      (real, { settings }) => real.run(settings.providerApiKey),
    ),
    'latency-not-measured: subtracts a start that was never taken': testing(async (real, _, key) => {
      await real.run(key);
      return { latencyMs: Number.NaN };
    }),
    'latency-in-seconds: gives the latency in seconds': testing(async (real, _, key) => ({
      latencyMs: (await real.run(key)).latencyMs / 1000,
    })),
    'health-without-words-unusable: reads the health of a provider from a body that it need not have': {
      'connectionTest.run': async ({ providerCalls }, apiKey) => {
        const nothing = { status: 0, sent: Buffer.alloc(0) };
        const startMs = performance.now();
        const { status, sent } = await providerCalls.get('/health', apiKey).catch(() => nothing);
        judged(status === 200 && sent.byteLength === 0 ? 0 : status);
        return { latencyMs: performance.now() - startMs };
      },
    },
    'slow-provider-unusable: gives up a provider that is not quick': testing(async (real, _, key) => {
      const { latencyMs } = await real.run(key);
      if (latencyMs > 100) throw new ProviderUnusable('The provider is too slow.');
      return { latencyMs };
    }),
    'refused-key-remembered: takes a key that was refused a moment ago for refused, to spare the provider':
      remembering('refused'),
    'unusable-provider-remembered: does not ask a provider again that was down a moment ago':
      remembering('unusable'),
  }),
  ...breaking('API-41', {
    'any-key-secure: takes every answer of the provider for a good sign': testing((real, _, key) =>
      real.run(key).catch((error: unknown) => {
        if (error instanceof InvalidCredentials) return { latencyMs: 1 };
        throw error;
      }),
    ),
    'secure-key-remembered: takes a key that was good a moment ago for good, to spare the provider':
      remembering('secure'),
    'forbidden-key-unusable: knows 401 as a refusal, but not 403': asking((status) =>
      status === 403 ? 'unusable' : undefined,
    ),
  }),
  ...breaking('API-42', {
    'bad-request-a-refusal: takes 400 for a key that is malformed': asking((status) =>
      status === 400 ? 'refused' : undefined,
    ),
    'any-4xx-a-refusal: takes every 4xx for a refusal': asking((status) =>
      status >= 400 && status < 500 ? 'refused' : undefined,
    ),
    'any-2xx-secure: takes every 2xx for a good sign': asking((status) =>
      status >= 200 && status < 300 ? 'secure' : undefined,
    ),
    'no-content-secure: takes an answer without content for a good sign': asking((status) =>
      status === 204 ? 'secure' : undefined,
    ),
    'server-error-secure: only looks whether the key was refused': asking((status) =>
      status >= 500 ? 'secure' : undefined,
    ),
    'redirect-followed: follows redirects': {
      'connectionTest.run': async ({ providerCalls }, apiKey) => {
        const first = await providerCalls.get('/health', apiKey).catch(() => undefined);
        const to = first?.headers.location;
        return judged((to === undefined ? first : await providerCalls.get(to, apiKey))?.status ?? 0);
      },
    },
    'unreachable-answered-500: lets a failed call become 500': testing((real, _, key) =>
      real.run(key).catch((error: unknown) => {
        if (error instanceof ProviderUnusable && error.cause !== undefined) throw new Error('fetch failed');
        throw error;
      }),
    ),
  }),
  ...breaking('API-43', {
    'test-retried: tries again when the provider is down': testing((real, _, key) =>
      real.run(key).catch(async (error: unknown) => {
        if (!(error instanceof ProviderUnusable)) throw error;
        return await real.run(key);
      }),
    ),
    'test-retried-in-background: looks again later whether the provider is back': testing((real, _, key) =>
      real.run(key).catch((error: unknown) => {
        setTimeout(() => void real.run(key).catch(() => undefined), 100);
        throw error;
      }),
    ),
  }),
  ...breaking('API-45', {
    'test-written-down: writes every test into its database first': testing(
      async (real, { metadataStore }, key) => {
        await metadataStore.run(({ logs }) => logs.estimatedDocumentCount());
        return await real.run(key);
      },
    ),
  }),
  ...breaking('API-44', {
    'empty-key-tried: lets the provider judge an empty key': accepting((body, { settings }) =>
      body.api_key === '' ? settings.providerApiKey : undefined,
    ),
    'missing-key-replaced: tries its own key where it is given none': accepting((body, { settings }) =>
      body.api_key === undefined || body.api_key === null ? settings.providerApiKey : undefined,
    ),
    'key-coerced: turns whatever it is given into a string': accepting((body) =>
      typeof body.api_key === 'string' ? undefined : String(body.api_key),
    ),
    'provider-type-ignored: does not look at the provider type': accepting(keyOf),
    'provider-type-of-any-case: compares provider types without looking at case': accepting((body) =>
      String(body.provider_type).toLowerCase() === 'rest' ? keyOf(body) : undefined,
    ),
    'provider-types-kept-in-an-object: looks provider types up in a plain object': accepting((body) =>
      typeof body.provider_type === 'string' && body.provider_type in { rest: true }
        ? keyOf(body)
        : undefined,
    ),
  }),
  ...breaking('SEC-10', {
    'key-in-the-answer: names the key in its error': testing((real, _, key) =>
      real.run(key).catch((error: unknown) => {
        if (error instanceof ProviderUnusable)
          throw new ProviderUnusable(`The provider cannot judge ${key}.`);
        throw error;
      }),
    ),
    'key-in-the-log: logs the request of a failed call, header by header': testing((real, { logger }, key) =>
      real.run(key).catch((error: unknown) => {
        logger.warn('call failed', { authorization: `Bearer ${key}` });
        throw error;
      }),
    ),
    'refused-request-quoted: quotes a request that it does not understand': {
      'requestValidation.credentials': ({ real }, body) => {
        try {
          return real.credentials(body);
        } catch {
          throw new BadRequest(`This is not understood: ${JSON.stringify(body)}`);
        }
      },
    },
  }),
];

function testing(
  run: (real: ConnectionTest, made: Made, apiKey: string) => ReturnType<ConnectionTest['run']>,
): Change {
  return { 'connectionTest.run': async ({ real, ...made }, apiKey) => await run(real, made, apiKey) };
}

const REMEMBERED_MS = 60_000;

/** Does not ask about a key again that was judged like this lately. */
function remembering(judgement: Judgement): Change {
  const since = new Map<string, number>();
  return testing(async (real, _, key) => {
    if (performance.now() - (since.get(key) ?? Number.NEGATIVE_INFINITY) < REMEMBERED_MS)
      return judged(0, judgement);
    try {
      const answer = await real.run(key);
      if (judgement === 'secure') since.set(key, performance.now());
      return answer;
    } catch (error) {
      const judged = error instanceof InvalidCredentials ? 'refused' : 'unusable';
      if (judgement === judged) since.set(key, performance.now());
      throw error;
    }
  });
}

/** Judges the provider's answer in another way. */
function asking(judge: (status: number) => Judgement | undefined): Change {
  return {
    'connectionTest.run': async ({ providerCalls }, apiKey) => {
      const { status } = await providerCalls.get('/health', apiKey).catch(() => ({ status: 0 }));
      return judged(status, judge(status));
    },
  };
}

type Judgement = 'secure' | 'refused' | 'unusable';

function judged(status: number, judgement: Judgement = usual(status)): { readonly latencyMs: number } {
  if (judgement === 'refused') throw new InvalidCredentials('Invalid Provider Credentials');
  if (judgement === 'unusable') throw new ProviderUnusable('The provider cannot be asked.');
  return { latencyMs: 1 };
}

function usual(status: number): Judgement {
  if (status === 200) return 'secure';
  return status === 401 || status === 403 ? 'refused' : 'unusable';
}

function keyOf({ api_key: key }: Readonly<Record<string, unknown>>): string | undefined {
  return typeof key === 'string' && key !== '' ? key : undefined;
}

/**
 * Takes a request that makes no sense.
 * @param key the key it makes of the body; undefined leaves the judgement to the real one
 */
function accepting(key: (body: Readonly<Record<string, unknown>>, made: Made) => string | undefined): Change {
  return {
    'requestValidation.credentials': ({ real, ...made }, body) => {
      const isObject = typeof body === 'object' && body !== null && !Array.isArray(body);
      const apiKey = isObject ? key(body as Readonly<Record<string, unknown>>, made) : undefined;
      return apiKey === undefined ? real.credentials(body) : { apiKey };
    },
  };
}
