/**
 * Writes the compiled code of dist/cli.cjs beside it; see bin/load.js. The bundle lints two samples first, one with
 * mistakes and one without, so that the cache holds the functions that a run needs and no others: each that is missing is
 * compiled in every run.
 */
const { mkdirSync, mkdtempSync, rmSync, writeFileSync } = require('node:fs');
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
  'good/Dockerfile': `# The second stage has what runs alone.
ARG NODE_VERSION=24
FROM node:\${NODE_VERSION}-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN --mount=type=cache,target=/root/.npm npm ci
COPY . .
RUN npm run build

FROM node:24-slim
RUN apt-get update \\
  && apt-get install -y --no-install-recommends tini=0.19.0-1 \\
  && rm -rf /var/lib/apt/lists/*
WORKDIR /app
ENV NODE_ENV=production
COPY --from=build --chown=node:node /app/dist ./dist
USER node
EXPOSE 3000
HEALTHCHECK CMD ["node", "dist/health.js"]
CMD ["node", "dist/server.js"]
`,
};

const root = join(__dirname, '..');
const file = join(root, 'dist/cli.cjs');
const directory = mkdtempSync(join(tmpdir(), 'plimsoll-sample-'));
mkdirSync(join(directory, 'good'));
for (const [name, text] of Object.entries(SAMPLE)) writeFileSync(join(directory, name), text);
process.chdir(directory);
const { script, cache, exports: cli } = loadUncached(file);

cli
  .main(['Dockerfile', 'good/Dockerfile'], cli.processIo(root))
  .then(() => writeFileSync(cache, script.createCachedData()))
  .finally(() => {
    process.chdir(root);
    rmSync(directory, { recursive: true });
  });
