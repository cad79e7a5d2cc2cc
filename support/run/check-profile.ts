import { SuiteError } from '../bytes/errors';
import { CANNOT_JUDGE } from '../process/run-guard';
import { describeProfile } from '../profile/describe-profile';
import { readProfile } from '../profile/read-profile';
import { requirementIds } from '../profile/requirement-ids';

/**
 * `npm run profile -- file.yaml`: checks the profile of a vault, and says in words what the suite will look
 * for. Exit code 0 for a profile that can be used, 2 for another.
 */
function main([file = process.env.VAULT_PROFILE]: readonly string[]): void {
  try {
    if (file === undefined || file === '') {
      throw new SuiteError('Name the profile: npm run profile -- profiles/okta.yaml.');
    }
    const lines = describeProfile(readProfile(file, requirementIds()));
    process.stdout.write(`${lines.join('\n')}\n`);
  } catch (error) {
    if (!(error instanceof SuiteError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = CANNOT_JUDGE;
  }
}

main(process.argv.slice(2));
