import { SuiteError } from '../bytes/errors';

/** A TCP endpoint. */
export interface HostAndPort {
  readonly host: string;
  readonly port: number;
}

interface ParsedUri {
  /** Everything up to the hosts, credentials included: `mongodb://user:secret@`. */
  readonly head: string;
  readonly target: HostAndPort;
  readonly database: string;
  readonly options: readonly string[];
}

const MONGODB_DEFAULT_PORT = 27017;
const SHAPE =
  /^(?<head>mongodb:\/\/(?:[^@/?]*@)?)(?<hosts>[^@/?]+)(?:\/(?<database>[^@?]*))?(?:\?(?<options>[^@]*))?$/;

/**
 * The address in a MongoDB URI with everything that may be a secret left out: credentials, and the options,
 * which can hold tokens and passphrases too. Works on malformed URIs, for it is used to complain about them.
 */
export function redactedUri(uri: string): string {
  const scheme = /^[\w+]+:\/\//.exec(uri)?.[0] ?? '';
  // The last "@", because an unescaped password may hold "@", "/" or "?" itself.
  const afterCredentials = uri.slice(scheme.length).split('@').at(-1) ?? '';
  return scheme + (/^[^/?]*/.exec(afterCredentials)?.[0] ?? '');
}

/**
 * Returns the host and port that a MongoDB URI leads to, for the gate in front of it.
 * @throws SuiteError if the URI does not name exactly one host
 */
export function hostOf(uri: string): HostAndPort {
  return parse(uri).target;
}

/**
 * The same URI with a direct connection: the driver stays on that host instead of moving to the ones that a
 * replica set advertises, which would lead it past the gate (contract section 7).
 * @throws SuiteError if the URI does not name exactly one host
 */
export function directUri(uri: string): string {
  const parsed = parse(uri);
  return compose(parsed, parsed.target, []);
}

/**
 * The URI a vault is given so that it speaks to MongoDB through a gate: host and port replaced, credentials,
 * database and options kept, direct connection demanded.
 * @param gateHost the name under which the vault reaches the gate
 * @throws SuiteError if the URI does not name exactly one host
 */
export function uriThroughGate(uri: string, gatePort: number, gateHost = '127.0.0.1'): string {
  const parsed = parse(uri);
  const usesTls = parsed.options.some((option) => /^(tls|ssl)=true$/i.test(option));
  // The certificate names MongoDB, not the gate: its chain is still checked, its host name cannot be.
  const forTls = usesTls ? ['tlsAllowInvalidHostnames=true'] : [];
  return compose(parsed, { host: gateHost, port: gatePort }, forTls);
}

function parse(uri: string): ParsedUri {
  if (/^mongodb\+srv:/i.test(uri)) {
    throw new SuiteError(
      `MONGODB_URI ${redactedUri(uri)} finds its hosts by DNS, past the gate: give one host as mongodb://host:port instead.`,
    );
  }
  const groups = SHAPE.exec(uri)?.groups;
  if (groups === undefined) {
    throw new SuiteError(
      `MONGODB_URI ${redactedUri(uri)} is not a MongoDB URI: expected mongodb://[user:password@]host[:port][/…][?…], the user and password percent-encoded.`,
    );
  }
  const hosts = groups.hosts ?? '';
  if (hosts.includes(',')) {
    throw new SuiteError(
      `MONGODB_URI ${redactedUri(uri)} names several hosts, and the gate stands in front of one: name only the primary.`,
    );
  }
  const options = (groups.options ?? '').split('&').filter((option) => option !== '');
  if (options.some((option) => /^loadBalanced=true$/i.test(option))) {
    throw new SuiteError(
      `MONGODB_URI ${redactedUri(uri)} says loadBalanced=true, which rules out the direct connection that the gate needs: name one server.`,
    );
  }
  return {
    head: groups.head ?? '',
    target: hostAndPort(hosts, uri),
    database: groups.database ?? '',
    options: options.filter((option) => !/^directConnection=/i.test(option)),
  };
}

function hostAndPort(text: string, uri: string): HostAndPort {
  const groups = /^(?:\[(?<v6>[\da-f:.]+)\]|(?<name>[^:[\]%]+))(?::(?<port>\d{1,5}))?$/i.exec(text)?.groups;
  const host = groups?.v6 ?? groups?.name;
  const port = Number(groups?.port ?? MONGODB_DEFAULT_PORT);
  if (host === undefined || port < 1 || port > 65_535) {
    throw new SuiteError(
      `MONGODB_URI ${redactedUri(uri)} does not name a host and a port that the gate can stand in front of: use mongodb://host:port.`,
    );
  }
  return { host, port };
}

function compose(parsed: ParsedUri, target: HostAndPort, added: readonly string[]): string {
  const host = target.host.includes(':') ? `[${target.host}]` : target.host;
  const addedNames = added.map((option) => option.split('=')[0]?.toLowerCase());
  const kept = parsed.options.filter((option) => !addedNames.includes(option.split('=')[0]?.toLowerCase()));
  const options = [...kept, ...added, 'directConnection=true'].join('&');
  return `${parsed.head}${host}:${target.port}/${parsed.database}?${options}`;
}
