import { BadRequest } from '../../reference-vault/ingestion-api/request-validation';
import type { Change } from './change';
import { breaking, type Defect } from './defect';
import { rewritingTimes, understanding, withRange } from './request-changes';

const YEAR_MS = 366 * 24 * 3600 * 1000;

/** Bugs by which a vault refuses what the contract lets everybody ask for. */
export const needlessRefusalDefects: readonly Defect[] = [
  ...breaking('API-11', {
    'unknown-members-of-ranges-refused: knows every member that a range may have': refusingRanges((range) =>
      Object.keys(range).some((name) => name !== 'start' && name !== 'end'),
    ),
    'future-refused: refuses what has not happened yet': refusingRanges(
      ({ start }) => Date.parse(start) > Date.now(),
    ),
    'ranges-of-a-year-at-most: refuses a range that is longer than a year': refusingRanges(
      ({ start, end }) => Date.parse(end) - Date.parse(start) > YEAR_MS,
    ),
    'no-29-february: knows no month of February with 29 days': rewritingTimes((time) =>
      time.includes('-02-29') ? '' : time,
    ),
    'finest-fractions-refused: reads no fractions of a second beyond nanoseconds': rewritingTimes((time) =>
      /\.\d{10}/.test(time) ? '' : time,
    ),
  }),
  ...breaking('API-40', {
    'long-keys-refused: keeps keys in a column of 256 characters': {
      'requestValidation.credentials': ({ real }, body) => {
        const credentials = real.credentials(body);
        if (credentials.apiKey.length > 256) throw new BadRequest('api_key is too long.');
        return credentials;
      },
    },
  }),
];

function refusingRanges(
  isRefused: (range: { readonly start: string; readonly end: string }) => boolean,
): Change {
  return understanding((body) =>
    withRange(body, (range) => {
      const { start, end } = range;
      const isTimes = typeof start === 'string' && typeof end === 'string';
      if (isTimes && isRefused({ ...range, start, end })) throw new BadRequest('range is refused.');
      return range;
    }),
  );
}
