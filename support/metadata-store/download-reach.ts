import { Resolver } from 'node:dns/promises';
import { once } from 'node:events';
import { connect, isIP, type Socket } from 'node:net';
import { connect as secure } from 'node:tls';

type Environment = Readonly<Record<string, string | undefined>>;

const DOWNLOAD_HOST = 'https://fastdl.mongodb.org';
/** The variables mongodb-memory-server takes a proxy from, in its order. */
const PROXY_VARIABLES = [
  'yarn_https-proxy',
  'yarn_proxy',
  'npm_config_https-proxy',
  'npm_config_proxy',
  'https_proxy',
  'http_proxy',
  'HTTPS_PROXY',
  'HTTP_PROXY',
];

/**
 * Asks, within twice `limitMs` at the very most, whether the host that mongodb-memory-server downloads from
 * can be reached (its mirror and proxy variables are honoured). One limit is for name and connection, which
 * is where being offline or behind a silent firewall shows; the other for the TLS or proxy greeting.
 * @returns undefined if it can, otherwise the reason in a few words. Never throws.
 */
export async function whyDownloadIsOutOfReach(
  environment: Environment,
  limitMs = 400,
): Promise<string | undefined> {
  const source = environment.MONGOMS_DOWNLOAD_URL || environment.MONGOMS_DOWNLOAD_MIRROR || DOWNLOAD_HOST;
  const proxy = PROXY_VARIABLES.map((name) => environment[name]).find((value) => value);
  if (!URL.canParse(source) || (proxy !== undefined && !URL.canParse(proxy))) {
    return 'the address of the download mirror or of the proxy is not a URL';
  }
  const target = new URL(source);
  const via = proxy === undefined ? target : new URL(proxy);
  const opened: Socket[] = [];
  try {
    const limit = AbortSignal.timeout(limitMs);
    const socket = connect({ host: await addressOf(hostName(via), limit), port: portOf(via) });
    opened.push(keepQuiet(socket));
    await once(socket, 'connect', { signal: limit });
    await greet(socket, via, proxy === undefined ? undefined : target, AbortSignal.timeout(limitMs), opened);
    return undefined;
  } catch (error) {
    return `${via.host} cannot be reached (${reasonOf(error)})`;
  } finally {
    for (const socket of opened) socket.destroy();
  }
}

/** An open port alone proves little: captive portals and filtering proxies have one too. */
async function greet(
  plain: Socket,
  via: URL,
  behindProxy: URL | undefined,
  limit: AbortSignal,
  opened: Socket[],
): Promise<void> {
  let socket = plain;
  if (via.protocol === 'https:') {
    const name = hostName(via);
    socket = secure({ socket: plain, ...(isIP(name) === 0 ? { servername: name } : {}) });
    opened.push(keepQuiet(socket));
    await once(socket, 'secureConnect', { signal: limit });
  }
  if (behindProxy === undefined) return;
  const authority = `${hostName(behindProxy)}:${portOf(behindProxy)}`;
  const credentials = decodeURIComponent(`${via.username}:${via.password}`);
  const authorization =
    credentials === ':'
      ? ''
      : `Proxy-Authorization: Basic ${Buffer.from(credentials).toString('base64')}\r\n`;
  socket.write(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n${authorization}\r\n`);
  const [answer] = (await once(socket, 'data', { signal: limit })) as [Buffer];
  const status = /^HTTP\/1\.\d (\d{3})/.exec(answer.toString('latin1'))?.[1];
  if (status !== '200') throw new Error(`the proxy answered ${status ?? 'nonsense'}`);
}

/**
 * Looks a name up without getaddrinfo, which cannot be interrupted: while a name server stays silent, it
 * holds even process.exit() back for ten seconds. Only where DNS answers at once that it does not know the
 * name is getaddrinfo left to try, for names from /etc/hosts.
 */
async function addressOf(name: string, limit: AbortSignal): Promise<string> {
  if (isIP(name) !== 0 || name === 'localhost') return name;
  const resolver = new Resolver();
  const giveUp = (): void => resolver.cancel();
  limit.addEventListener('abort', giveUp, { once: true });
  try {
    return (await resolver.resolve4(name))[0] ?? name;
  } catch (error) {
    limit.throwIfAborted();
    if (codeOf(error) === 'ETIMEOUT') throw error;
    return name;
  } finally {
    limit.removeEventListener('abort', giveUp);
  }
}

function keepQuiet<T extends Socket>(socket: T): T {
  // What matters is reported by the awaited events; a later error must not end the process.
  return socket.on('error', () => undefined);
}

function hostName(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '');
}

function portOf(url: URL): number {
  return Number(url.port) || (url.protocol === 'http:' ? 80 : 443);
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}

function reasonOf(error: unknown): string {
  if (error instanceof Error && (error.name === 'AbortError' || error.name === 'TimeoutError')) {
    return 'no answer in time';
  }
  return codeOf(error) ?? (error instanceof Error ? error.message : String(error));
}
