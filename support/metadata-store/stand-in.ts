import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { Socket } from 'node:net';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { SuiteError } from '../bytes/errors';
import type { MongoServer } from './mongo';

/** The bundled stand-in for MongoDB, if this platform has it. */
export interface StandIn {
  readonly binary: string;
  readonly version: string;
}

const START_LIMIT_MS = 10_000;

/**
 * Becomes the server, so that its process id is the child's, and leaves a watcher behind whose stdin is our
 * end of a pipe. A line there means that the server ended; end of file without one that we died, even by
 * SIGKILL: then the server goes too. The watcher shares stderr, so that "close" tells that both are gone.
 */
const START_AND_WATCH = `
exec 3<&0 </dev/null
{ read -r ended <&3 || kill -9 $$; } >/dev/null 2>&2 &
exec "$@" 3<&-`;

/** Finds the stand-in: an optional dependency, so absent on platforms it was not built for. */
export function findStandIn(): StandIn | undefined {
  try {
    const manifest = require.resolve('@jongodb/memory-server-bin-linux-x64-gnu/package.json');
    const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { readonly version: string };
    return { binary: join(dirname(manifest), 'bin', 'jongodb'), version };
  } catch {
    return undefined;
  }
}

/**
 * Starts the stand-in on 127.0.0.1. It keeps everything in memory.
 * @param options.port a fixed port; a free one by default
 * @throws SuiteError if it does not come up
 */
export async function startStandIn(
  standIn: StandIn,
  options: { readonly temporaryFolder: string; readonly port?: number },
): Promise<MongoServer> {
  await mkdir(options.temporaryFolder, { recursive: true });
  const child = spawn(
    '/bin/sh',
    ['-c', START_AND_WATCH, 'stand-in', standIn.binary, '--host=127.0.0.1', `--port=${options.port ?? 0}`],
    // A group of its own: Ctrl-C is for the suite, which stops it in its turn.
    { cwd: options.temporaryFolder, detached: true, stdio: ['pipe', 'pipe', 'pipe'] },
  );
  let errorOutput = '';
  child.stderr.on('data', (chunk: Buffer) => {
    errorOutput = (errorOutput + chunk).slice(-2_000);
  });
  child.stdin.on('error', () => undefined); // the watcher may be gone already
  child.once('exit', () => child.stdin.end('ended\n'));
  // Without this listener a shell that cannot be started would end the process; "close" follows in any case.
  child.on('error', (error) => {
    errorOutput = error.message;
  });
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));

  const pipes = child.stdio.filter((stream) => stream instanceof Socket);
  const stop = async (): Promise<void> => {
    child.ref();
    for (const pipe of pipes) pipe.ref();
    child.kill('SIGKILL'); // nothing to save, and nothing it could ignore
    await closed;
  };

  const lines = createInterface({ input: child.stdout });
  const limit = AbortSignal.timeout(START_LIMIT_MS);
  const uri = await Promise.race([
    announcedUri(lines),
    closed.then(() => undefined),
    once(limit, 'abort').then(() => undefined),
  ]);
  lines.close();
  if (uri === undefined) {
    await stop();
    const reason = /JONGODB_START_FAILURE=(.*)/.exec(errorOutput)?.[1] ?? errorOutput.trim().split('\n')[0];
    throw new SuiteError(
      `The offline stand-in for MongoDB did not start (${reason || 'no answer'}): install mongod or set MONGODB_URI.`,
    );
  }
  // A run that forgot to stop it can still end; the watcher then does the rest.
  child.unref();
  child.stdout.resume();
  for (const pipe of pipes) pipe.unref();
  return { uri, description: `jongodb ${standIn.version}, the offline stand-in`, kind: 'stand-in', stop };
}

async function announcedUri(lines: AsyncIterable<string>): Promise<string | undefined> {
  for await (const line of lines) {
    const uri = /^JONGODB_URI=(mongodb:\/\/[^/]+)/.exec(line)?.[1];
    if (uri !== undefined) return `${uri}/`;
  }
  return undefined;
}
