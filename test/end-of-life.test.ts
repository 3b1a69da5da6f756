import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { END_OF_LIFE } from '../src/data/end-of-life.js';
import { type ImageReference, parseImageReference } from '../src/dockerfile/image-reference.js';
import { endOfLife } from '../src/facts/end-of-life.js';

const TODAY = '2026-11-23';

function on(image: string, day = TODAY) {
  return endOfLife(reference(image), new Date(day));
}

function reference(image: string): ImageReference {
  const parsed = parseImageReference(image);
  if (!parsed.ok) throw new Error(`${image}: ${parsed.message}`);
  return parsed.value;
}

describe('releases that are past their end of life', () => {
  it.each([
    // image, product, date, replacement
    ['node:12', 'Node.js 12', '2022-04-30', 'node:26'],
    ['node:12.9.1-alpine', 'Node.js 12', '2022-04-30', 'node:26-alpine'],
    ['node:erbium', 'Node.js 12', '2022-04-30', 'node:26'],
    ['node:lts-carbon-slim', 'Node.js 8', '2019-12-31', 'node:26-slim'],
    ['node:0.12', 'Node.js 0.12', '2016-12-31', 'node:26'],
    ['node:0.11.14', 'Node.js 0.11', null, 'node:26'],
    ['node:20-bookworm-slim', 'Node.js 20', '2026-04-30', 'node:26-bookworm-slim'],
    ['node:20-alpine3.15', 'Node.js 20', '2026-04-30', 'node:26-alpine'],
    ['node:25', 'Node.js 25', '2026-06-01', 'node:26'],
    ['docker.io/library/node:16', 'Node.js 16', '2023-09-11', 'node:26'],
    ['public.ecr.aws/docker/library/node:12', 'Node.js 12', '2022-04-30', 'public.ecr.aws/docker/library/node:26'],
    ['amd64/node:8-stretch', 'Node.js 8', '2019-12-31', 'amd64/node:26'],
    ['cimg/node:12.22', 'Node.js 12', '2022-04-30', null],
    ['gcr.io/distroless/nodejs18-debian11', 'Node.js 18', '2025-04-30', null],
    ['mcr.microsoft.com/devcontainers/javascript-node:1-18-bookworm', 'Node.js 18', '2025-04-30', null],
    ['iojs:2', 'io.js 2', null, null],
    ['python:3.8-buster', 'Python 3.8', '2024-10-07', 'python:3.14'],
    ['python:2', 'Python 2.7', '2020-01-01', 'python:3.14'],
    ['python:2-onbuild', 'Python 2.7', '2020-01-01', null],
    ['php:7', 'PHP 7', '2022-11-28', 'php:8.5'],
    ['php:7-apache-stretch', 'PHP 7', '2022-11-28', 'php:8.5-apache'],
    ['php:8.1-fpm-bookworm', 'PHP 8.1', '2025-12-31', 'php:8.5-fpm-bookworm'],
    ['golang:1.4-onbuild', 'Go 1.4', '2016-02-17', null],
    ['golang:1.12.13-alpine3.9', 'Go 1.12', '2020-02-25', 'golang:1.27-alpine'],
    ['ruby:2.4.2-jessie', 'Ruby 2.4', '2020-03-31', 'ruby:4.0'],
    ['debian:buster', 'Debian 10 (buster)', '2024-06-30', 'debian:trixie'],
    ['debian:9-slim', 'Debian 9 (stretch)', '2022-07-01', 'debian:13-slim'],
    ['debian:bullseye-20240101-slim', 'Debian 11 (bullseye)', '2026-08-31', 'debian:trixie-slim'],
    ['ubuntu:bionic', 'Ubuntu 18.04', '2023-05-31', 'ubuntu:resolute'],
    ['ubuntu:14.04', 'Ubuntu 14.04', '2019-04-25', 'ubuntu:26.04'],
    ['ubuntu:xenial-20170915', 'Ubuntu 16.04', '2021-04-30', 'ubuntu:resolute'],
    ['alpine:3.8', 'Alpine Linux 3.8', '2020-05-01', 'alpine:3.24'],
    ['alpine:3.21.2', 'Alpine Linux 3.21', '2026-11-01', 'alpine:3.24'],
    ['centos:7', 'CentOS Linux 7', '2024-06-30', null],
    ['centos:8', 'CentOS Linux 8', '2021-12-31', null],
    ['centos:centos6', 'CentOS Linux 6', '2020-11-30', null],
    ['quay.io/centos/centos:stream8', 'CentOS Stream 8', '2024-05-31', null],
    ['fedora:38', 'Fedora Linux 38', '2024-05-21', 'fedora:44'],
    ['nginx:1.24-alpine', 'nginx 1.24', '2024-04-23', 'nginx:1.30-alpine'],
    ['postgres:9.6-alpine', 'PostgreSQL 9.6', '2021-11-11', 'postgres:18-alpine'],
    ['timescale/timescaledb:2.9.1-pg11', 'PostgreSQL 11', '2023-11-09', null],
    ['mysql:5', 'MySQL 5', '2023-10-31', 'mysql:9.7'],
    ['mongo:3.4.2', 'MongoDB 3.4', '2020-01-31', 'mongo:8.0'],
    ['redis:4-alpine', 'Redis 4', null, 'redis:8.10-alpine'],
    ['tomcat:8.0-jre8', 'Tomcat 8.0', '2018-06-30', null],
    ['openjdk:13-jdk', 'OpenJDK 13', '2020-03-17', 'eclipse-temurin:25-jdk'],
    ['mcr.microsoft.com/dotnet/core/sdk:3.1', '.NET 3.1', '2022-12-13', 'mcr.microsoft.com/dotnet/sdk:10.0'],
    ['mcr.microsoft.com/dotnet/aspnet:6.0', '.NET 6', '2024-11-12', 'mcr.microsoft.com/dotnet/aspnet:10.0'],
    ['mcr.microsoft.com/windows/servercore:1803', 'Windows Server Core 1803', '2019-11-12', null],
    ['mcr.microsoft.com/windows/nanoserver:10.0.17134.1305', 'Nano Server 1803', '2019-11-12', null],
  ])('%s', (image, product, date, replacement) => {
    expect(on(image)).toMatchObject({ product, date, replacement, part: 'image' });
  });
});

