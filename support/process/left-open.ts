/** Sockets and files take a moment to close. */
const GRACE_MS = 5_000;
/** The process's own input and output. */
const OWN: readonly string[] = ['TTYWrap', 'PipeWrap'];
const NAMES: Readonly<Record<string, string>> = {
  Timeout: 'a timer',
  Immediate: 'a timer',
  TCPSocketWrap: 'a connection',
  TCPServerWrap: 'a server',
  TCPWRAP: 'a connection',
  ProcessWrap: 'a child process',
  UDPWrap: 'a UDP socket',
  FSEvent: 'a watched file',
  StatWatcher: 'a watched file',
  MessagePort: 'a worker thread',
};

/**
 * Ends this process, whose work is done, after a moment's grace though something was left open, and says
 * what. A process that ends by itself does so earlier.
 */
export function endThoughOpen(graceMs = GRACE_MS): void {
  const end = (): void => {
    process.stderr.write(`${leftOpen(process.getActiveResourcesInfo())}\n`);
    process.exit();
  };
  setTimeout(end, graceMs).unref();
}

/** Says what keeps a process from ending: `Ended with a timer and 2 connections left open: …`. */
export function leftOpen(resources: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const resource of resources.filter((name) => !OWN.includes(name))) {
    const name = NAMES[resource] ?? resource;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const things = [...counts].map(([name, number]) => (number === 1 ? name : `${name} (${number} times)`));
  const what = things.length === 0 ? 'something' : things.join(', ');
  return `Left open at the end of the run, and closed by ending the process: ${what}. A step or a library that opens something has to close it.`;
}
