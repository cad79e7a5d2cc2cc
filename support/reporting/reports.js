// Cucumber imports plugins before it loads requireModule, so this one brings ts-node along.
require('ts-node/register');
module.exports = require('./reports-plugin.ts').plugin;
