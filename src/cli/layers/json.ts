import type { Layer } from '../../facts/layers.js';
import { replay } from '../../facts/replay.js';
import { safeJson } from '../../reporters/visible.js';
import { costs, instructionText, type LayerPlan, lineOf, reason, stageName } from './plan.js';

/** The object of `--json`; docs/layers.md has its shape, which only grows within one version. */
export function layersJson({ facts, layers, stages, edits }: LayerPlan): string {
  const { document, context } = facts;
  const line = (layer: Layer): number => lineOf(layer.instruction, facts);
  return safeJson({
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
        .filter(([layer]) => layers.includes(layer))
        .map(([layer, rerun]) => ({ line: line(layer), verdict: rerun.verdict, reason: reason(rerun, layer, facts) })),
    })),
    lines: stages.flatMap(({ stage }) =>
      stage.instructions.map((instruction) => {
        const reruns = replay([{ kind: 'line', instruction }], facts);
        const of = (verdict: string) =>
          layers.filter((layer) => reruns.get(layer)?.verdict === verdict).map((layer) => line(layer));
        return { line: lineOf(instruction, facts), again: of('again'), perhaps: of('perhaps') };
      }),
    ),
  });
}
