import { type Configuration, readConfiguration } from '../environments/configuration';
import { openWireEnds, type WireEnds } from '../environments/wire-ends';
import { startFauxqs } from '../object-store/fauxqs-server';
import { RunGuard } from '../process/run-guard';
import { InfraLender } from './infra-lease';
import { type OwnGround, openOwnGround } from './own-ground';

/**
 * `npm run infra`: the provider, S3 and MongoDB ends on their fixed ports, for a vault that someone else
 * runs, until Ctrl-C (contract, section 7). Prints the vault's environment, ready to paste; with `--json`,
 * for machines.
 */
async function main(): Promise<void> {
  // The SDK would announce the end of Node 20 at every start.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  const guard = RunGuard.start();
  try {
    const configuration = readConfiguration({ ...process.env, VAULT_COMMAND: undefined }, 'wire');
    const { mongo } = await openOwnGround(guard, 'infra', configuration.mongodbUri);
    const fauxqs = configuration.s3Upstream === undefined ? await startFauxqs() : undefined;
    if (fauxqs !== undefined) guard.onEnd(() => fauxqs.stop());
    await serve(guard, configuration, mongo, fauxqs?.endpoint ?? configuration.s3Upstream ?? '');
  } catch (error) {
    await guard.cannotJudge(error);
  }
}

async function serve(
  guard: RunGuard,
  configuration: Configuration,
  mongo: OwnGround['mongo'],
  s3Upstream: string,
): Promise<void> {
  const open = async (): Promise<WireEnds> =>
    await openWireEnds({
      configuration,
      run: 'npm run infra',
      mongo,
      s3Upstream,
      atFixedPorts: true,
    });
  let ends = await open();
  guard.onEnd(() => ends.close());
  const lender = await InfraLender.open(
    configuration.providerPort,
    async () => {
      await ends.close();
      return { s3Upstream, mongo };
    },
    async () => {
      ends = await open();
    },
  );
  guard.onEnd(() => lender.close());
  print(ends.vaultEnvironment(configuration.vault, vaultPortOf(configuration)));
}

/** Secrets that somebody gave the infra are theirs: they are named, not shown. */
const SECRETS = ['PROVIDER_API_KEY', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'MONGODB_URI'] as const;

function print(whole: Readonly<Record<string, string>>): void {
  const withheld = SECRETS.filter(
    (name) => process.env[name] !== undefined && process.env[name] !== '' && hasSecret(name),
  );
  const environment = Object.fromEntries(
    Object.entries(whole).filter(([name]) => !withheld.some((secret) => secret === name)),
  );
  if (process.argv.includes('--json')) {
    process.stdout.write(`${JSON.stringify(environment)}\n`);
    return;
  }
  const lines = [
    ...Object.entries(environment).map(
      ([name, value]) => `export ${name}='${value.replaceAll("'", "'\\''")}'`,
    ),
    ...withheld.map((name) => `# ${name}: as you gave it to the infra (not shown)`),
  ];
  process.stdout.write(
    `# The environment of your vault. Start it with this, then run "npm run bdd:wire" in another terminal.\n${lines.join('\n')}\n# Ctrl-C ends it.\n`,
  );
}

function hasSecret(name: (typeof SECRETS)[number]): boolean {
  return name !== 'MONGODB_URI' || /\/\/[^/]*@/.test(process.env[name] ?? '');
}

function vaultPortOf({ target }: Configuration): number {
  return 'baseUrl' in target ? Number(new URL(target.baseUrl).port || 80) : 8080;
}

void main();
