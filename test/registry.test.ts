import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parseImageReference } from '../src/dockerfile/image-reference.js';
import { offersPlatform } from '../src/facts/base-platforms.js';
import { createRegistryClient, type PublishedImage } from '../src/registry/client.js';
import { plimsoll } from './support/cli.js';

const DIGEST = `sha256:${'a'.repeat(64)}`;
const INDEX = {
  manifests: [
    { platform: { os: 'linux', architecture: 'amd64' } },
    { platform: { os: 'linux', architecture: 'arm64', variant: 'v8' } },
    { platform: { os: 'unknown', architecture: 'unknown' } },
  ],
};

/** Asked paths, in order; `+` where a token came with it. */
let asked: string[] = [];
let host = '';

/** A registry on this machine that hands tokens out to everyone. */
const server = createServer((request, response) => {
  const url = new URL(request.url ?? '/', `http://${host}`);
  asked.push(`${url.pathname}${request.headers.authorization === 'Bearer t0ken' ? '+' : ''}`);
  answer(url, request, response);
});

function answer(url: URL, request: IncomingMessage, response: ServerResponse): void {
  const json = (value: unknown) => response.end(JSON.stringify(value));
  const redirect = (location: string) => response.writeHead(302, { location }).end();
  const [, name = '', kind = ''] = /^\/v2\/([^/]+)\/(manifests|blobs)\//.exec(url.pathname) ?? [];
  if (url.pathname === '/token') {
    const scope = url.searchParams.get('scope');
    return void (scope === 'repository:index:pull' ? json({ token: 't0ken' }) : response.writeHead(403).end());
  }
  if (name === 'index' || name === 'private') {
    if (request.headers.authorization === 'Bearer t0ken') return void json(INDEX);
    const challenge = `Bearer realm="http://${host}/token",service="here",scope="repository:${name}:pull"`;
    return void response.writeHead(401, { 'www-authenticate': challenge }).end();
  }
  switch (`${name} ${kind}`) {
    case 'single manifests':
      return void json({ config: { digest: DIGEST } });
    case 'single blobs':
      return void redirect(`http://${host}/elsewhere`);
    case 'moved manifests':
      return void redirect('http://registry.invalid/v2/');
    case 'scheme manifests':
      return void redirect('file:///etc/hostname');
    case 'odd manifests':
      return void redirect('http://[');
    case 'loop manifests':
      return void redirect(url.href);
    case 'login manifests':
      return void response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end();
    case 'often manifests':
      return void response.writeHead(429).end();
    case 'text manifests':
      return void response.end('<html>');
    case 'empty manifests':
      return void json({});
    case 'long manifests':
      return void response.end(' '.repeat(5_000_000));
    case 'silent manifests':
      return;
    case 'dropped manifests':
      return void request.socket.destroy();
    default:
      if (url.pathname === '/elsewhere') return void json({ os: 'linux', architecture: 'arm64' });
      response.writeHead(404).end();
  }
}

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  asked = [];
});

const send = (url: string, init: RequestInit) => fetch(url, init);

function ask(name: string, client = createRegistryClient(send)): Promise<PublishedImage> {
  const reference = parseImageReference(name.includes('/') ? name : `${host}/${name}`);
  if (!reference.ok) throw new Error(reference.message);
  return client.published(reference.value);
}

