import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openContext } from '../src/context/build-context.js';
import { createNodeFs } from '../src/context/node-fs.js';
import { decode } from '../src/dockerfile/decode.js';
import { readDocument } from '../src/dockerfile/read-document.js';
import { analyse } from '../src/facts/analyse.js';
import { layersOf } from '../src/facts/layers.js';
import { type Edit, replay } from '../src/facts/replay.js';
import type { Facts } from '../src/facts/types.js';
import { locate } from '../src/model/source.js';

/**
 * What edits of real projects make again, written by hand from their Dockerfiles and ignore files: `x` again, `?` perhaps,
 * `.` from the cache; a column for each `edit`, in their order. Only line numbers and names of files are kept here.
 */
const TABLES = 'test/fixtures/layers';
const CONTEXTS = resolve('../shared/contexts');

interface Table {
  readonly name: string;
  readonly dockerfile: string;
  readonly target: string | null;
  readonly edits: readonly string[];
  /** `10  . x .` without the blanks that only make columns. */
  readonly rows: readonly string[];
}

function readTable(file: string): Table {
  const lines = readFileSync(`${TABLES}/${file}`, 'utf8').split('\n');
  const all = (keyword: string) =>
    lines.flatMap((line) => (line.startsWith(`${keyword} `) ? line.slice(keyword.length + 1) : []));
  return {
    name: basename(file, '.txt'),
    dockerfile: all('dockerfile')[0] ?? 'Dockerfile',
    target: all('target')[0] ?? null,
    edits: all('edit'),
    rows: lines.filter((line) => /^ *\d/.test(line)).map((line) => line.trim().replace(/\s+/g, ' ')),
  };
}

function factsOf({ name, dockerfile, target }: Table): Facts {
  const root = `${CONTEXTS.replaceAll('\\', '/')}/${name}`;
  const path = `${root}/${dockerfile}`;
  return analyse({
    document: readDocument(decode(readFileSync(path), dockerfile)),
    context: openContext(createNodeFs(), { root, displayRoot: '.', dockerfile: path, certainty: 'given' }),
    options: { target, buildArgs: new Map(), now: new Date('2026-11-23') },
  });
}

function rowsOf(table: Table): readonly string[] {
  const facts = factsOf(table);
  const columns = table.edits.map((text) => {
    const edit: Edit = text.startsWith('ARG ')
      ? { kind: 'argument', name: text.slice(4) }
      : { kind: 'files', paths: [text] };
    return replay([edit], facts);
  });
  const layers = layersOf(facts).all.filter(({ stage }) => stage.role !== 'unreachable');
  return layers.map((layer) => {
    const marks = columns.map(
      (reruns) => ({ again: 'x', perhaps: '?', cache: '.' })[reruns.get(layer)?.verdict ?? 'cache'],
    );
    return [locate(facts.document.source, layer.instruction.span.start).line, ...marks].join(' ');
  });
}

describe('the cache map of real projects', () => {
  const tables = readdirSync(TABLES).map(readTable);

  it('is written down for ten at least, each column and each row of a table as long as the others', () => {
    expect(tables.length).toBeGreaterThanOrEqual(10);
    for (const { name, edits, rows } of tables) {
      expect({ name, odd: rows.filter((row) => row.split(' ').length !== edits.length + 1) }).toEqual({
        name,
        odd: [],
      });
    }
  });

  for (const table of tables) {
    const isThere = existsSync(`${CONTEXTS}/${table.name}`);
    it.skipIf(!isThere)(
      `is that of ${table.name}${isThere ? '' : ' (skipped: ../shared/contexts is not there)'}`,
      () => {
        expect(rowsOf(table)).toEqual(table.rows);
      },
    );
  }
});
