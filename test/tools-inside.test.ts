import { describe, expect, it } from 'vitest';
import { parse } from '../src/dockerfile/parse.js';
import { analyse } from '../src/facts/analyse.js';
import { toolAt } from '../src/facts/tools-inside.js';
import { createSource } from '../src/model/source.js';

/** Whether a tool is there where the last RUN runs, or for CMD when the container starts. */
function presence(name: string, text: string): string {
  const document = parse(createSource('Dockerfile', `${text}\n`));
  const options = { target: null, buildArgs: new Map(), now: new Date(0) };
  const facts = analyse({ document, context: null, options });
  const last = facts.instructions('RUN', 'CMD').at(-1);
  if (!last) throw new Error('no RUN or CMD');
  return toolAt(name, last, facts);
}

describe('whether a tool is there', () => {
  it.each([
    ['curl', 'FROM node:22\nRUN x', 'present'],
    ['curl', 'FROM node:22-slim\nRUN x', 'absent'],
    ['npx', 'FROM node:22-slim\nRUN x', 'present'],
    ['npx', 'FROM debian:12\nRUN x', 'absent'],
    ['corepack', 'FROM node:24-slim\nRUN x', 'present'],
    ['corepack', 'FROM node:26-slim\nRUN x', 'absent'],
    ['yarn', 'FROM node:26-slim\nRUN npm install -g yarn\nRUN x', 'unknown'],
    ['corepack', 'FROM node:26-slim\nRUN npm i -g corepack@0.34\nRUN x', 'unknown'],
    ['sh', 'FROM node:22-slim\nRUN x', 'present'],
    ['sh', 'FROM gcr.io/distroless/static-debian12\nRUN x', 'absent'],
    ['sh', 'FROM scratch\nCOPY start.sh /\nRUN x', 'absent'],
    ['sh', 'FROM scratch\nCOPY --from=busybox /bin/busybox /bin/\nRUN x', 'unknown'],
    ['jq', 'FROM node:22-slim\nRUN x', 'unknown'],
    ['toString', 'FROM node:22-slim\nRUN x', 'unknown'],
    ['curl', 'FROM example.com/node:22-slim\nRUN x', 'unknown'],
    ['curl', 'ARG V=22\nFROM node:$V-slim\nRUN x', 'absent'],
    ['curl', 'ARG V=22-slim\nFROM node:$V\nRUN x', 'unknown'],
    ['curl', 'FROM mcr.microsoft.com/windows/nanoserver:ltsc2022\nRUN x', 'unknown'],
  ])('%s: %j is %s', (name, text, expected) => expect(presence(name, text)).toBe(expected));
});

describe('what changes it', () => {
  it.each([
    ['RUN apk add --no-cache curl', 'present'],
    ['RUN apk add --no-cache "curl>8" && apk del curl', 'unknown'],
    ['RUN apk add --no-cache tini dumb-init python3 make g++', 'absent'],
    ['RUN apk add --no-cache ffmpeg', 'unknown'],
    ['RUN apk add --no-cache $PACKAGES', 'unknown'],
    ['RUN if true; then apk add curl; fi', 'unknown'],
    ['RUN npm ci && npm run build && npm cache clean --force', 'absent'],
    ['RUN npx playwright install --with-deps', 'unknown'],
    ['RUN mkdir -p /app && chown node /app', 'absent'],
    ['RUN ./setup.sh', 'unknown'],
    ['RUN wget -qO- https://example.com/install | sh', 'unknown'],
    ['RUN wget -q https://example.com/curl -O /usr/bin/curl', 'unknown'],
    ['RUN wget -q https://example.com/tool -O /usr/bin/tool', 'absent'],
    ['RUN ln -s /app/cli.js /usr/local/bin/cli', 'absent'],
    ['RUN cp -r tools/bin /usr/local/bin', 'unknown'],
    ['RUN $INSTALL', 'unknown'],
    ['RUN <<EOF\napk add curl\nEOF', 'present'],
    ['COPY . .', 'unknown'],
    ['COPY . /app', 'absent'],
    ['COPY --from=x /app /app', 'absent'],
    ['COPY --from=x /usr/local /usr/local', 'unknown'],
    ['COPY entrypoint.sh /usr/local/bin/', 'absent'],
    ['COPY tool /usr/local/bin/', 'unknown'],
    ['COPY rootfs/ /', 'unknown'],
    ['ADD https://example.com/x.tar.gz /opt/', 'absent'],
    ['ENV PATH=/app/node_modules/.bin:$PATH', 'absent'],
    ['ENV PATH=/opt/tools/bin:$PATH', 'unknown'],
    ['ONBUILD RUN apk add curl', 'unknown'],
    ['WORKDIR /app', 'absent'],
  ])('%s', (line, expected) => expect(presence('curl', `FROM node:22-alpine\n${line}\nRUN x`)).toBe(expected));

  it('counts for what the container starts, wherever it stands', () => {
    expect(presence('bash', 'FROM alpine:3.22\nCMD bash\nRUN apk add bash\nCMD bash')).toBe('present');
    expect(presence('bash', 'FROM alpine:3.22 AS a\nRUN apk add bash\nFROM a\nCMD bash')).toBe('present');
    expect(presence('bash', 'FROM alpine:3.22 AS a\nRUN apk add bash\nFROM alpine:3.22\nCMD bash')).toBe('absent');
  });
});