describe('images on a distribution that is past its end of life', () => {
  it.each([
    ['python:3.11-buster', 'Debian 10 (buster)', 'python:3.11'],
    ['python:3.13.6-slim-bullseye', 'Debian 11 (bullseye)', 'python:3.13-slim'],
    ['node:22-alpine3.15', 'Alpine Linux 3.15', 'node:22-alpine'],
    ['node:lts-buster-slim', 'Debian 10 (buster)', 'node:lts-slim'],
    ['node:buster-slim', 'Debian 10 (buster)', null],
    ['rust:1-buster', 'Debian 10 (buster)', 'rust:1'],
    ['rust:1.40-buster', 'Debian 10 (buster)', null],
    ['eclipse-temurin:17-jre-focal', 'Ubuntu 20.04', 'eclipse-temurin:17-jre'],
    ['buildpack-deps:jessie', 'Debian 8 (jessie)', 'buildpack-deps:trixie'],
    ['buildpack-deps:18.04', 'Ubuntu 18.04', 'buildpack-deps:26.04'],
    ['gcc:9-buster', 'Debian 10 (buster)', null],
    ['mcr.microsoft.com/dotnet/sdk:10.0-alpine3.19', 'Alpine Linux 3.19', 'mcr.microsoft.com/dotnet/sdk:10.0-alpine'],
    ['mcr.microsoft.com/dotnet/framework/sdk:4.8-windowsservercore-2004', 'Windows Server Core 2004', null],
    ['gcr.io/distroless/static-debian11', 'Debian 11 (bullseye)', null],
    ['registry.access.redhat.com/ubi7/nodejs-12', 'Red Hat Enterprise Linux 7', null],
  ])('%s', (image, product, replacement) => {
    expect(on(image)).toMatchObject({ product, replacement, part: 'variant' });
  });
});

