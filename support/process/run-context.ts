import { z } from 'zod';
import { SuiteError } from '../bytes/errors';

const shape = z.object({
  mode: z.enum(['embedded', 'wire']),
  /** Random per run, lower-case hex: part of every id. */
  runId: z.string().regex(/^[0-9a-f]{6}$/),
  /** What chance draws in this run follows from it. */
  seed: z.number(),
  defect: z.string().optional(),
  /** The profile in whose shape the vault in this process is. */
  shape: z.string().optional(),
  corpusFolder: z.string(),
  temporaryFolder: z.string(),
  /** An S3 that runs already, to stand behind the gate. */
  s3Upstream: z.string().optional(),
  /**
   * The time that an answer and a job may take, in milliseconds, leases apart; the environment's own patience
   * when absent.
   */
  patienceMs: z.number().optional(),
  mongo: z.object({ uri: z.string(), description: z.string(), kind: z.enum(['mongod', 'stand-in']) }),
});

/** The decisions that the coordinator took once for the whole run, and every worker has to know. */
export type RunContext = Readonly<z.infer<typeof shape>>;

/** The variable by which it reaches the workers; it is the suite's own and is not passed on to a vault. */
export const RUN_CONTEXT_VARIABLE = 'AUDIT_VAULT_SUITE_RUN';

export function publishRunContext(context: RunContext, environment: NodeJS.ProcessEnv = process.env): void {
  environment[RUN_CONTEXT_VARIABLE] = JSON.stringify(context);
}

/** @throws SuiteError when the coordinator plugin did not run. */
export function runContext(environment: NodeJS.ProcessEnv = process.env): RunContext {
  const text = environment[RUN_CONTEXT_VARIABLE];
  if (text === undefined) {
    throw new SuiteError(
      'The run was not prepared: start the suite with "npm run bdd", or keep the plugin entry in cucumber.js.',
    );
  }
  return shape.parse(JSON.parse(text));
}
