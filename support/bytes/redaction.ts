/** Words this short stand in many a harmless text: that one holds such a secret proves nothing. */
const TELLING_CHARACTERS = 12;

const REDACTED = '[redacted]';

/** Each form in which a secret may show: as it is, percent-encoded, in Base64, and as JSON escapes it. */
function formsOf(secret: string): readonly string[] {
  if (secret === '') return [];
  const escaped = JSON.stringify(secret).slice(1, -1);
  return [
    ...new Set([
      secret,
      encodeURIComponent(secret),
      Buffer.from(secret).toString('base64'),
      escaped,
      escaped.replaceAll('/', '\\/'),
    ]),
  ];
}

/**
 * A function that takes secrets out of a text, so that none is seen in output, reports or errors; in any of
 * their forms. The list may grow afterwards.
 */
export function redactor(secrets: readonly string[]): (text: string) => string {
  return (text) =>
    secrets.flatMap(formsOf).reduce((redacted, form) => redacted.replaceAll(form, REDACTED), text);
}

/** As much of a text as shows where a secret stood in it, the secret taken out. */
export function quoteAroundSecret(text: string, secrets: readonly string[], characters: number): string {
  const redacted = redactor(secrets)(text).trim();
  const from = Math.max(0, redacted.indexOf(REDACTED) + REDACTED.length - characters);
  return `${from === 0 ? '' : '…'}${redacted.slice(from, from + characters)}`;
}

/**
 * True when a text, or the bytes of one, show one of these secrets, in any form. Secrets too short to tell
 * are left out.
 */
export function showsSecret(text: string | Buffer, secrets: readonly string[]): boolean {
  return secrets
    .filter(({ length }) => length >= TELLING_CHARACTERS)
    .flatMap(formsOf)
    .some((form) => text.includes(form));
}
