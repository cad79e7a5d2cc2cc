import type { ChecksumForm } from '../../../support/profile/checksum-form';

/** Writes checksums of the contract's form in another one. */
export class ChecksumWriter {
  constructor(private readonly form: ChecksumForm) {}

  /** Whatever is no checksum of the contract's becomes none of the other form either. */
  write(checksum: string): string {
    if (this.form === 'prefixed') return checksum;
    const [, hex] = /^sha256:([0-9a-f]{64})$/.exec(checksum) ?? [];
    if (hex === undefined) return `${NONE}${checksum}`;
    return this.form === 'hex' ? hex : Buffer.from(hex, 'hex').toString('base64');
  }

  /** Undoes `write`. */
  read(text: string): string {
    if (text.startsWith(NONE)) return text.slice(NONE.length);
    if (this.form === 'prefixed') return text;
    return `sha256:${this.form === 'hex' ? text : Buffer.from(text, 'base64').toString('hex')}`;
  }
}

const NONE = 'no checksum of this form: ';
