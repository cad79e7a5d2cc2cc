require('ts-node/register');
module.exports = require('./rerun-list.ts').RerunList;
