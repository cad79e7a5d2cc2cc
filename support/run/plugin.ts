import { randomBytes } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Envelope } from '@cucumber/messages';
import { readConfiguration } from '../environments/configuration';
import { startMongoServer } from '../metadata-store/mongo-server';
import { describeRun } from '../reporting/run-description';
import { publishRunContext } from './run-context';
import { RunGuard } from './run-guard';
import { Verdict } from './verdict';

interface CoordinatorContext {
  readonly operation: 'loadSources' | 'loadSupport' | 'runCucumber';
  readonly options: { readonly mode?: 'embedded' | 'wire' };
  on(event: 'message', handler: (envelope: Envelope) => void): void;
}

/**
 * Runs once, in the coordinator, around the whole run: reads the configuration, starts the one MongoDB, hands the run's context to
 * the workers, judges the messages and sets the exit code (design, idea 7).
 */
export const plugin = {
  type: 'plugin' as const,
  coordinator: async ({
    operation,
    options,
    on,
  }: CoordinatorContext): Promise<(() => Promise<void>) | undefined> => {
    if (operation !== 'runCucumber') return undefined;
    const guard = RunGuard.start();
    try {
      const configuration = readConfiguration(process.env, options.mode ?? 'embedded');
      const temporaryFolder = await mkdtemp(path.join(tmpdir(), 'audit-vault-'));
      guard.ownFolder(temporaryFolder);
      const mongo = await startMongoServer({
        ...(configuration.mongodbUri === undefined ? {} : { uri: configuration.mongodbUri }),
        temporaryFolder,
        announce: (line) => process.stderr.write(`${line}\n`),
      });
      guard.onEnd(() => mongo.stop());
      publishRunContext({
        mode: configuration.mode,
        runId: randomBytes(3).toString('hex'),
        defect: configuration.defect,
        corpusFolder: configuration.corpusFolder,
        temporaryFolder,
        mongo: { uri: mongo.uri, description: mongo.description, kind: mongo.kind },
      });
      describeRun({ mode: configuration.mode, mongo: mongo.description });
    } catch (error) {
      return await guard.cannotJudge(error);
    }
    const verdict = new Verdict();
    on('message', (envelope) => verdict.hear(envelope));
    // Cucumber sets its own exit code after the clean-up; what the suite means by it is said last.
    process.on('exit', () => {
      process.exitCode = verdict.exitCode();
    });
    return async () => await guard.end();
  },
};
