import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type IncomingMessage, get as request } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { SuiteError } from '../bytes/errors';
import { HttpListener } from '../faults/http-listener';

const BORROW_WITHIN_MS = 5_000;

const advertisement = z.object({ controlUrl: z.string(), token: z.string() });
const stores = z.object({
  s3Upstream: z.string(),
  mongo: z.object({ uri: z.string(), description: z.string(), kind: z.enum(['mongod', 'stand-in']) }),
});

/** The stores behind a running infra's gates. */
export type InfraStores = Readonly<z.infer<typeof stores>>;

/**
 * The things that a run borrows: the fixed ports, for as long as it holds the lease, and the stores behind
 * them.
 */
export interface InfraLease {
  readonly stores: InfraStores;
  /** Gives the ports back. */
  giveBack(): Promise<void>;
}

/**
 * Lends the fixed ports of a running `npm run infra` to a run of the suite: faults are armed where the mocks
 * live, so while the suite runs, the mocks behind those ports have to be its own. The lease ends with the
 * borrower's connection, however that ends.
 */
export class InfraLender {
  readonly #listener: HttpListener;
  readonly #file: string;

  private constructor(listener: HttpListener, file: string) {
    this.#listener = listener;
    this.#file = file;
  }

  /**
   * @param providerPort names the infra, so that a run finds the one whose ports it is configured for
   * @param lend frees the ports; @param takeBack listens on them again
   */
  static async open(
    providerPort: number,
    lend: () => Promise<InfraStores>,
    takeBack: () => Promise<void>,
  ): Promise<InfraLender> {
    const token = randomBytes(16).toString('hex');
    let lent = false;
    const listener = await HttpListener.open(
      "The infra's own control port",
      async ({ headers }, response, gone) => {
        if (headers.authorization !== `Bearer ${token}` || lent) {
          response.writeHead(lent ? 409 : 401).end();
          return;
        }
        lent = true;
        const ended = new Promise<void>((resolve) =>
          gone.addEventListener('abort', () => resolve(), { once: true }),
        );
        response
          .writeHead(200, { 'content-type': 'application/json' })
          .write(`${JSON.stringify(await lend())}\n`);
        await ended;
        await takeBack();
        lent = false;
      },
    );
    const file = advertisementFile(providerPort);
    writeFileSync(file, JSON.stringify({ controlUrl: listener.url, token }), { mode: 0o600 });
    return new InfraLender(listener, file);
  }

  async close(): Promise<void> {
    rmSync(this.#file, { force: true });
    await this.#listener.close();
  }
}

/**
 * Borrows the ports of an infra that runs on this machine; `undefined` when none does.
 * @throws SuiteError when another run holds them
 */
export async function borrowInfra(providerPort: number): Promise<InfraLease | undefined> {
  const file = advertisementFile(providerPort);
  if (!existsSync(file)) return undefined;
  const { controlUrl, token } = advertisement.parse(JSON.parse(readFileSync(file, 'utf8')));
  const response = await answerOf(controlUrl, token);
  if (response === undefined) return undefined;
  if (response.statusCode !== 200) {
    response.destroy();
    throw new SuiteError(
      `The running infra is in use by another run of the suite (it answers ${response.statusCode}): wait for that run to end.`,
    );
  }
  return {
    stores: stores.parse(JSON.parse(await firstLineOf(response))),
    giveBack: async () => {
      response.destroy();
    },
  };
}

/** The answer of the infra; `undefined` when nobody answers, as after an infra that was killed. */
async function answerOf(controlUrl: string, token: string): Promise<IncomingMessage | undefined> {
  return await new Promise((resolve) => {
    const asked = request(controlUrl, { headers: { authorization: `Bearer ${token}` }, agent: false });
    asked.setTimeout(BORROW_WITHIN_MS, () => asked.destroy());
    asked.once('response', (response) => {
      asked.setTimeout(0);
      resolve(response);
    });
    asked.once('error', () => resolve(undefined));
  });
}

async function firstLineOf(response: IncomingMessage): Promise<string> {
  return await new Promise((resolve, reject) => {
    let text = '';
    response.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes('\n')) resolve(text.slice(0, text.indexOf('\n')));
    });
    response.once('error', reject);
  });
}

function advertisementFile(providerPort: number): string {
  return path.join(tmpdir(), `audit-vault-infra-${providerPort}.json`);
}