describe('repositories that nobody builds any more', () => {
  it.each([
    ['openjdk:8-jre-alpine', '2022-07-25', 'eclipse-temurin:8-jre'],
    ['openjdk:17', '2022-07-25', 'eclipse-temurin:17'],
    ['java:8-jdk', '2016-12-19', 'eclipse-temurin:8-jdk'],
    ['centos', '2021-09-15', null],
    ['rockylinux:8', '2023-11-30', 'rockylinux/rockylinux:8'],
  ])('%s', (image, date, replacement) => {
    expect(on(image)).toMatchObject({ date, replacement, part: 'repository', cycle: '' });
  });
});

describe('nothing is said of', () => {
  it.each([
    // what is alive
    ...['node:22', 'node:24-alpine', 'node:24.18.1-slim', 'node:26', 'node:jod', 'python:3.12', 'python:3.12-slim'],
    ...[
      'python:3.13-slim-bookworm',
      'debian:bookworm',
      'debian:12',
      'debian:trixie-slim',
      'ubuntu:22.04',
      'ubuntu:noble',
    ],
    ...[
      'golang:1.26.4',
      'golang:1.27-alpine3.24',
      'php:8.2-fpm',
      'ruby:3.3',
      'alpine:3.22',
      'alpine:3.24.1',
      'fedora:44',
    ],
    ...['postgres:15', 'redis:7', 'mysql:8.4', 'mongo:8.0', 'httpd:2.4', 'eclipse-temurin:8-jre', 'tomcat:9.0-jdk17'],
    ...['mcr.microsoft.com/dotnet/sdk:10.0-alpine3.23', 'mcr.microsoft.com/dotnet/framework/sdk:4.8.1'],
    ...['mcr.microsoft.com/windows/servercore:1809', 'mcr.microsoft.com/windows/servercore:ltsc2016-amd64'],
    ...[
      'mcr.microsoft.com/windows/nanoserver:10.0.20348.1',
      'golang:1.27-nanoserver-1809',
      'quay.io/centos/centos:stream9',
    ],
    ...['gcr.io/distroless/nodejs22-debian12', 'registry.access.redhat.com/ubi8/nodejs-12', 'rockylinux/rockylinux:8'],
    // tags that move
    ...[
      'node',
      'node:latest',
      'node:lts',
      'node:lts-alpine',
      'node:current',
      'node:alpine',
      'node:slim',
      'alpine:latest',
    ],
    ...['alpine:3', 'alpine:edge', 'python:3', 'php:8-apache', 'golang:1', 'mongo:8', 'mysql:8', 'debian:stable-slim'],
    ...['debian:sid', 'ubuntu:rolling', 'nginx:stable', 'nginx:mainline-alpine', 'opensuse/leap:42', 'maven:3'],
    // what is newer than the table
    ...[
      'node:99',
      'node:27',
      'php:8.6',
      'postgres:19',
      'golang:1.99',
      'mysql:26.7',
      'opensuse/leap:16.1',
      'ubuntu:27.04',
    ],
    // products without an end of life that would matter
    ...['nginx:1.27', 'nginx:1.13', 'rust:1.70', 'rust:1.89-alpine3.22', 'traefik:v2.0', 'denoland/deno:1.40.0'],
    ...['elasticsearch:5', 'docker.elastic.co/elasticsearch/elasticsearch:5.6.16', 'composer:1', 'oven/bun:0.8'],
    // images of others, and names that only look alike
    ...[
      'myregistry/node:12',
      'registry.example.com/library/node:12',
      'mhart/alpine-node:8',
      'localhost:5000/python:2.7',
    ],
    ...['phusion/baseimage:0.9.19', 'redis/redis-stack:6.0.0', 'mycompany/app:1-buster', 'bitnami/unknown:1'],
    // versions of a template in front of a moving tag
    ...['mcr.microsoft.com/devcontainers/python:1.2-3-bookworm', 'mcr.microsoft.com/devcontainers/go:1.2-1-bookworm'],
    // in doubt: still rebuilt, or a date that looks wrong
    ...['amazonlinux:2', 'gradle:7-jdk11', 'mariadb:10.6', 'mongo:8.3'],
    // early access of a repository that is otherwise given up
    ...['openjdk:27-ea-jdk', 'openjdk:28'],
    // a digest says nothing
    'node@sha256:8d26608b65edb3b0a0e1958a0a5a45209524c4df54bbe21a4ca53548bc97a3a5',
  ])('%s', (image) => {
    expect(on(image)).toBe(null);
  });
});

