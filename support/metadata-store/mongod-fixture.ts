import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const VERSION = '8.0.12';
/** mongodb-memory-server takes anything smaller for a broken download. */
const LEAST_BYTES = 1 << 20;
/** The file that the program puts into its data directory just before it says that it listens. */
export const LISTENING = 'listening';

/**
 * Writes a program that is mongod as far as its command line tells: it knows the options that the suite may use and
 * no others, wants its data directory to exist, keeps files there, says by a line of its log when it listens, ends in
 * good order by SIGINT or SIGTERM. What answers on the port is the stand-in. It notes its arguments and its process
 * id beside itself.
 * @param options.complaint the error of `initAndListen` that it ends with instead
 * @param options.listensAfterSeconds how long it takes until it listens
 */
export async function writeMongod(
  file: string,
  standIn: string,
  options: { readonly complaint?: string; readonly listensAfterSeconds?: number } = {},
): Promise<void> {
  const { complaint = '', listensAfterSeconds = 0 } = options;
  const script = `#!/bin/sh
log() { printf '{"t":{"$date":"2026-11-29T12:00:00.000+00:00"},"s":"%s","c":"%s","id":%s,"ctx":"%s","msg":"%s","attr":%s}\\n' "$@"; }
if [ "$1" = --version ]; then echo 'db version v${VERSION}'; exit; fi
echo "$@" > "$0.arguments"; echo $$ > "$0.pid"
while [ $# -gt 0 ]; do
  case $1 in
    --port) port=$2; shift 2 ;;
    --dbpath) dbpath=$2; shift 2 ;;
    --bind_ip) address=$2; shift 2 ;;
    --storageEngine) [ "$2" = wiredTiger ] || exit 2; shift 2 ;;
    --noauth | --nounixsocket) shift ;;
    *) echo "Error parsing command line: unrecognised option '$1'"; echo "try 'mongod --help' for more information"; exit 2 ;;
  esac
done
complaint='${complaint}'
[ -d "$dbpath" ] || complaint="NonExistentPath: Data directory $dbpath not found."
if [ -n "$complaint" ]; then
  log E CONTROL 20557 initandlisten 'DBException in initAndListen, terminating' "{\\"error\\":\\"$complaint\\"}"
  exit 100
fi
log I CONTROL 4615611 initandlisten 'MongoDB starting' "{\\"port\\":$port}"
echo $$ > "$dbpath/mongod.lock"; : > "$dbpath/WiredTiger.wt"; mkfifo "$dbpath/said"
sleep ${listensAfterSeconds}
'${standIn}' --host="$address" --port="$port" > "$dbpath/said" &
server=$!
trap 'kill -9 $server; rm "$dbpath/mongod.lock"; exit 0' INT TERM
read -r _ < "$dbpath/said"
: > "$dbpath/${LISTENING}"
log I NETWORK 23016 listener 'Waiting for connections' "{\\"port\\":$port,\\"ssl\\":\\"off\\"}"
wait
exit
`;
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, script + '#'.repeat(LEAST_BYTES));
  await chmod(file, 0o755);
}

/** A place that mongodb-memory-server downloads from, on 127.0.0.1, and what was asked of it. */
export interface Mirror {
  /** What a run's environment has to say for it to be asked. */
  readonly environment: Readonly<Record<string, string>>;
  readonly asked: readonly string[];
  /** Settles when it is asked for the first time. */
  readonly firstAsked: Promise<unknown>;
  /** Lets it answer, where it was told to keep its answers back. */
  answer(): void;
  stop(): Promise<void>;
}

/**
 * Serves an archive as MongoDB's are (a folder, in it `bin/mongod`), and its checksum.
 * @param options.bytes how many bytes of it are sent; all by default
 * @param options.isHeld whether answers are kept back until `answer` is called
 */
export async function startMirror(
  folder: string,
  standIn: string,
  options: { readonly bytes?: number; readonly isHeld?: boolean } = {},
): Promise<Mirror> {
  const scratch = await mkdtemp(join(folder, 'mirror-'));
  await writeMongod(join(scratch, 'mongodb-server', 'bin', 'mongod'), standIn);
  const archive = join(scratch, 'archive.tgz');
  await promisify(execFile)('tar', ['-czf', archive, '-C', scratch, 'mongodb-server']);
  const content = await readFile(archive);
  await rm(scratch, { recursive: true });
  const checksum = createHash('md5').update(content).digest('hex');
  const asked: string[] = [];
  const held = new EventEmitter();
  let isHeld = options.isHeld === true;
  const server = createServer(async (request, response) => {
    const path = request.url ?? '';
    asked.push(path);
    held.emit('asked');
    if (isHeld) await once(held, 'answer');
    const name = path.replace(/^.*\//, '').replace(/\.md5$/, '');
    response.end(path.endsWith('.md5') ? `${checksum}  ${name}\n` : content.subarray(0, options.bytes));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    environment: {
      MONGOMS_DOWNLOAD_MIRROR: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      MONGOMS_USE_HTTP: 'true',
    },
    asked,
    firstAsked: once(held, 'asked'),
    answer: () => {
      isHeld = false;
      held.emit('answer');
    },
    stop: async () => {
      await once(server.close(), 'close');
    },
  };
}
