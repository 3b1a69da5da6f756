import type { Layer } from '../../facts/layers.js';
import type { Rerun } from '../../facts/replay.js';
import { displayWidth } from '../../reporters/cells.js';
import type { RenderEnv } from '../../reporters/types.js';
import { visible } from '../../reporters/visible.js';
import { briefText, costs, type LayerPlan, lineOf, type PlannedEdit, reason, stageName } from './plan.js';

/** A table that fits the width: a row for each step, a column for each edit. */
export function layersText(plan: LayerPlan, env: RenderEnv): string {
  const body = plan.isChange ? changeLines(plan, env) : tableLines(plan, env);
  return `${body.map((line) => line.trimEnd()).join('\n')}\n`;
}

const MARKS = { again: 'x', perhaps: '?', reused: '.' } as const;

const PERHAPS = `${MARKS.perhaps} runs again only if files from another stage differ`;

function tableLines(plan: LayerPlan, env: RenderEnv): string[] {
  const { edits, stages, layers, facts } = plan;
  if (layers.every(({ kind }) => kind === 'from'))
    return [...title(plan, env), 'there is no step beside FROM, so that nothing can run again'];
  if (edits.length === 0) return ['no edit that reaches a step: no build context, and no build argument'];
  const numberWidth = String(Math.max(...layers.map(({ instruction }) => lineOf(instruction, facts)))).length;
  const left = Math.max(24, Math.min(52, env.width - edits.length * 2 - 24));
  const lines = headings(edits, left + 2, env);
  for (const stage of stages) {
    const image = stage.parent ? stageName(stage.parent) : (stage.image.text ?? stage.stage.from.image?.text ?? '?');
    lines.push(env.paint('message', truncate(`${stageName(stage)} (FROM ${image})`, env.width, env)));
    for (const layer of layers.filter((one) => one.stage === stage && one.kind !== 'from')) {
      const number = String(lineOf(layer.instruction, facts)).padStart(numberWidth);
      const text = truncate(briefText(layer.instruction), left - numberWidth - 3, env);
      const cells = edits.map(({ reruns }) => cell(layer, reruns.get(layer), env)).join(' ');
      const cost = costs(layer).join(', ');
      const room = env.width - left - 2 - edits.length * 2 - 1;
      lines.push(
        `${env.paint('gutter', `  ${number}`)} ${pad(text, left - numberWidth - 3)}  ${cells}  ${env.paint('info', truncate(cost, room, env))}`,
      );
    }
  }
  return [...title(plan, env), ...lines, '', ...legend(edits, env), ...complaints(plan, env)];
}

