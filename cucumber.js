require('ts-node/register');

const reports = process.env.AUDIT_VAULT_REPORTS ?? 'reports';

const common = {
  requireModule: ['ts-node/register'],
  require: ['support/parameter-types.ts', 'support/hooks.ts', 'step-definitions/**/*.ts'],
  plugin: ['./support/run/plugin.js'],
  format: [
    'pretty',
    ['html', `${reports}/cucumber.html`],
    ['json', `${reports}/cucumber.json`],
    ['junit', `${reports}/junit.xml`],
    ['message', `${reports}/messages.ndjson`],
  ],
  formatOptions: { snippetInterface: 'async-await' },
};

module.exports = {
  default: { ...common, pluginOptions: { mode: 'embedded' } },
  wire: { ...common, pluginOptions: { mode: 'wire' } },
};
