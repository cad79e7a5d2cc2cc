/** Shows how far a long step is, on one line of a terminal; elsewhere it says nothing. */
export function terminalProgress(line: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${line}`);
}