describe('the day decides', () => {
  it.each([
    ['node:12', '2020-01-01', false],
    ['node:12', '2022-04-30', false],
    ['node:12', '2022-05-01', true],
    ['debian:bookworm', '2028-06-30', false],
    ['debian:bookworm', '2028-07-01', true],
    ['ubuntu:22.04', '2028-01-01', true],
    ['php:7', '2022-11-28', false],
    ['php:7', '2026-01-01', false],
    ['php:7', TODAY, true],
    ['openjdk:17', '2022-01-01', false],
    ['openjdk:17', '2023-01-01', true],
    ['node:0.11', '2014-01-01', false],
    ['golang:1', '2040-01-01', false],
    ['golang:1.27', '2040-01-01', false],
    ['alpine:3', '2040-01-01', false],
    ['python:3.11-buster', '2023-01-01', false],
  ])('%s on %s: %s', (image, day, dead) => {
    expect(on(image, day) !== null).toBe(dead);
  });

  it('recommends what is the newest supported line on that day', () => {
    expect(on('node:8', '2021-01-01')).toMatchObject({ replacement: 'node:14', lts: true });
    expect(on('node:8', '2026-10-01')).toMatchObject({ replacement: 'node:24', lts: true });
    expect(on('ubuntu:16.04', '2025-01-01')).toMatchObject({ replacement: 'ubuntu:24.04', lts: true });
  });

  it('recommends nothing where the table is too old to know', () => {
    expect(on('golang:1.12', '2029-01-01')).toMatchObject({ product: 'Go 1.12', replacement: null });
  });

  it('says nothing on a day that is none', () => {
    expect(endOfLife(reference('node:12'), new Date(Number.NaN))).toBe(null);
  });
});

it('never recommends what it would report', () => {
  const { products } = JSON.parse(END_OF_LIFE) as { products: { images: string[]; cycles: [string][] }[] };
  const images = products.flatMap(({ images: [name = ''], cycles }) =>
    cycles.flatMap(([cycle]) =>
      ['', '-slim', '-alpine', '-buster', '-alpine3.9'].map((end) => `${name}:${cycle}${end}`),
    ),
  );
  expect(images.length).toBeGreaterThan(2000);
  const wrong = images
    .map((image) => on(image)?.replacement ?? null)
    .filter((replacement) => replacement !== null && on(replacement) !== null);
  expect(wrong).toEqual([]);
});

it('stays quick on tags made to be slow', () => {
  const started = performance.now();
  for (const tag of ['1.'.repeat(63), '-alpine'.repeat(18), 'a-'.repeat(63), '1'.repeat(128), '1-_'.repeat(42)]) {
    for (const name of ['node', 'python', 'eclipse-temurin', 'mcr.microsoft.com/windows/servercore']) {
      const image = { ...reference(name), tag: `1${tag}`.slice(0, 128) };
      endOfLife(image, new Date(TODAY));
    }
  }
  expect(performance.now() - started).toBeLessThan(500);
});

const corpus = new URL('../../shared/corpus/', import.meta.url);

describe.skipIf(!existsSync(corpus))('real files (skipped where ../shared/corpus is not here)', () => {
  it('reports every third named image, and none of an unknown publisher', () => {
    const images = new Set<string>();
    for (const file of readdirSync(corpus)) {
      const text = readFileSync(new URL(file, corpus), 'utf8');
      for (const [, image = ''] of text.matchAll(/^[ \t]*FROM[ \t]+(?:--\S+[ \t]+)*(\S+)/gim)) {
        if (parseImageReference(image).ok) images.add(image);
      }
    }
    const reported = [...images].filter((image) => on(image) !== null);
    expect(reported.length).toBeGreaterThan(images.size * 0.3);
    expect(reported.length).toBeLessThan(images.size * 0.45);
    const publishers = /^(?:docker\.io\/)?(?:library\/|amd64\/|microsoft\/)?[^/]+$|^mcr\.microsoft\.com\/|^redhat\//;
    expect(reported.filter((image) => !publishers.test(image))).toEqual([]);
  });
});
