import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { generateTools } from '../scripts/generate-tools.js';
import { parseScript } from '../src/shell/parse.js';
import { findTool } from '../src/shell/tools.js';
import type { Command } from '../src/shell/types.js';

const facts = fileURLToPath(new URL('../../shared/data/tools.json', import.meta.url));
const hasFacts = existsSync(facts);
if (!hasFacts) console.warn('skipped: ../shared/data/tools.json is not there');

function command(text: string): Command {
  const [first] = parseScript({ text, offset: 0 }, 'sh').commands;
  if (!first) throw new Error(`no command in ${text}`);
  return first;
}

/** `tool: subcommand -flag=value -unknown? | operand, operand`. */
function render(text: string): string {
  const { tool, subcommand, flags, operands } = command(text);
  const words = flags.map(
    (flag) => flag.name + (flag.value === null ? '' : `=${flag.value}`) + (flag.unknown ? '?' : ''),
  );
  const head = [`${tool}:`, ...(subcommand === null ? [] : [subcommand === '' ? '""' : subcommand]), ...words];
  return [...head, ...(operands.length > 0 ? [`| ${operands.map((word) => word.value).join(', ')}`] : [])].join(' ');
}

const CASES: readonly (readonly [text: string, expected: string])[] = [
  // npm
  ['npm i', 'npm: install'],
  ['npm ic', 'npm: ci'],
  ['npm isntall -D x', 'npm: install -D | x'],
  ['npm clean-install --omit=dev', 'npm: ci --omit=dev'],
  ['npm --prefix DIR ci', 'npm: ci --prefix=DIR'],
  ['npm ci --prefix DIR --no-audit', 'npm: ci --prefix=DIR --no-audit'],
  ['npm ci --only production', 'npm: ci --only=production'],
  ['npm i --production true x', 'npm: install --production=true | x'],
  ['npm i --production x', 'npm: install --production | x'],
  ['npm i -gf x@1', 'npm: install -g -f | x@1'],
  ['npm i --loglevel warn -C dir', 'npm: install --loglevel=warn -C=dir'],
  ['npm i --not-a-flag x', 'npm: install --not-a-flag? | x'],
  ['npm config set registry x', 'npm: config set | registry, x'],
  ['npm c set a b', 'npm: config set | a, b'],
  ['npm cache clear --force', 'npm: cache clean --force'],
  ['npm run build -- --prod', 'npm: run | build, --prod'],
  ['npm run build --prefix client', 'npm: run --prefix=client | build'],
  ['npm', 'npm:'],
  ['npm $CMD', 'npm: | $CMD'],
  // yarn
  ['yarn', 'yarn: ""'],
  ['yarn --frozen-lockfile --production', 'yarn: "" --frozen-lockfile --production'],
  ['yarn --immutable', 'yarn: "" --immutable'],
  ['yarn install --production=true --cache-folder /x', 'yarn: install --production=true --cache-folder=/x'],
  ['yarn --cwd app install', 'yarn: install --cwd=app'],
  ['yarn global add x@1', 'yarn: global add | x@1'],
  ['yarn workspaces focus --production', 'yarn: workspaces focus --production'],
  ['yarn build --prod', 'yarn: | build, --prod'],
  ['yarn cache clean', 'yarn: cache clean'],
  // pnpm, bun
  ['pnpm i --frozen-lockfile --prod', 'pnpm: install --frozen-lockfile --prod'],
  ['pnpm --filter web -r build', 'pnpm: --filter=web -r | build'],
  ['pnpm add -g x', 'pnpm: add -g | x'],
  ['pnpm store prune', 'pnpm: store prune'],
  ['bun i --production', 'bun: install --production'],
  ['bun run dev --port 3', 'bun: run | dev, --port, 3'],
  ['bun a.ts --x', 'bun: | a.ts, --x'],
  // pip, uv, poetry, conda
  ['pip install --no-cache-dir -r req.txt x==1', 'pip: install --no-cache-dir -r=req.txt | x==1'],
  ['pip3.11 install -rreq.txt -e .', 'pip: install -r=req.txt -e=.'],
  ['pip install -qU --index-url https://x a b', 'pip: install -q -U --index-url=https://x | a, b'],
  ['pip --no-cache-dir install --upgr pip', 'pip: install --no-cache-dir --upgr? | pip'],
  ['pip install --index-u x', 'pip: install --index-url=x'],
  ['python3 -m pip install x', 'pip: install | x'],
  ['uv pip install --system -r req.txt', 'uv: pip install --system -r=req.txt'],
  ['uv sync --frozen --no-dev', 'uv: sync --frozen --no-dev'],
  ['poetry install --no-root --only main', 'poetry: install --no-root --only=main'],
  ['conda install -yc conda-forge x', 'conda: install -y -c=conda-forge | x'],
  ['conda clean -afy', 'conda: clean -a -f -y'],
  // gem, bundle
  ['gem install rails -v 7 --no-document', 'gem: install -v=7 --no-document | rails'],
  ['gem inst rails', 'gem: install | rails'],
  ['bundle', 'bundle: ""'],
  ['bundle install --without dev test --jobs 4', 'bundle: install --without=dev --jobs=4'],
  ['bundle config set --local without dev', 'bundle: config set --local | without, dev'],
  // go, cargo, java, node
  ["go build -ldflags='-s -w' -o /x ./cmd", 'go: build -ldflags=-s -w -o=/x | ./cmd'],
  ['go build --trimpath -mod vendor .', 'go: build -trimpath -mod=vendor | .'],
  ['go mod download', 'go: mod download'],
  ['go run . -x', 'go: run | ., -x'],
  ['go install a@latest', 'go: install | a@latest'],
  ['cargo install --version 1 x', 'cargo: install --version=1 | x'],
  ['cargo +nightly build --release', 'cargo: build --release | +nightly'],
  ['java -Xmx1g -Dx=y -jar app.jar --x', 'java: -Xmx1g -Dx=y -jar=app.jar | --x'],
  ['node --max-old-space-size=1 -r ./x a.js --port 3', 'node: --max-old-space-size=1 -r=./x | a.js, --port, 3'],
  // curl, wget, git, tar, unzip
  ['curl -fsSLo /x https://y', 'curl: -f -s -S -L -o=/x | https://y'],
  ['curl -o- --retry 3 -H "A: b" x', 'curl: -o=- --retry=3 -H=A: b | x'],
  ['wget -qO- x', 'wget: -q -O=- | x'],
  ['wget -nv --output-document=/x y', 'wget: -nv --output-document=/x | y'],
  ['git -C dir clone --depth 1 -b v1 url to', 'git: clone -C=dir --depth=1 -b=v1 | url, to'],
  ['git -c a=b submodule update --init', 'git: submodule update -c=a=b --init'],
  ['tar xzf a.tgz -C /x', 'tar: -x -z -f=a.tgz -C=/x'],
  ['tar -xzf - --strip-components=1', 'tar: -x -z -f=- --strip-components=1'],
  ['tar -C /x -xf a', 'tar: -C=/x -x -f=a'],
  ['unzip -q a.zip -d /x', 'unzip: -q -d=/x | a.zip'],
  // Package managers of distributions.
  ['apt-get install -yqq --no-install-recommends a=1', 'apt-get: install -y -q -q --no-install-recommends | a=1'],
  ['apt-get -t=sid install a', 'apt-get: install -t=sid | a'],
  ['apt-get install -t sid a', 'apt-get: install -t=sid | a'],
  ['apt-get install -o Dpkg::Options::=x a', 'apt-get: install -o=Dpkg::Options::=x | a'],
  ['apt-get install -oDpkg::Use-Pty=0 a', 'apt-get: install -o=Dpkg::Use-Pty=0 | a'],
  ['apt-get -q=2 -y install a', 'apt-get: install -q=2 -y | a'],
  ['apt-get install --yes a', 'apt-get: install --yes | a'],
  ['apt install --no-install-suggests a', 'apt: install --no-install-suggests | a'],
  ['apk add --no-cache --virtual .deps gcc', 'apk: add --no-cache --virtual=.deps | gcc'],
  ['apk --no-cache add -t .deps gcc', 'apk: add --no-cache -t=.deps | gcc'],
  ['apk add -U -X https://x a~=1', 'apk: add -U -X=https://x | a~=1'],
  ['dnf -y --setopt=tsflags=nodocs install a', 'dnf: install -y --setopt=tsflags=nodocs | a'],
  ['dnf5 in -y a', 'dnf: install -y | a'],
  ['yum groupinstall -y X', 'yum: group install -y | X'],
  ['yum install -y --nogpgcheck a', 'yum: install -y --nogpgcheck | a'],
  ['microdnf install -y --nodocs a', 'microdnf: install -y --nodocs | a'],
  ['zypper -n in -y --no-recommends a', 'zypper: install -n -y --no-recommends | a'],
  ['pacman -Syu --noconfirm a', 'pacman: sync -S -y -u --noconfirm | a'],
  // Users and files.
  ['useradd -rm -u 1000 -s /bin/sh bob', 'useradd: -r -m -u=1000 -s=/bin/sh | bob'],
  ['useradd -mrsl /bin/sh bob', 'useradd: -m -r -s=l | /bin/sh, bob'],
  ['adduser -DH -h /x -G g bob', 'adduser: -D -H -h=/x -G=g | bob'],
  ['adduser --disabled-password --gecos "" bob', 'adduser: --disabled-password --gecos= | bob'],
  ['addgroup -S -g 1 x', 'addgroup: -S -g=1 | x'],
  ['chmod -x f', 'chmod: | -x, f'],
  ['chmod -R +x f', 'chmod: -R | +x, f'],
  ['install -Dm755 a /b', 'install: -D -m=755 | a, /b'],
  ['rm -rf -- -x', 'rm: -r -f | -x'],
  ['env', 'env:'],
  // No table.
  ['foo -ab --x=y --z w -- -v', 'null: -ab? --x=y? --z? | w, -v'],
];

