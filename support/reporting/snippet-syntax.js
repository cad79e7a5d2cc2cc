require('ts-node/register');
module.exports = require('./snippet-syntax.ts').HouseSnippetSyntax;
