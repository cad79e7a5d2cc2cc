require('ts-node/register');

// The AWS SDK would announce the end of Node 20 at every start.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

// The reference vault with a bug in it, to prove that the suite sees it.
const hasDefect = Boolean(process.env.AUDIT_VAULT_DEFECT);

const common = {
  requireModule: ['ts-node/register'],
  require: [
    'support/parameter-types.ts',
    'support/hooks.ts',
    'step-definitions/**/*.ts',
    ...(hasDefect ? ['proving/defects/provide.ts'] : []),
  ],
  plugin: [
    ...(hasDefect ? ['./proving/defects/known-defect.js'] : []),
    './support/reporting/reports.js',
    './support/run/plugin.js',
  ],
  format: ['./support/reporting/console-formatter.js'],
  formatOptions: { snippetInterface: 'async-await', snippetSyntax: './support/reporting/snippet-syntax.js' },
};

module.exports = {
  default: { ...common, pluginOptions: { mode: 'embedded' } },
  wire: { ...common, pluginOptions: { mode: 'wire' } },
};
