require('ts-node/register');

/** Ends a run before any worker starts where AUDIT_VAULT_DEFECT names no defect: each of them would say so. */
module.exports = {
  type: 'plugin',
  coordinator: () => {
    try {
      require('./catalogue').alterationNamed(process.env.AUDIT_VAULT_DEFECT);
    } catch (error) {
      if (error.name !== 'SuiteError') throw error;
      process.stderr.write(`The suite could not judge: ${error.message}\n`);
      process.exit(2);
    }
  },
};
