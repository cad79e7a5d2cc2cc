require('ts-node/register');
exports.strykerPlugins = require('./plugins').strykerPlugins;