function title({ facts, layers, stages }: LayerPlan, env: RenderEnv): string[] {
  const { document, context } = facts;
  const steps = layers.filter(({ kind }) => kind !== 'from').length;
  const where = context ? `, build context ${context.displayRoot}` : '';
  const text = `${document.source.path}${where}: ${plural(steps, 'step')} in ${plural(stages.length, 'stage')}`;
  return [env.paint('place', truncate(text, env.width, env)), ''];
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** Each heading hangs over its column, from which a line goes down. */
function headings(edits: readonly PlannedEdit[], left: number, env: RenderEnv): string[] {
  const bar = env.unicode ? '│' : '|';
  return edits.map(({ title, name, kind }, at) => {
    const bars = `${bar} `.repeat(at);
    const text = kind === 'argument' ? `ARG ${name}` : kind === 'readme' ? name : `${name} (${title})`;
    return `${' '.repeat(left)}${env.paint('gutter', bars)}${truncate(text, Math.max(env.width - left - at * 2, 12), env)}`;
  });
}

function cell(layer: Layer, rerun: Rerun | undefined, env: RenderEnv): string {
  if (!rerun) return env.paint('gutter', MARKS.reused);
  if (rerun.verdict === 'perhaps') return env.paint('info', MARKS.perhaps);
  return env.paint(layer.work.length > 0 ? 'error' : 'warning', MARKS.again);
}

function legend(edits: readonly PlannedEdit[], env: RenderEnv): string[] {
  const hasPerhaps = edits.some(({ reruns }) => [...reruns.values()].some(({ verdict }) => verdict === 'perhaps'));
  return [
    `${MARKS.again} runs again   ${MARKS.reused} from the cache`,
    ...(hasPerhaps ? [PERHAPS] : []),
    "a step's own line: that step, and what stands on it",
  ].map((line) => env.paint('gutter', line));
}

const MOST_LABELS = 3;

/** Edits that should not install anything again, and do. */
function complaints({ edits, layers, facts }: LayerPlan, env: RenderEnv): string[] {
  const harmless = edits.filter(({ kind }) => /^(?:source|readme|git|dockerfile)$/.test(kind));
  const lines = harmless.flatMap(({ name, reruns, kind }) => {
    const costly = layers.filter(
      (layer) => reruns.get(layer)?.verdict === 'again' && isWasted(layer, kind, layers, reruns),
    );
    const first = costly[0];
    if (!first) return [];
    const labels = [...new Set(costly.flatMap(({ work }) => work.map(({ label }) => `\`${label}\``)))];
    const more = labels.length > MOST_LABELS ? ` and ${labels.length - MOST_LABELS} more` : '';
    const what = `${labels.slice(0, MOST_LABELS).join(', ')}${more}`;
    const line = lineOf(first.instruction, facts);
    const ignore = facts.context?.ignoreFile?.source.path ?? '.dockerignore';
    const advice = kind === 'source' ? '' : `; name it in ${visible(ignore)}`;
    return `${env.paint('warning', '!')} an edit of ${visible(name)} runs ${visible(what)} again (line ${line})${advice}`;
  });
  return lines.length === 0 ? [] : ['', ...lines];
}

/** True for an install that need not run again after such an edit; one that follows another install only adds to it. */
function isWasted(
  layer: Layer,
  kind: PlannedEdit['kind'],
  layers: readonly Layer[],
  reruns: PlannedEdit['reruns'],
): boolean {
  const installs = (one: Layer): boolean => one.work.some((work) => work.kind === 'dependencies');
  if (layer.work.some((work) => work.kind === 'packages' || (kind !== 'source' && work.kind === 'compile')))
    return true;
  return installs(layer) && !layers.some((one) => one.stage === layer.stage && installs(one) && !reruns.has(one));
}

function changeLines({ edits, layers, facts }: LayerPlan, env: RenderEnv): string[] {
  const [edit] = edits;
  if (!edit) return [];
  const again = layers.filter((layer) => edit.reruns.has(layer));
  const steps = layers.filter(({ kind }) => kind !== 'from').length;
  const count = (verdict: Rerun['verdict']) =>
    again.filter((layer) => layer.kind !== 'from' && edit.reruns.get(layer)?.verdict === verdict).length;
  const [certain, perhaps] = [count('again'), count('perhaps')];
  const maybe = perhaps === 0 ? '' : `, ${perhaps} more may`;
  const head = `${edit.name}: ${certain} of ${plural(steps, 'step')} ${certain === 1 ? 'runs' : 'run'} again${maybe}`;
  if (again.length === 0) return [env.paint('good', truncate(`${edit.name}: nothing runs again`, env.width, env))];
  const lines = [env.paint('message', truncate(head, env.width, env))];
  const numberWidth = Math.max(...again.map(({ instruction }) => String(lineOf(instruction, facts)).length));
  const left = Math.max(24, Math.min(56, Math.floor(env.width * 0.5)));
  let stage = null;
  for (const layer of again) {
    const rerun = edit.reruns.get(layer);
    if (!rerun) continue;
    if (layer.stage !== stage) lines.push(env.paint('message', truncate(stageName(layer.stage), env.width, env)));
    stage = layer.stage;
    const number = String(lineOf(layer.instruction, facts)).padStart(numberWidth);
    const text = truncate(briefText(layer.instruction), left - numberWidth - 4, env);
    const cost = costs(layer).length > 0 ? ` [${costs(layer).join(', ')}]` : '';
    const why = truncate(`${reason(rerun, layer, facts)}${cost}`, env.width - left - 2, env);
    lines.push(
      `${env.paint('gutter', `  ${number}`)} ${cell(layer, rerun, env)} ${pad(text, left - numberWidth - 4)} ${why}`,
    );
  }
  const hasPerhaps = again.some((layer) => edit.reruns.get(layer)?.verdict === 'perhaps');
  const legend = [`${MARKS.again} runs again   all else from the cache`, ...(hasPerhaps ? [PERHAPS] : [])];
  return [...lines, '', ...legend.map((line) => env.paint('gutter', line))];
}

/** Text made fit for a terminal, cut to a number of columns. */
function truncate(text: string, width: number, env: RenderEnv): string {
  const shown = visible(text, env.unicode);
  if (displayWidth(shown) <= width) return shown;
  const end = env.unicode ? '…' : '...';
  let cut = '';
  for (const character of shown) {
    if (displayWidth(cut + character) > width - end.length) break;
    cut += character;
  }
  return width < 4 ? '' : `${cut}${end}`;
}

function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - displayWidth(text)));
}
