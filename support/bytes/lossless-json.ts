import { createScanner, type JSONScanner, ScanError, SyntaxKind } from 'jsonc-parser';
import { safeText } from './safe-text';

/**
 * JSON without loss, for explaining differences: `JSON.parse` forgets how a number was written, all but the
 * last of duplicate keys, and the order of numeric-like keys.
 *
 * It reads jsonc-parser's tokens with a loop, not with its `parseTree`, which recurses: that overflows the
 * stack somewhere above 4,000 levels, and takes six times as long.
 */

/**
 * A JSON value as deep-object-diff can compare it. Leaves are texts: `number 1.0`, `"a string"`, `true`,
 * `null`, `empty object`, `empty array`. Members are named by path segment, `.name` or `["odd name"]`, and
 * repeated ones `.name (2nd)`: no two of them collide, none is `__proto__`, and none looks like an array
 * index, so insertion order is the order of the payload.
 */
export type LosslessValue = string | readonly LosslessValue[] | { readonly [segment: string]: LosslessValue };

/** Whatever became of the text: the path asked for, if it was reached, safe to print. */
export type LosslessJson = { readonly path?: string } & (Readable | NotJson);

/** `value` is there only for what is small enough to be compared. */
type Readable = {
  readonly depth: number;
  /** The end of the last token that lies within `sameUpTo`. */
  readonly resumeAt: number;
} & ({ readonly kind: 'json'; readonly value: LosslessValue } | { readonly kind: 'too deep' | 'too large' });

interface NotJson {
  readonly kind: 'not json';
  /** The place where the text stops being JSON, in UTF-16 units. */
  readonly at: number;
}

/** Deeper values are not built: deep-object-diff recurses, and a stack may be half used when it is called. */
export const DEEPEST_COMPARED = 1_000;

/** More values than this are not built either: comparing them would take seconds. */
const MOST_COMPARED = 400_000;
const MOST_NAMES = 100_000;

/** Stands for a value that `sameUpTo` declared to be of no interest. */
const UNCHANGED = 'unchanged';

const SHOWN_LEVELS = 8;
const SHOWN_SEGMENT = 80;

type Expectation = 'value' | 'value or ]' | 'key' | 'key or }' | ':' | ', or end' | 'nothing';

interface Frame {
  readonly isArray: boolean;
  /** The values that are being built; neither is there below `DEEPEST_COMPARED`. */
  readonly members: Record<string, LosslessValue> | undefined;
  readonly items: LosslessValue[] | undefined;
  index: number;
  segment: string | undefined;
  /** 2 for the second member of that name in its object. */
  nth: number;
  repeats: Map<string, number> | undefined;
}

export interface LosslessOptions {
  /** Asks for the path of the value at this offset, in UTF-16 units. */
  readonly pathAt?: number;
  /**
   * The text before this offset, in UTF-16 units, is known to be the same in the other text of a comparison:
   * values that end there are not built, which makes a late difference in a large payload cheap to find.
   */
  readonly sameUpTo?: number;
}

/** Reads a JSON text by the letter of RFC 8259, without a byte order mark. Never throws. */
export function parseLossless(text: string, options: LosslessOptions = {}): LosslessJson {
  return new LosslessReader(text, options).read();
}

/** True when the members of two values that are otherwise the same come in the same order. */
export function sameKeyOrder(left: LosslessValue, right: LosslessValue): boolean {
  const pairs: [LosslessValue, LosslessValue][] = [[left, right]];
  for (let pair = pairs.pop(); pair !== undefined; pair = pairs.pop()) {
    const [a, b] = pair;
    if (typeof a === 'string' || typeof b === 'string') continue;
    const names = Object.keys(a);
    const others = Object.keys(b);
    for (const [at, name] of names.entries()) {
      if (name !== others[at]) return false;
      pairs.push([Reflect.get(a, name) as LosslessValue, Reflect.get(b, name) as LosslessValue]);
    }
  }
  return true;
}

class LosslessReader {
  private readonly scanner: JSONScanner;
  private readonly frames: Frame[] = [];
  private readonly segments = new Map<string, string>();
  private readonly pathAt: number;
  private readonly sameUpTo: number;
  private expected: Expectation = 'value';
  private root: LosslessValue | undefined;
  private depth = 0;
  private values = 0;
  private resumeAt = 0;
  private path: string | undefined;

  constructor(text: string, options: LosslessOptions) {
    this.scanner = createScanner(text, false);
    this.pathAt = options.pathAt ?? Number.POSITIVE_INFINITY;
    this.sameUpTo = options.sameUpTo ?? 0;
  }

  read(): LosslessJson {
    let token: SyntaxKind;
    do {
      token = this.scanner.scan();
      if (token === SyntaxKind.Trivia || token === SyntaxKind.LineBreakTrivia) continue;
      const here = this.path === undefined && this.isAt(token);
      const isKey = this.expected === 'key' || this.expected === 'key or }';
      // A key belongs to the path of what it names; any other token is looked at before it moves the path on.
      if (here && !isKey) this.path = pathOf(this.frames);
      if (this.scanner.getTokenError() !== ScanError.None || !this.accept(token)) {
        return this.ended({ kind: 'not json', at: this.scanner.getTokenOffset() });
      }
      if (here && isKey) this.path = pathOf(this.frames);
      if (this.scanner.getPosition() <= this.sameUpTo) this.resumeAt = this.scanner.getPosition();
    } while (token !== SyntaxKind.EOF);
    const { depth, resumeAt } = this;
    if (depth > DEEPEST_COMPARED) return this.ended({ kind: 'too deep', depth, resumeAt });
    if (this.tooLarge() || this.root === undefined) return this.ended({ kind: 'too large', depth, resumeAt });
    return this.ended({ kind: 'json', value: this.root, depth, resumeAt });
  }

