import { parseArgs } from 'node:util';
import type { Environment } from '../../support/environments/environment';
import type { VaultUnderTest } from '../../support/environments/vault-under-test';
import { runStandalone } from '../../support/run/standalone';
import { Exploration, failureLines } from '../explore/exploration';
import { readExploreOptions } from '../explore/options';

/** So short a queue, a place for so many programs, that it is full now and then. */
const QUEUE_SHARE = 8;

const say = (line: string): boolean => process.stdout.write(`${line}\n`);

/**
 * `npm run load`: generated programs, so many at once (`--concurrency`), against so many vaults on the same
 * stores (`--vaults`); how long answers took, which share was refused, and how much was done. Promises are
 * judged as `npm run explore` does.
 */
async function measure(environment: Environment, args: readonly string[], vaults: number): Promise<boolean> {
  const missing = vaults > 1 ? environment.lacks('mongod') : undefined;
  if (missing !== undefined) {
    say(`${vaults} vaults are left out: ${missing}`);
    return true;
  }
  const options = readExploreOptions(args);
  if (options.concurrency > 1 && environment.lacks('settings') === undefined) {
    await environment.health.runWith({ queueLimit: Math.ceil(options.concurrency / QUEUE_SHARE) });
  }
  const peers = await Promise.all(Array.from({ length: vaults - 1 }, () => environment.vault.startPeer()));
  try {
    const exploration = new Exploration(
      { ...environment, vault: takingTurns(environment.vault, peers) },
      options,
    );
    const failure = await exploration.run();
    say(`${vaults === 1 ? 'one vault' : `${vaults} vaults`}, ${options.concurrency} programs at once:`);
    for (const line of exploration.tally.lines()) say(`  ${line}`);
    if (failure !== undefined) for (const line of failureLines(failure, options)) say(`  ${line}`);
    return failure === undefined;
  } finally {
    await Promise.all(peers.map((peer) => peer.stop()));
  }
}

/** A vault whose address is another one's each time it is asked for, as behind a load balancer. */
function takingTurns(vault: VaultUnderTest, peers: readonly VaultUnderTest[]): VaultUnderTest {
  if (peers.length === 0) return vault;
  const all = [vault, ...peers];
  let turn = 0;
  return new Proxy(vault, {
    get: (target, name) => {
      if (name === 'baseUrl') {
        turn += 1;
        return all[turn % all.length]?.baseUrl;
      }
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

void runStandalone(() => {
  const { values } = parseArgs({
    options: {
      seconds: { type: 'string', default: '10' },
      concurrency: { type: 'string', default: '8' },
      vaults: { type: 'string', default: '1' },
      wire: { type: 'boolean', default: false },
    },
  });
  const args = ['--seed', '1', '--duration', values.seconds, '--concurrency', values.concurrency];
  return {
    mode: values.wire ? 'wire' : 'embedded',
    work: (environment) =>
      measure(environment, [...args, ...(values.wire ? ['--wire'] : [])], Number(values.vaults)),
  };
});
