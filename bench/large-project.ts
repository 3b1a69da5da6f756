import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface ProjectSize {
  /** Source files, which the build is sent. */
  readonly sources: number;
  readonly directories: number;
  /** Files below `node_modules`, which is ignored. */
  readonly modules: number;
}

/** A Node.js project with a lockfile, as large as monorepos get; its Dockerfile copies all of it. */
export const DOCKERFILE = `FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci
COPY . .
RUN npm run build

FROM node:24-slim
WORKDIR /app
ENV NODE_ENV=production
COPY package.json package-lock.json ./
RUN npm ci --omit=dev
COPY . .
COPY --from=build /app/dist ./dist
USER node
EXPOSE 3000
CMD ["node", "dist/server.js"]
`;

const IGNORED = `node_modules
**/node_modules
.git
**/*.log
.env*
!.env.example
coverage
**/*.test.snap
dist
`;

/** Writes the project; where all sizes are 0 there is the Dockerfile and nothing else. */
export function writeProject(root: string, { sources, directories, modules }: ProjectSize): void {
  mkdirSync(root, { recursive: true });
  writeFileSync(join(root, 'Dockerfile'), DOCKERFILE);
  if (sources === 0) return;
  writeFileSync(join(root, '.dockerignore'), IGNORED);
  writeFileSync(join(root, '.gitignore'), 'node_modules/\ndist/\n*.log\n.env\n');
  const dependencies = Object.fromEntries(Array.from({ length: 60 }, (_, at) => [`package-${at}`, '^1.0.0']));
  const manifest = {
    name: 'large',
    version: '1.0.0',
    private: true,
    scripts: { build: 'tsc', start: 'node dist/server.js' },
    dependencies,
  };
  writeFileSync(join(root, 'package.json'), JSON.stringify(manifest, null, 2));
  writeFileSync(join(root, 'package-lock.json'), lockfile(manifest.name, dependencies));
  const names = Array.from({ length: directories }, (_, at) => `src/area-${at % 30}/part-${at % 300}/unit-${at}`);
  for (const name of names) mkdirSync(join(root, name), { recursive: true });
  for (let at = 0; at < sources; at++) {
    const kind = ENDINGS[at % ENDINGS.length];
    writeFileSync(join(root, names[at % names.length] ?? '.', `file-${at}${kind}`), `export const value = ${at};\n`);
  }
  for (let at = 0; at < modules; at++) {
    const directory = join(root, 'node_modules', `package-${at % 800}`, 'lib');
    if (at < 800) mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, `file-${at}.js`), '');
  }
}

const ENDINGS = ['.ts', '.tsx', '.test.ts', '.css', '.json', '.md', '.svg'];

function lockfile(name: string, dependencies: Readonly<Record<string, string>>): string {
  const packages: Record<string, unknown> = { '': { name, version: '1.0.0', dependencies } };
  for (let at = 0; at < 1500; at++) {
    packages[`node_modules/package-${at}`] = {
      version: '1.0.0',
      resolved: `https://registry.npm.example/package-${at}/-/package-${at}-1.0.0.tgz`,
      license: 'MIT',
    };
  }
  return JSON.stringify({ name, version: '1.0.0', lockfileVersion: 3, requires: true, packages }, null, 2);
}
