require('ts-node/register');
module.exports = require('./conformance-page.ts').ConformancePage;
