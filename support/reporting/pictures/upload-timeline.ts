import { count, safeText } from '../../bytes/safe-text';
import type { ObjectAttempt } from '../../object-store/bucket-script';
import { type Markup, markup } from '../markup';
import { type Picture, svgPicture } from './svg-picture';
import { type TimedAttempt, timedAttempts, type Wait } from './upload-rounds';

type Upload = Pick<
  ObjectAttempt,
  'operation' | 'class' | 'key' | 'arrivedMs' | 'answeredMs' | 'answer' | 'fault'
>;

interface Facts {
  readonly settings: { readonly retryBaseMs: number; readonly retryMaxAttempts: number };
  /** Returns the name that a scenario has for the object with this key. */
  readonly nameOf: (key: string) => string | undefined;
}

/** Narrow enough to be read on a phone without scrolling. */
const WIDTH = 360;
const LEFT = 14;
const RIGHT = WIDTH - 14;
const HEAD = 52;
const ROW = 54;
/** Of an upload that nothing is said below. */
const SHORT_ROW = 38;
const FOOT = 28;
/** The legend is so much wider where it has to explain a wait in red. */
const FOOT_OF_SHORT_WAITS = 16;
const LANE = 18;
/** A single instant would have no scale. */
const LEAST_SPAN_MS = 10;
const SHOWN_PICTURES = 4;
const SHOWN_FIRST = 10;
const SHOWN_LAST = 2;
const NAME_LIMIT = 48;
const ANSWER_LIMIT = 40;

/**
 * One picture for each object whose uploads met a fault: when each upload came, what it met, and how long the
 * vault waited before the next, against the least wait that the contract asks for (section 4).
 */
export function uploadTimelines(attempts: readonly Upload[], facts: Facts): readonly Picture[] {
  const uploads = attempts.filter((attempt) => attempt.class === 'upload');
  const struck = new Set(uploads.filter(({ fault }) => fault !== undefined).map(({ key }) => key));
  return [...struck].slice(0, SHOWN_PICTURES).map((key) =>
    timeline(
      uploads.filter((upload) => upload.key === key),
      facts.nameOf(key) ?? key,
      facts,
    ),
  );
}

function timeline(uploads: readonly Upload[], name: string, { settings }: Facts): Picture {
  const timed = timedAttempts(uploads, settings);
  const startMs = Math.min(...uploads.map(({ arrivedMs }) => arrivedMs));
  const endMs = Math.max(...uploads.map(({ answeredMs, arrivedMs }) => answeredMs ?? arrivedMs));
  const dropped = Math.max(0, timed.length - SHOWN_FIRST - SHOWN_LAST);
  const shown = timed
    .map((attempt, index) => ({ attempt, number: index + 1 }))
    .filter(({ number }) => dropped === 0 || number <= SHOWN_FIRST || number > timed.length - SHOWN_LAST);
  const rest = dropped === 0 ? '' : `, ${dropped} of them not shown`;
  const title = `Uploads of ${safeText(name, { limit: NAME_LIMIT })}`;
  const summary = `${count(timed.length, 'upload')} in ${msText(endMs - startMs)}${rest}; base wait ${settings.retryBaseMs} ms, limit ${settings.retryMaxAttempts}`;
  const scale = (RIGHT - LEFT) / Math.max(endMs - startMs, LEAST_SPAN_MS);
  let top = HEAD;
  const rows = shown.map(({ attempt, number }) => {
    const drawn = row(attempt, number, { startMs, scale, top });
    top += followedBy(attempt) === undefined ? SHORT_ROW : ROW;
    return drawn;
  });
  const hasShortWaits = shown.some(({ attempt }) => attempt.wait?.isTooShort === true);
  const height = top + FOOT + (hasShortWaits ? FOOT_OF_SHORT_WAITS : 0);
  return svgPicture({
    title,
    description: `${summary}. ${shown.map(({ attempt, number }) => sentence(attempt, number, startMs)).join(' ')}`,
    width: WIDTH,
    height,
    content: markup`<text class="title" x="${LEFT}" y="22">${title}</text><text class="soft" x="${LEFT}" y="40">${summary}</text>${rows}${legend(top + FOOT - 16, hasShortWaits)}`,
  });
}

interface Place {
  readonly startMs: number;
  /** Pixels a millisecond. */
  readonly scale: number;
  readonly top: number;
}