describe('the option tables', () => {
  it.each(CASES)('%s', (text, expected) => {
    expect(render(text)).toBe(expected);
  });

  it('keeps the name as written and tells which table was used', () => {
    expect([command('/usr/bin/pip3 list').name, command('/usr/bin/pip3 list').tool]).toEqual(['pip3', 'pip']);
    expect([command('python3.12 -m pip list').name, command('python3.12 -m pip list').tool]).toEqual(['pip', 'pip']);
  });

  it.each([
    ['pip3.11', 'pip'],
    ['pip-3', 'pip'],
    ['dnf5', 'dnf'],
    ['nodejs', 'node'],
    ['bundler', 'bundle'],
    ['micromamba', 'conda'],
    ['composer.phar', 'composer'],
    ['npm.cmd', 'npm'],
  ])('reads %s by the table of %s', (program, table) => {
    expect(findTool(program)?.name).toBe(table);
  });

  it.each(['', 'constructor', '__proto__', 'nothing', 'yarn-berry'])('has no table for %j', (program) => {
    expect(findTool(program)).toBeNull();
  });

  it('knows whether a value is literal', () => {
    const [flag, other] = command('curl -o "$X" -H a x').flags;
    expect([flag?.literal, other?.literal]).toEqual([false, true]);
  });
});

describe.skipIf(!hasFacts)('generate-tools', () => {
  it('makes the committed file of the facts', () => {
    const committed = readFileSync(new URL('../src/data/tools.json', import.meta.url), 'utf8');
    expect(generateTools(readFileSync(facts, 'utf8'))).toBe(committed);
  });

  it('has a table for every tool of the facts', () => {
    const names = Object.keys(JSON.parse(readFileSync(facts, 'utf8'))).filter(
      (name) => name !== '_meta' && name !== 'yarn-berry',
    );
    expect(names.length).toBeGreaterThan(90);
    expect(names.filter((name) => findTool(name) === null)).toEqual([]);
  });
});
