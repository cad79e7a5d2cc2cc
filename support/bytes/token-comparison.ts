import { createScanner, type JSONScanner, SyntaxKind } from 'jsonc-parser';
import { sameNumber } from './number-text';
import { count, safeText } from './safe-text';
import { sameAfterNormalising } from './unicode-form';

/** Tells how two JSON texts differ token by token. Takes texts of any depth; both must be JSON. */
export interface TokenComparison {
  /** The same tokens in the same order, however they are spelt: the texts say the same. */
  readonly sameTokens: boolean;
  /** The differences of spelling, one phrase each. Complete only if `sameTokens`. */
  readonly spelling: readonly string[];
}

export const LINE_ENDS = 'line ends (CR LF and LF)';

const EXAMPLE_LENGTH = 60;

class Spelling {
  private number = 0;
  private first: string | undefined;

  constructor(
    private readonly what: string,
    private readonly noun: string,
  ) {}

  note(expected: string, actual: string): void {
    this.number += 1;
    const quote = (text: string): string => safeText(text, { limit: EXAMPLE_LENGTH });
    this.first ??= `${quote(expected)} became ${quote(actual)}`;
  }

  phrases(): string[] {
    return this.first === undefined ? [] : [`${this.what} (${count(this.number, this.noun)}: ${this.first})`];
  }
}

/**
 * Compares spelling: number format, string escapes, Unicode normalisation and white space. Never throws.
 * `from` may name the end of a token up to which both texts are known to be the same.
 */
export function compareTokens(expected: string, actual: string, from = 0): TokenComparison {
  const left = new TokenReader(expected, from);
  const right = new TokenReader(actual, from);
  const numbers = new Spelling('number format', 'number');
  const escapes = new Spelling('string escapes', 'string');
  const normalised = new Spelling('Unicode normalisation', 'string');
  const gaps = new Gaps();
  let sameTokens = true;
  while (sameTokens) {
    const token = left.next();
    sameTokens = token === right.next();
    if (!sameTokens) break;
    gaps.note(left.gap(), right.gap(), token === SyntaxKind.EOF);
    if (token === SyntaxKind.EOF) break;
    if (token === SyntaxKind.NumericLiteral && left.source() !== right.source()) {
      sameTokens = sameNumber(left.source(), right.source());
      numbers.note(left.source(), right.source());
    } else if (token === SyntaxKind.StringLiteral && left.source() !== right.source()) {
      if (left.value() === right.value()) {
        escapes.note(left.source(), right.source());
      } else {
        sameTokens = sameAfterNormalising(left.value(), right.value());
        normalised.note(left.source(), right.source());
      }
    }
  }
  const spelling = [numbers, escapes, normalised].flatMap((found) => found.phrases());
  return { sameTokens, spelling: [...spelling, ...gaps.phrases()] };
}

class TokenReader {
  private readonly scanner: JSONScanner;
  private end: number;
  private previousEnd: number;

  constructor(
    private readonly text: string,
    from: number,
  ) {
    this.scanner = createScanner(text, true);
    this.scanner.setPosition(from);
    this.end = from;
    this.previousEnd = from;
  }

  next(): SyntaxKind {
    this.previousEnd = this.end;
    const token = this.scanner.scan();
    this.end = this.scanner.getPosition();
    return token;
  }

  /** The white space between the token before and this one. */
  gap(): string {
    return this.text.slice(this.previousEnd, this.scanner.getTokenOffset());
  }

  value(): string {
    return this.scanner.getTokenValue();
  }

  source(): string {
    return this.text.slice(this.scanner.getTokenOffset(), this.end);
  }
}

class Gaps {
  private lineEnds = false;
  private whiteSpace = false;
  private trailing: string | undefined;

  note(expected: string, actual: string, atEnd: boolean): void {
    if (expected === actual) return;
    if (expected.replaceAll('\r\n', '\n') === actual.replaceAll('\r\n', '\n')) this.lineEnds = true;
    else if (atEnd) this.trailing = trailingPhrase(expected, actual);
    else this.whiteSpace = true;
  }

  phrases(): string[] {
    return [
      ...(this.whiteSpace ? ['white space'] : []),
      ...(this.lineEnds ? [LINE_ENDS] : []),
      ...(this.trailing === undefined ? [] : [this.trailing]),
    ];
  }
}

/** Names a change of the white space that ends a text. */
export function trailingPhrase(expected: string, actual: string): string {
  const newLine = (text: string): boolean => text === '\n' || text === '\r\n';
  if (newLine(expected) && actual === '') return 'trailing newline (removed)';
  if (newLine(actual) && expected === '') return 'trailing newline (added)';
  return 'trailing white space';
}