  private ended<T extends object>(outcome: T): T & { readonly path?: string } {
    return this.path === undefined ? outcome : { ...outcome, path: this.path };
  }

  private isAt(token: SyntaxKind): boolean {
    if (token === SyntaxKind.EOF) return Number.isFinite(this.pathAt);
    return this.pathAt < this.scanner.getPosition();
  }

  private accept(token: SyntaxKind): boolean {
    const expected = this.expected;
    switch (token) {
      case SyntaxKind.OpenBraceToken:
        return this.opens(false);
      case SyntaxKind.OpenBracketToken:
        return this.opens(true);
      case SyntaxKind.CloseBraceToken:
        return this.closes(false, expected === 'key or }');
      case SyntaxKind.CloseBracketToken:
        return this.closes(true, expected === 'value or ]');
      case SyntaxKind.StringLiteral:
        if (expected === 'key' || expected === 'key or }') return this.names(this.scanner.getTokenValue());
        return this.leaf(token);
      case SyntaxKind.NumericLiteral:
      case SyntaxKind.TrueKeyword:
      case SyntaxKind.FalseKeyword:
      case SyntaxKind.NullKeyword:
        return this.leaf(token);
      case SyntaxKind.ColonToken:
        this.expected = 'value';
        return expected === ':';
      case SyntaxKind.CommaToken:
        return expected === ', or end' && this.separates();
      case SyntaxKind.EOF:
        return expected === 'nothing';
      default:
        return false;
    }
  }

  private wantsValue(): boolean {
    return this.expected === 'value' || this.expected === 'value or ]';
  }

  private opens(isArray: boolean): boolean {
    if (!this.wantsValue()) return false;
    const built = this.frames.length < DEEPEST_COMPARED;
    this.frames.push({
      isArray,
      members: built && !isArray ? {} : undefined,
      items: built && isArray ? [] : undefined,
      index: 0,
      segment: undefined,
      nth: 1,
      repeats: undefined,
    });
    this.depth = Math.max(this.depth, this.frames.length);
    this.expected = isArray ? 'value or ]' : 'key or }';
    return true;
  }

  private closes(isArray: boolean, empty: boolean): boolean {
    const frame = this.frames.at(-1);
    if (frame?.isArray !== isArray || (!empty && this.expected !== ', or end')) return false;
    this.frames.pop();
    // deep-object-diff takes {} and [] for the same, hence the words.
    this.put(empty ? `empty ${isArray ? 'array' : 'object'}` : (frame.items ?? frame.members));
    return true;
  }

  private leaf(token: SyntaxKind): boolean {
    if (!this.wantsValue()) return false;
    const value = this.scanner.getTokenValue();
    if (token === SyntaxKind.StringLiteral) this.put(`"${value}"`);
    else this.put(token === SyntaxKind.NumericLiteral ? `number ${value}` : value);
    return true;
  }

  private put(value: LosslessValue | undefined): void {
    const frame = this.frames.at(-1);
    this.expected = frame === undefined ? 'nothing' : ', or end';
    if (frame === undefined) {
      this.root = value;
      return;
    }
    const unchanged = this.scanner.getPosition() <= this.sameUpTo;
    if (!unchanged) this.values += 1;
    if (value === undefined || this.tooLarge()) return;
    if (frame.members !== undefined) {
      // An unchanged member is kept as a name only, so that a later one of that name is known as the second.
      if (!unchanged) frame.members[segmentOf(frame)] = value;
      else if (frame.nth === 1) frame.members[segmentOf(frame)] = UNCHANGED;
    } else if (frame.items !== undefined && !unchanged) {
      // Unchanged items leave a hole: the index stays right, and nothing is compared.
      frame.items[frame.index] = value;
    }
  }

  private separates(): boolean {
    const frame = this.frames.at(-1);
    if (frame === undefined) return false;
    frame.index += 1;
    frame.segment = undefined;
    this.expected = frame.isArray ? 'value' : 'key';
    return true;
  }

  private names(key: string): boolean {
    const frame = this.frames.at(-1);
    if (frame === undefined) return false;
    this.expected = ':';
    const segment = this.segments.get(key) ?? asSegment(key);
    frame.segment = segment;
    frame.nth = 1;
    // Nothing will be compared any more: only the path is still of interest.
    if (this.tooLarge()) return true;
    this.segments.set(key, segment);
    if (frame.members !== undefined && Object.hasOwn(frame.members, segment)) {
      frame.repeats ??= new Map();
      frame.nth = (frame.repeats.get(segment) ?? 1) + 1;
      frame.repeats.set(segment, frame.nth);
    }
    return true;
  }

  private tooLarge(): boolean {
    return this.values > MOST_COMPARED || this.segments.size > MOST_NAMES;
  }
}

function segmentOf({ isArray, index, segment = '', nth }: Frame): string {
  if (isArray) return `[${index}]`;
  return nth === 1 ? segment : `${segment} (${ordinal(nth)})`;
}

function asSegment(key: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}

function ordinal(nth: number): string {
  const teen = nth % 100 > 10 && nth % 100 < 14;
  return `${nth}${(teen ? undefined : ['th', 'st', 'nd', 'rd'][nth % 10]) ?? 'th'}`;
}

function pathOf(frames: readonly Frame[]): string {
  const shown = (from: number, to?: number): string =>
    frames
      .slice(from, to)
      .map((frame) => safeText(segmentOf(frame), { limit: SHOWN_SEGMENT }))
      .join('');
  const left = frames.length - 2 * SHOWN_LEVELS;
  if (left <= 0) return `$${shown(0)}`;
  return `$${shown(0, SHOWN_LEVELS)}…(${left.toLocaleString('en-US')} levels)…${shown(-SHOWN_LEVELS)}`;
}
