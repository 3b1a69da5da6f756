import type { Edit, Finding, Place } from '../model/finding.js';
import type { Report } from '../model/report.js';
import { type SourceFile, textAt } from '../model/source.js';
import type { Span } from '../model/span.js';

/** What is looked for in messages: neither parts of words nor a password such as `postgres`, which names other things, too. */
const isTelling = (text: string) => text.length >= 6 && !/^[A-Za-z]+$/.test(text);

/**
 * A report in which stars stand for every text that a finding marks as a secret: in the lines that frames show, whichever
 * finding shows them, in fingerprints, and in messages. The length stays, and with it every column. A fix that would
 * write the secret is left out. The report itself where there is no secret.
 */
export function conceal(report: Report): Report {
  const places = report.files.flatMap(({ findings }) => findings.flatMap(({ sensitive }) => sensitive));
  if (places.length === 0) return report;
  const secrets = new Set(places.map(({ file, span }) => textAt(file, span)).filter(isTelling));
  const masked = maskedSources([...places, ...repeated(places, secrets)]);
  const file = (source: SourceFile) => masked.get(source) ?? source;
  const words = wordMask(secrets);
  const isOpen = ({ text }: Edit) => words(text) === text;
  const hide = (finding: Finding): Finding => ({
    ...finding,
    message: words(finding.message),
    help: finding.help === null ? null : words(finding.help),
    label: finding.label === null ? null : words(finding.label),
    at: { ...finding.at, file: file(finding.at.file) },
    related: finding.related.map((one) => ({ ...one, file: file(one.file), message: words(one.message) })),
    fix:
      finding.fix?.edits.every(isOpen) === true
        ? {
            ...finding.fix,
            title: words(finding.fix.title),
            edits: finding.fix.edits.map((edit) => ({ ...edit, file: file(edit.file) })),
          }
        : null,
  });
  const files = report.files.map((one) => ({ ...one, source: file(one.source), findings: one.findings.map(hide) }));
  return { ...report, files };
}

/** Looks each part of a text up: a file of ten thousand secrets takes no longer for a message than one with ten. */
function wordMask(secrets: ReadonlySet<string>): (text: string) => string {
  const lengths = [...new Set([...secrets].map(({ length }) => length))].sort((a, b) => b - a);
  return (text) => {
    let out = text;
    for (const length of lengths) {
      for (let at = 0; at + length <= out.length; at++) {
        const part = out.slice(at, at + length);
        if (secrets.has(part)) out = out.slice(0, at) + stars(part) + out.slice(at + length);
      }
    }
    return out;
  };
}

/** Where else the same text stands in the files that have it: a frame of another finding may show that place. */
function repeated(places: readonly Place[], secrets: ReadonlySet<string>): readonly Place[] {
  return [...new Set(places.map(({ file }) => file))].flatMap((file) => {
    const { text } = file;
    if (text.length * secrets.size > MOST_WORK) return [];
    return [...secrets].flatMap((secret) => {
      const found: Place[] = [];
      for (let at = text.indexOf(secret); at !== -1; at = text.indexOf(secret, at + secret.length))
        found.push({ file, span: { start: at, end: at + secret.length } });
      return found;
    });
  });
}

/** Characters times secrets. A real file has a hundred thousandth part of that. */
const MOST_WORK = 500_000_000;

function maskedSources(places: readonly Place[]): ReadonlyMap<SourceFile, SourceFile> {
  const spans = new Map<SourceFile, Span[]>();
  for (const { file, span } of places) {
    const known = spans.get(file);
    if (known) known.push(span);
    else spans.set(file, [span]);
  }
  return new Map([...spans].map(([file, all]) => [file, { ...file, text: masked(file.text, all) }]));
}

function masked(text: string, spans: readonly Span[]): string {
  let out = '';
  let at = 0;
  for (const { start, end } of spans.toSorted((a, b) => a.start - b.start)) {
    if (end <= at) continue;
    out += text.slice(at, Math.max(at, start)) + stars(text.slice(Math.max(at, start), end));
    at = end;
  }
  return out + text.slice(at);
}

/** Blanks and line ends stay, so that what a line holds keeps its columns. */
function stars(text: string): string {
  return text.replace(/\S/g, '*');
}
