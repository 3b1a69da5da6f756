import { describe, expect, it } from 'vitest';
import { parse } from '../src/dockerfile/parse.js';
import { analyse } from '../src/facts/analyse.js';
import { createSource } from '../src/model/source.js';

const DEPTH = 5000;

describe('stages that are built on one another', () => {
  const lines = ['FROM node:24 AS s0', 'ENTRYPOINT ["a"]', 'CMD ["b"]', 'EXPOSE 80', 'USER node', 'ENV MODE=a'];
  for (let at = 1; at <= DEPTH; at++) lines.push(`FROM s${at - 1} AS s${at}`, `RUN step ${at}`);
  const document = parse(createSource('Dockerfile', lines.join('\n')));
  const options = { target: null, buildArgs: new Map(), now: new Date('2026-11-23') };
  const { target } = analyse({ document, context: null, options });

  it('hand down what they have, however many they are', () => {
    expect(target?.image.name).toBe('docker.io/library/node');
    expect(target?.history.length).toBe(6 + 2 * DEPTH);
    expect(target?.final.user?.value).toBe('node');
    expect(target?.entrypoint?.argumentsText).toBe('["a"]');
    expect(target?.cmd?.argumentsText).toBe('["b"]');
    expect(target?.exposes.map((one) => one.argumentsText)).toEqual(['80']);
    expect(target?.healthcheck).toBe(null);
  });

  it('are asked for a variable that none or the first of them sets', () => {
    expect(target?.final.env.get('NONE')).toBe(undefined);
    expect(target?.final.env.get('MODE')?.value).toBe('a');
  });
});

describe('variables that are made of one another', () => {
  const options = { target: null, buildArgs: new Map(), now: new Date('2026-11-23') };

  it.each(['ARG', 'ENV'])('%s that doubles with each line has no value that is known', (keyword) => {
    const lines = Array.from({ length: 100 }, (_, at) => `${keyword} A${at + 1}=$A${at}$A${at}`);
    const text = ['FROM scratch', `${keyword} A0=xx`, ...lines].join('\n');
    const { target } = analyse({ document: parse(createSource('Dockerfile', text)), context: null, options });
    const { env, args } = target?.final ?? {};
    const final = (name: string) => (env?.get(name) ?? args?.get(name))?.value;
    expect(final('A3')).toBe('x'.repeat(16));
    expect(final('A100')).toBe(null);
  });

  it('ARG before FROM likewise', () => {
    const lines = Array.from({ length: 100 }, (_, at) => `ARG A${at + 1}=$A${at}$A${at}`);
    const text = ['ARG A0=xx', ...lines, 'FROM $A100'].join('\n');
    const { target } = analyse({ document: parse(createSource('Dockerfile', text)), context: null, options });
    expect(target?.image.name).toBe(null);
  });
});

describe('an ENTRYPOINT', () => {
  const cmdOf = (text: string) => {
    const options = { target: null, buildArgs: new Map(), now: new Date('2026-11-23') };
    const { target } = analyse({ document: parse(createSource('Dockerfile', text)), context: null, options });
    return target?.cmd?.argumentsText ?? null;
  };

  it('resets the CMD of the stage below', () => {
    expect(cmdOf('FROM a AS b\nCMD ["x"]\nFROM b\nENTRYPOINT ["y"]')).toBe(null);
    expect(cmdOf('FROM a AS b\nCMD ["x"]\nFROM b AS c\nENTRYPOINT ["y"]\nFROM c\nRUN z')).toBe(null);
  });

  it('keeps the CMD of its own stage, before or behind it', () => {
    expect(cmdOf('FROM a\nCMD ["x"]\nENTRYPOINT ["y"]')).toBe('["x"]');
    expect(cmdOf('FROM a AS b\nENTRYPOINT ["y"]\nCMD ["x"]\nFROM b\nRUN z')).toBe('["x"]');
  });
});
