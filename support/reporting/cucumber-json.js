require('ts-node/register');
module.exports = require('./cucumber-json.ts').CucumberJson;
