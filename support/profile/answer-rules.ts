import { problem, type Rule, takenHeader } from './rule';

/** What a vault says can be told from whatever else it says. */
export const ANSWER_RULES: readonly Rule[] = [
  ({ checksum }) => [
    takenHeader(['checksum', 'header'], checksum?.header, {
      carries: 'a checksum',
      also: OF_ANSWERS,
      such: 'X-Content-SHA256',
    }),
  ],
  ({ answers }) => {
    const status = answers?.missing_object;
    const why = status === undefined ? undefined : TAKEN[status];
    return [
      why === undefined
        ? undefined
        : problem(
            ['answers', 'missing_object'],
            `${status} is ${why}: a loss has to be told apart from it, as 410 does`,
          ),
    ];
  },
  ({ job_errors: words = {} }) => {
    const codes = Object.keys(words) as (keyof typeof words)[];
    const effective = new Map(CODES.map((code) => [code, words[code] ?? code]));
    return codes.map((code) => {
      const twin = CODES.find((other) => other !== code && effective.get(other) === words[code]);
      return twin === undefined
        ? undefined
        : problem(
            ['job_errors', code],
            `"${words[code]}" is the word for ${twin} too: each code has a word of its own; where the vault does not tell them apart, name what it does not keep in not_claimed`,
          );
    });
  },
];

/** Headers of a raw answer whose values HTTP or the contract fixes; ETag is none, and neither are digests. */
const OF_ANSWERS: readonly string[] = [
  'age',
  'allow',
  'cache-control',
  'content-encoding',
  'content-range',
  'content-type',
  'date',
  'expires',
  'last-modified',
  'location',
  'retry-after',
  'set-cookie',
  'vary',
  'www-authenticate',
];

const TAKEN: Readonly<Record<number, string>> = {
  401: 'what an API says to a client without the right key',
  403: 'what an API says to a client without the right key',
  404: 'the answer for a log that never existed',
  429: 'the answer to a client that asks too often',
  503: 'the answer while storage cannot be reached',
};

/** The codes of failed jobs that the contract names (sections 2 and 4). */
export const CODES = [
  'provider_unauthorized',
  'provider_rejected',
  'provider_unavailable',
  'storage_unavailable',
  'storage_rejected',
  'metadata_unavailable',
] as const;
