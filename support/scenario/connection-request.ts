/** The request of a connection test as it is sent. */
export interface ConnectionRequest {
  readonly body: string;
  readonly contentType: string;
}

const JSON_TYPE = 'application/json';
/** The longest body a vault takes (contract, section 1). */
const LONGEST_BYTES = 64 * 1024;

const named: Readonly<Record<string, (apiKey: string) => ConnectionRequest>> = {
  'malformed JSON': (apiKey) => ofType(JSON_TYPE, `{"provider_type": "rest", "api_key": "${apiKey}"`),
  'a list instead of an object': (apiKey) => of([{ provider_type: 'rest', api_key: apiKey }]),
  null: () => of(null),
  'no API key': () => of({ provider_type: 'rest' }),
  'an empty API key': () => of({ provider_type: 'rest', api_key: '' }),
  'an API key that is a number': () => of({ provider_type: 'rest', api_key: 7 }),
  'an API key that is a list': (apiKey) => of({ provider_type: 'rest', api_key: [apiKey] }),
  'no provider type': (apiKey) => of({ api_key: apiKey }),
  'an unknown provider type': (apiKey) => of({ provider_type: 'soap', api_key: apiKey }),
  'the provider type REST': (apiKey) => of({ provider_type: 'REST', api_key: apiKey }),
  'the provider type constructor': (apiKey) => of({ provider_type: 'constructor', api_key: apiKey }),
  'a provider type that is a list': (apiKey) => of({ provider_type: ['rest'], api_key: apiKey }),
  'a body of 64 KiB': (apiKey) => of(longBody(apiKey, LONGEST_BYTES)),
  'a body of 64 KiB and a byte': (apiKey) => of(longBody(apiKey, LONGEST_BYTES + 1)),
  'a body of plain text': (apiKey) => ofType('text/plain', whole(apiKey)),
  'a media type with a parameter': (apiKey) => ofType('application/json; charset=utf-8', whole(apiKey)),
  'members that are unknown': (apiKey) =>
    of({ provider_type: 'rest', api_key: apiKey, note: 'for the audit' }),
};

/** The request a feature file describes in words. @throws Error for words it does not know. */
export function connectionRequestOf(words: string, apiKey: string): ConnectionRequest {
  const request = named[words];
  if (request === undefined) {
    throw new Error(
      `no request of a connection test is called "${words}"; there are: ${Object.keys(named).join(', ')}`,
    );
  }
  return request(apiKey);
}

function of(document: unknown): ConnectionRequest {
  return ofType(JSON_TYPE, JSON.stringify(document));
}

function ofType(contentType: string, body: string): ConnectionRequest {
  return { contentType, body };
}

function whole(apiKey: string): string {
  return JSON.stringify({ provider_type: 'rest', api_key: apiKey });
}

/** A request that is right but for its length: exactly so many bytes. */
function longBody(apiKey: string, bytes: number): object {
  const body = { provider_type: 'rest', api_key: apiKey, note: '' };
  return { ...body, note: 'x'.repeat(bytes - Buffer.byteLength(JSON.stringify(body))) };
}
