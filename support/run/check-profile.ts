import { SuiteError } from '../bytes/errors';
import { CANNOT_JUDGE } from '../process/run-guard';
import { describeProfile } from '../profile/describe-profile';
import { readProfile } from '../profile/read-profile';
import { requirementIds } from '../profile/requirement-ids';
import { tryProfile } from './profile-trial';
import { exampleListing } from './provider-example';
import { runStandalone } from './standalone';

const say = (line: string): boolean => process.stdout.write(`${line}\n`);

/**
 * `npm run profile -- file.yaml`: checks the profile of a vault, and says in words what the suite will look
 * for; where `VAULT_COMMAND` or `VAULT_BASE_URL` names a vault, has it ingest one log and says what is where
 * the profile says. Exit code 0 where all is, 1 where something is not, 2 for a profile that cannot be used.
 */
async function main([file = process.env.VAULT_PROFILE]: readonly string[]): Promise<void> {
  try {
    if (file === undefined || file === '') {
      throw new SuiteError('Name the profile: npm run profile -- profiles/okta.yaml.');
    }
    const profile = readProfile(file, requirementIds());
    for (const line of [...describeProfile(profile), '', ...exampleListing(profile.provider)]) say(line);
    process.env.VAULT_PROFILE = file;
  } catch (error) {
    if (!(error instanceof SuiteError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = CANNOT_JUDGE;
    return;
  }
  const { VAULT_COMMAND, VAULT_BASE_URL } = process.env;
  if ([VAULT_COMMAND, VAULT_BASE_URL].every((value) => (value ?? '') === '')) return;
  await runStandalone(() => ({ mode: 'wire', work: (environment) => tryProfile(environment, say) }));
}

void main(process.argv.slice(2));
