require('ts-node/register');
module.exports = require('./console-formatter.ts').ConsoleFormatter;
