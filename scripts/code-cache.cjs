/**
 * Writes the compiled code of dist/cli.cjs beside it; see bin/load.js. The bundle lints a sample first, so
 * that the cache holds the functions that a run needs and no others.
 */
const { mkdtempSync, rmSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { loadUncached } = require('../bin/load.js');

const SAMPLE = {
  Dockerfile: `FROM node:12
WORKDIR app
COPY . .
COPY package*.json missing ./
RUN apt-get update && apt-get install curl && \\
    npm install
ENV NODE_ENV=production PORT=8080
EXPOSE 8080
CMD npm start
`,
  '.dockerignore': 'node_modules\n',
  'package.json': '{"name":"sample","scripts":{"start":"node server.js"},"dependencies":{"express":"^4.17.1"}}',
  'server.js': 'require("express")().listen(8080);\n',
};

const root = join(__dirname, '..');
const file = join(root, 'dist/cli.cjs');
const directory = mkdtempSync(join(tmpdir(), 'plimsoll-sample-'));
for (const [name, text] of Object.entries(SAMPLE)) writeFileSync(join(directory, name), text);
process.chdir(directory);
const { script, cache, exports: cli } = loadUncached(file);

cli
  .main(['Dockerfile'], cli.processIo(root))
  .then(() => writeFileSync(cache, script.createCachedData()))
  .finally(() => {
    process.chdir(root);
    rmSync(directory, { recursive: true });
  });
