import { BadRequest } from '../../reference-vault/ingestion-api/request-validation';
import type { Defect } from './defect';
import { replacing } from './part-changes';
import { rewritingTimes, understanding, withRange } from './request-changes';

const YEAR_MS = 366 * 24 * 3600 * 1000;

/** Bugs by which a vault refuses what the contract lets everybody ask for. */
export const needlessRefusalDefects: readonly Defect[] = [
  refusingRanges('unknown-members-of-ranges-refused', 'knows every member that a range may have', (range) =>
    Object.keys(range).some((name) => name !== 'start' && name !== 'end'),
  ),
  refusingRanges(
    'future-refused',
    'refuses what has not happened yet',
    ({ start }) => Date.parse(start) > Date.now(),
  ),
  refusingRanges(
    'ranges-of-a-year-at-most',
    'refuses a range that is longer than a year',
    ({ start, end }) => Date.parse(end) - Date.parse(start) > YEAR_MS,
  ),
  rewritingTimes(
    { name: 'no-29-february', sentence: 'knows no month of February with 29 days', requirement: 'API-11' },
    (time) => (time.includes('-02-29') ? '' : time),
  ),
  rewritingTimes(
    {
      name: 'finest-fractions-refused',
      sentence: 'reads no fractions of a second beyond nanoseconds',
      requirement: 'API-11',
    },
    (time) => (/\.\d{10}/.test(time) ? '' : time),
  ),
  {
    name: 'long-keys-refused',
    sentence: 'keeps keys in a column of 256 characters',
    requirement: 'API-40',
    replacements: replacing('requestValidation', (real) => ({
      credentials: (body) => {
        const credentials = real.credentials(body);
        if (credentials.apiKey.length > 256) throw new BadRequest('api_key is too long.');
        return credentials;
      },
    })),
  },
];

function refusingRanges(
  name: string,
  sentence: string,
  isRefused: (range: { readonly start: string; readonly end: string }) => boolean,
): Defect {
  return understanding({ name, sentence, requirement: 'API-11' }, (body) =>
    withRange(body, (range) => {
      const { start, end } = range;
      const isTimes = typeof start === 'string' && typeof end === 'string';
      if (isTimes && isRefused({ ...range, start, end })) throw new BadRequest('range is refused.');
      return range;
    }),
  );
}
