require('ts-node/register');
module.exports = require('./junit.ts').JunitReport;
