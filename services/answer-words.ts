/** How a vault words what the contract lets its profile reword (contract, section 8). */
export interface AnswerWords {
  /** The header that carries a log's checksum, in lower case. */
  readonly checksumHeader: string;
  /** The status of the answer for a log whose object is gone. */
  readonly missingObject: number;
  /** The form of checksums, in words. */
  readonly checksumForm: string;
  /** Returns a checksum as the contract writes it; `undefined` where it is not of the vault's form. */
  readonly readChecksum: (text: string) => string | undefined;
  /** Returns the checksum in a value of that header, whose syntax may be HTTP's: an ETag stands in quotes. */
  readonly readHeader: (value: string) => string;
  /** Returns the contract's code for the vault's word; another word, in words that are no code. */
  readonly readErrorCode: (word: string) => string;
}

const CHECKSUM = /^sha256:[0-9a-f]{64}$/;

/** The words of the contract (sections 1 and 5). */
export const CONTRACT_WORDS: AnswerWords = {
  checksumHeader: 'x-vault-checksum',
  missingObject: 410,
  checksumForm: '"sha256:" and 64 lower-case hex digits',
  readChecksum: (text) => (CHECKSUM.test(text) ? text : undefined),
  readHeader: (value) => value,
  readErrorCode: (word) => word,
};
