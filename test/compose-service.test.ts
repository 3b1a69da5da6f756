import { describe, expect, it } from 'vitest';
import { openContext } from '../src/context/build-context.js';
import { readService } from '../src/context/compose-service.js';
import { createMemoryFs } from '../src/context/memory-fs.js';
import { parseYaml } from '../src/context/yaml.js';

const read = (text: string) => readService(parseYaml(text), 'compose.yaml');

describe('what a service says of its image', () => {
  it('nothing', () => {
    expect(read('build: .')).toEqual({
      isDevelopment: false,
      target: null,
      environment: new Map(),
      hasMoreVariables: false,
      ports: [],
      mountsSource: false,
      overridesCommand: false,
      sharesNetwork: false,
    });
  });

  it('variables in both forms', () => {
    const expected = new Map([
      ['A', '1'],
      ['B', null],
      ['C', null],
    ]);
    expect(read('environment: { A: 1, B: , C: "${C:-x}" }').environment).toEqual(expected);
    expect(read('environment: [A=1, B, "C=$C"]').environment).toEqual(expected);
    expect(read('env_file: .env').hasMoreVariables).toBe(true);
    expect(read('extends: { service: base }').hasMoreVariables).toBe(true);
  });

  it('ports of the container', () => {
    expect(
      read('ports: [80, "8080:81", "127.0.0.1:1:82/tcp", { target: 83 }, "53:53/udp", "1-2:3-4", "$P:$P"]').ports,
    ).toEqual([80, 81, 82, 83]);
  });

  const mounts: readonly (readonly [string, boolean])[] = [
    ['volumes: [".:/app"]', true],
    ['volumes: ["./src:/app/src:ro"]', true],
    ['volumes: ["../api:/app"]', true],
    ['volumes: ["${PWD}:/app"]', true],
    ['volumes: [{ type: bind, source: ./, target: /app }]', true],
    ['develop: { watch: [] }', true],
    ['volumes: ["data:/data"]', false],
    ['volumes: ["/app/node_modules"]', false],
    ['volumes: ["./data:/data"]', false],
    ['volumes: ["./nginx.conf:/etc/nginx.conf"]', false],
    ['volumes: ["/var/run/docker.sock:/var/run/docker.sock"]', false],
  ];
  it.each(mounts)('%s: %s', (text, expected) => expect(read(text).mountsSource).toBe(expected));

  it('its command and its network', () => {
    expect(read('command: npm start').overridesCommand).toBe(true);
    expect(read('entrypoint: [sh]').overridesCommand).toBe(true);
    expect(read('network_mode: host').sharesNetwork).toBe(true);
    expect(read('network_mode: bridge').sharesNetwork).toBe(false);
  });
});

describe('services of a Dockerfile', () => {
  const services = (files: Readonly<Record<string, string>>) =>
    openContext(createMemoryFs({ '/p/Dockerfile': 'FROM a\n', ...files }), {
      root: '/p',
      displayRoot: '.',
      dockerfile: '/p/Dockerfile',
      certainty: 'given',
    }).services;

  it('those that are built with it', () => {
    const text = 'services:\n  a: { build: ., command: a }\n  b: { build: { dockerfile: Other } }\n  c: { image: c }\n';
    expect(services({ '/p/compose.yaml': text }).map((one) => one.overridesCommand)).toEqual([true]);
  });

  it('those of the same name in a file that is merged', () => {
    const files = {
      '/p/compose.yaml': 'services:\n  a: { build: . }\n',
      '/p/compose.override.yaml': 'services:\n  a: { volumes: [".:/app"] }\n  b: { volumes: [".:/app"] }\n',
    };
    expect(services(files).map((one) => one.mountsSource)).toEqual([false, true]);
  });

  it('those of a file for development', () => {
    const files = { '/p/docker-compose.dev.yml': 'services:\n  a: { build: . }\n' };
    expect(services(files).map((one) => one.isDevelopment)).toEqual([true]);
  });

  it('none without compose files', () => expect(services({})).toEqual([]));
});
