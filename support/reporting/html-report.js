require('ts-node/register');
module.exports = require('./html-report.ts').HtmlReport;
