import { createMongoClient, createS3Client } from './clients';
import { messageOf } from './faults';
import { jsonLogger } from './logging';
import type { Infrastructure } from './parts';
import { readSettings, SettingsError, type VaultSettings } from './settings';
import { assembleVault, type Vault } from './vault';

type Assemble = (infrastructure: Infrastructure) => Pick<Vault, 'start' | 'stop'>;

/**
 * Runs a vault as this process, until SIGTERM or SIGINT. Exit code 2: the environment does not configure one;
 * 1: it cannot run. `assemble` makes another vault than the usual one.
 */
export function runVaultProcess(assemble: Assemble = assembleVault): void {
  run(assemble).catch((error: unknown) => {
    process.stderr.write(`The vault cannot run: ${messageOf(error)}\n`);
    process.exit(1);
  });
}

async function run(assemble: Assemble): Promise<void> {
  // The SDK would announce the end of Node 20 on stderr of every start.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
  const settings = settingsOrExit();
  const logger = jsonLogger((line) => process.stdout.write(line));
  const s3Client = createS3Client(settings);
  const mongoClient = createMongoClient(settings);
  const vault = assemble({ settings, s3Client, mongoClient, logger });

  let stopping = false;
  const stop = async (signal: NodeJS.Signals): Promise<void> => {
    // A terminal's Ctrl-C arrives twice: from the terminal and from npm.
    if (stopping) return;
    stopping = true;
    logger.info('stopping', { signal });
    await vault.stop();
    s3Client.destroy();
    await mongoClient.close();
    logger.info('stopped');
  };
  process.on('SIGTERM', (signal) => void stop(signal));
  process.on('SIGINT', (signal) => void stop(signal));

  const { baseUrl } = await vault.start();
  logger.info('listening', { base_url: baseUrl });
}

function settingsOrExit(): VaultSettings {
  try {
    return readSettings(process.env);
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(2);
  }
}
