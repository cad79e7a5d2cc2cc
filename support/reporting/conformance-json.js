require('ts-node/register');
module.exports = require('./conformance-json.ts').ConformanceJson;
