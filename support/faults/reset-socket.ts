import type { Socket } from 'node:net';

/**
 * Resets a connection: the other side meets ECONNRESET. One whose end is just being sent is only closed, for
 * Node loses a socket that is reset then: "close" never comes, and the process spins for ever when it ends.
 */
export function resetSocket(socket: Socket): void {
  if (socket.destroyed) return;
  const isEnding = socket.writableEnded && !socket.writableFinished;
  // While it connects, a reset would wait for the connection first; there is nobody to tell yet.
  if (socket.connecting || isEnding) socket.destroy();
  else socket.resetAndDestroy();
}

/** The error that a reset socket reports, for transports without a socket. */
export function connectionReset(): Error {
  return Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
}