function row(attempt: TimedAttempt<Upload>, number: number, { startMs, scale, top }: Place): Markup {
  const { upload, failed, wait } = attempt;
  const x = (ms: number): number => rounded(LEFT + (ms - startMs) * scale);
  const from = x(upload.arrivedMs);
  const to = x(upload.answeredMs ?? upload.arrivedMs);
  const lane = top + LANE;
  const colour = failed ? 'bad' : 'good';
  // A bar of a fault of no length would not be seen, and must not run out of the picture.
  const width = rounded(Math.max(to - from, 5));
  return markup`<text class="strong" x="${LEFT}" y="${top + 11}">${number}</text><text class="${colour}" x="${LEFT + 16}" y="${top + 11}">${answerText(upload)}</text><text class="soft" x="${RIGHT}" y="${top + 11}" text-anchor="end">at ${msText(upload.arrivedMs - startMs)}</text><rect x="${LEFT}" y="${lane + 5}" width="${RIGHT - LEFT}" height="1" fill="var(--line)"/>${wait === undefined ? undefined : waitBar(wait, { x: to, lane, scale })}<rect class="${colour}" x="${Math.min(from, RIGHT - width)}" y="${lane}" width="${width}" height="11" rx="2"/><text class="${wait?.isTooShort === true ? 'bad strong' : 'soft'}" x="${LEFT + 16}" y="${lane + 26}">${followedBy(attempt)}</text>`;
}

function waitBar(
  wait: Wait,
  { x, lane, scale }: { readonly x: number; readonly lane: number; readonly scale: number },
): Markup {
  const { ms, leastMs, isTooShort } = wait;
  const least = leastMs === undefined ? undefined : rounded(x + leastMs * scale);
  const colour = isTooShort ? 'var(--bad)' : 'var(--wait)';
  // The least wait may end behind the last upload: then the mark stands at the edge.
  const mark =
    least === undefined
      ? undefined
      : markup`<rect x="${Math.min(least, RIGHT - 2)}" y="${lane - 1}" width="2" height="13" fill="var(--text)"/>`;
  return markup`<rect x="${x}" y="${lane + 3}" width="${rounded(Math.max(ms * scale, 2))}" height="5" fill="${colour}"/>${mark}`;
}

function legend(y: number, hasShortWaits: boolean): Markup {
  const below = y + FOOT_OF_SHORT_WAITS;
  const short = hasShortWaits
    ? markup`<rect x="${LEFT}" y="${below + 2}" width="14" height="5" fill="var(--bad)"/><text class="soft" x="${LEFT + 19}" y="${below + 9}">wait that was too short</text>`
    : undefined;
  return markup`<rect class="bad" x="${LEFT}" y="${y}" width="12" height="9" rx="2"/><text class="soft" x="${LEFT + 17}" y="${y + 9}">failed</text><rect class="good" x="${LEFT + 66}" y="${y}" width="12" height="9" rx="2"/><text class="soft" x="${LEFT + 83}" y="${y + 9}">stored</text><rect x="${LEFT + 134}" y="${y + 2}" width="14" height="5" fill="var(--wait)"/><text class="soft" x="${LEFT + 153}" y="${y + 9}">wait</text><rect x="${LEFT + 192}" y="${y - 2}" width="2" height="13" fill="var(--text)"/><text class="soft" x="${LEFT + 199}" y="${y + 9}">least wait (contract)</text>${short}`;
}

function sentence(attempt: TimedAttempt<Upload>, number: number, startMs: number): string {
  const { upload } = attempt;
  const then = followedBy(attempt);
  return `${number}: at ${msText(upload.arrivedMs - startMs)}, ${answerText(upload)}${then === undefined ? '' : `, ${then}`}.`;
}

/** Says how an upload failed. */
function followedBy({ wait, failed, isLast }: TimedAttempt<Upload>): string | undefined {
  if (wait === undefined) return failed && isLast ? 'no upload followed' : undefined;
  const { ms, leastMs, isTooShort } = wait;
  if (leastMs === undefined) return `asked anew after ${msText(ms)}, not a retry`;
  const due = isTooShort ? 'too short:' : 'at least';
  return `waited ${msText(ms)}, ${due} ${msText(leastMs)} were due`;
}

/** The operation is worth a word only where an object comes in parts. */
function answerText({ operation, answer }: Upload): string {
  const words = answer === 'ok' ? 'stored' : answer;
  return safeText(operation === 'PutObject' ? words : `${operation}: ${words}`, { limit: ANSWER_LIMIT });
}

/** Small waits are told apart by their tenths. */
function msText(ms: number): string {
  const digits = ms < 100 && !Number.isInteger(ms) ? 1 : 0;
  return `${ms.toLocaleString('en-US', { maximumFractionDigits: digits })} ms`;
}

function rounded(pixels: number): number {
  return Math.round(pixels * 10) / 10;
}
