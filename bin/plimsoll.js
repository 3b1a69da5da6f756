#!/usr/bin/env node
// CommonJS, as bin/package.json says: Node starts it some milliseconds sooner than an ES module.
const { join } = require('node:path');
const { load } = require('./load.js');

const root = join(__dirname, '..');
const { main, processIo } = load(join(root, 'dist/cli.cjs'));

main(process.argv.slice(2), processIo(root)).then((code) => {
  process.exitCode = code;
});
