/** Returns how a profile writes the name of a member: `retry_base_ms` for `retryBaseMs`. */
export function writtenName(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
