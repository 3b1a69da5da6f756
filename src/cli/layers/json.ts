import type { Layer } from '../../facts/layers.js';
import { type Rerun, replay } from '../../facts/replay.js';
import { dockerfilePath } from '../../facts/taken-paths.js';
import { safeJson } from '../../reporters/visible.js';
import { costs, instructionText, type LayerPlan, lineOf, reason, stageName } from './plan.js';

/** The object of `--json`; docs/layers.md has its shape, which only grows within one version. */
export function layersJson({ facts, layers, stages, edits }: LayerPlan): string {
  const { document, context } = facts;
  const lines = new Map(layers.map((layer) => [layer, lineOf(layer.instruction, facts)]));
  const line = (layer: Layer): number => lines.get(layer) ?? lineOf(layer.instruction, facts);
  const shown = new Set(layers);
  // Where the Dockerfile is copied like any other file, an edit of a line is an edit of that too.
  const itself = dockerfilePath(facts);
  const byFile = itself === null ? new Map<Layer, Rerun>() : replay([{ kind: 'files', paths: [itself] }], facts);
  const linesOf = () =>
    stages.flatMap(({ stage }) =>
      stage.instructions.map((instruction) => {
        const byLine = replay([{ kind: 'line', instruction }], facts);
        const found: Record<Rerun['verdict'], number[]> = { again: [], perhaps: [] };
        for (const layer of byFile.size === 0 ? byLine.keys() : layers) {
          const verdicts = [byLine.get(layer)?.verdict, byFile.get(layer)?.verdict];
          const verdict = verdicts.find((one) => one === 'again') ?? verdicts.find((one) => one);
          if (verdict && shown.has(layer)) found[verdict].push(line(layer));
        }
        return { line: lineOf(instruction, facts), ...found };
      }),
    );
  const text = safeJson({
    version: 1,
    dockerfile: document.source.path,
    context: context?.displayRoot ?? null,
    stages: stages.map((stage) => ({
      index: stage.index,
      name: stage.name,
      role: stage.role,
      layers: layers
        .filter((layer) => layer.stage === stage)
        .map((layer) => ({
          line: line(layer),
          instruction: instructionText(layer.instruction, facts),
          kind: layer.kind,
          parentLine: layer.parent ? line(layer.parent) : null,
          costs: costs(layer),
          work: layer.work.map(({ kind, label, ecosystem }) => ({ kind, label, ecosystem: ecosystem?.id ?? null })),
          inputs: {
            arguments: layer.inputs.args.map(({ name, by }) => ({ name, line: lineOf(by, facts) })),
            environment: layer.inputs.env.map(({ name, by }) => ({ name, line: lineOf(by, facts) })),
            settings: layer.inputs.settings.map((by) => ({ instruction: by.keyword, line: lineOf(by, facts) })),
            files: layer.inputs.files.map(({ source, from, stage: other, by }) => ({
              source,
              from,
              stage: other ? stageName(other) : null,
              by,
            })),
            remotes: layer.inputs.remotes,
          },
        })),
    })),
    edits: edits.map(({ kind, title, name, reruns }) => ({
      kind,
      title,
      name,
      reruns: [...reruns]
        .filter(([layer]) => shown.has(layer))
        .map(([layer, rerun]) => ({ line: line(layer), verdict: rerun.verdict, reason: reason(rerun, layer, facts) })),
    })),
    lines: linesOf(),
  });
  // A list of line numbers on one line: a number on each makes most of the output.
  return text.replace(/\[\n\s+(\d[\d,\s]*?)\n\s+\]/g, (_, numbers: string) => `[${numbers.replace(/\s+/g, ' ')}]`);
}
