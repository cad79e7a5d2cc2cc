import { connect } from 'node:net';

/**
 * For unit tests: a call that is given up as soon as it is on the line, so that its end arrives right behind
 * it, as at a mock that was busy while a vault's patience ran out.
 * @param head the lines of the request before the empty one
 */
export async function callAndHangUp(baseUrl: string, head: readonly string[], body = ''): Promise<void> {
  const { hostname, port, host } = new URL(baseUrl);
  const request = `${[...head, `host: ${host}`].join('\r\n')}\r\n\r\n${body}`;
  await new Promise<void>((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(request, () => socket.destroy()));
    socket.once('close', () => resolve()).once('error', reject);
  });
}