describe('the client', () => {
  it('fetches a token where it has to, and leaves attestations out', async () => {
    expect(await ask('index:1')).toEqual({ ok: true, platforms: ['linux/amd64', 'linux/arm64/v8'], isIndex: true });
    expect(asked).toEqual(['/v2/index/manifests/1', '/token', '/v2/index/manifests/1+']);
  });

  it('reads the configuration of an image without a list, over a redirect', async () => {
    expect(await ask(`single@${DIGEST}`)).toEqual({ ok: true, platforms: ['linux/arm64'], isIndex: false });
    expect(asked).toEqual([`/v2/single/manifests/${DIGEST}`, `/v2/single/blobs/${DIGEST}`, '/elsewhere']);
  });

  it('asks once for an image', async () => {
    const client = createRegistryClient(send);
    await Promise.all([ask('single', client), ask('single:latest', client)]);
    await ask('single', client);
    expect(asked).toHaveLength(3);
  });

  it.each([
    ['private', 'it asks for a login'],
    ['login', 'it asks for a login'],
    ['absent', 'there is no such image'],
    ['often', 'it was asked too often'],
    ['text', 'the answer was no JSON'],
    ['empty', 'an odd manifest'],
    ['long', 'the answer was too long'],
    ['loop', 'too many redirects'],
    ['moved', 'refused to go on to http://registry.invalid'],
    ['scheme', 'refused to go on to file://'],
    ['odd', 'an odd redirect'],
    ['dropped', 'no connection'],
  ])('says why it knows nothing of %s', async (name, reason) => {
    expect(await ask(name)).toEqual({ ok: false, reason });
  });

  it('does not wait for ever', async () => {
    expect(await ask('silent', createRegistryClient(send, 50))).toEqual({ ok: false, reason: 'no answer in time' });
  });

  it('takes https for a registry elsewhere, which may neither leave it nor send us to this machine', async () => {
    const urls: string[] = [];
    const client = (location: string) =>
      createRegistryClient(async (url) => {
        urls.push(url);
        return new Response(null, { status: 307, headers: { location } });
      });
    expect(await ask('debian/x', client('http://cdn.example.com/'))).toMatchObject({ ok: false });
    expect(await ask('ghcr.io/a/b:1', client('http://127.0.0.1:2375/'))).toMatchObject({ ok: false });
    expect(await ask('ghcr.io/a/b:1', client('https://localhost/'))).toMatchObject({ ok: false });
    expect(urls).toEqual([
      'https://registry-1.docker.io/v2/debian/x/manifests/latest',
      'https://ghcr.io/v2/a/b/manifests/1',
      'https://ghcr.io/v2/a/b/manifests/1',
    ]);
  });

  it('keeps the token to the registry', async () => {
    const seen: string[] = [];
    const client = createRegistryClient(async (url, { headers }) => {
      const { authorization = 'none' } = headers as Record<string, string>;
      seen.push(`${new URL(url).host} ${authorization}`);
      if (url.includes('/token')) return Response.json({ access_token: 'secret' });
      if (url.includes('/blobs/'))
        return new Response(null, { status: 307, headers: { location: 'https://cdn.example.com/blob' } });
      if (url.includes('cdn.')) return Response.json({ os: 'linux', architecture: 'amd64' });
      if (authorization === 'none') {
        const headers = { 'www-authenticate': 'Bearer realm="https://auth.example.com/token"' };
        return new Response(null, { status: 401, headers });
      }
      return Response.json({ config: { digest: DIGEST } });
    });
    expect(await ask('ghcr.io/a/b:1', client)).toMatchObject({ ok: true });
    expect(seen).toEqual([
      'ghcr.io none',
      'auth.example.com none',
      'ghcr.io Bearer secret',
      'ghcr.io Bearer secret',
      'cdn.example.com none',
    ]);
  });
});

describe('--registry', () => {
  // An image of this machine is nobody's to publish, so that the test stands in for a registry elsewhere.
  const fetchHere: typeof send = (url, init) =>
    send(url.replace(/^https:\/\/registry\.example\.com/, `http://${host}`), init);
  const files = { Dockerfile: 'FROM --platform=linux/s390x registry.example.com/single:1\nCMD ["app"]\n' };
  const only = ['--only', 'base/platform-mismatch', '-f', 'compact'];
  const redirected: typeof send = async (url, init) => {
    const response = await fetchHere(url, init);
    // The stand-in's own redirects would lead to this machine.
    return response.status === 302 ? fetchHere('https://registry.example.com/elsewhere', init) : response;
  };

  it('asks before it lints', async () => {
    const { code, out, err } = await plimsoll(['--registry', ...only], { files, fetch: redirected });
    expect(out).toContain('Dockerfile:1:17: warning: `registry.example.com/single` is an image for linux/arm64 alone');
    expect([code, err]).toEqual([1, '']);
  });

  it('says on standard error what it could not ask', async () => {
    const absent = { Dockerfile: 'FROM --platform=linux/arm64 registry.example.com/absent:1\n' };
    const { code, out, err } = await plimsoll(['--registry', ...only], { files: absent, fetch: redirected });
    expect([code, out]).toEqual([0, '']);
    expect(err).toBe('plimsoll: --registry: registry.example.com/absent:1: there is no such image\n');
  });

  it('obeys comments as any rule does', async () => {
    const silenced = { Dockerfile: `# plimsoll ignore=base/platform-mismatch -- emulated\n${files.Dockerfile}` };
    const { code } = await plimsoll(['--registry', ...only], { files: silenced, fetch: redirected });
    expect(code).toBe(0);
  });

  it('asks for nothing where the rule is off', async () => {
    await plimsoll(['--registry', '--ignore', 'base/platform-mismatch'], { files, fetch: redirected });
    expect(asked).toEqual([]);
  });

  it('is needed for any connection', async () => {
    await plimsoll(['--preset', 'all'], { files, fetch: redirected });
    expect(asked).toEqual([]);
  });
});

it('older processors of a family do, newer ones do not', () => {
  expect(offersPlatform(['linux/arm/v6'], 'linux/arm/v7')).toBe(true);
  expect(offersPlatform(['linux/arm/v7'], 'linux/arm/v6')).toBe(false);
  expect(offersPlatform(['linux/386'], 'linux/amd64')).toBe(true);
  expect(offersPlatform(['linux/amd64'], 'linux/386')).toBe(false);
  expect(offersPlatform(['linux/arm64/v8'], 'linux/arm64')).toBe(true);
  expect(offersPlatform(['windows/amd64'], 'linux/amd64')).toBe(false);
});
