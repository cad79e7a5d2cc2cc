require('ts-node/register');
module.exports = require('./console.ts').ConsoleReport;
