import type { Layer } from '../../facts/layers.js';
import { shorten } from '../../model/shorten.js';
import { visible } from '../../reporters/visible.js';
import { costs, instructionText, type LayerPlan, lineOf, stageName } from './plan.js';

/**
 * A flow chart for a pull request or a README: a box for each step, coloured by the change that was given or else by an edit
 * of the source. {@link https://mermaid.js.org/syntax/flowchart.html}
 */
export function layersMermaid({ facts, layers, stages, edits }: LayerPlan): string {
  const [edit] = edits;
  const id = (layer: Layer): string => `L${layer.index}`;
  const shown = new Set(layers);
  const lines = ['flowchart TD'];
  if (edit) lines.push(`  %% coloured: what runs again after an edit of ${comment(edit.name)}`);
  for (const stage of stages) {
    lines.push(`  subgraph S${stage.index}["${label(stageName(stage))}"]`);
    for (const layer of layers.filter((one) => one.stage === stage)) {
      const cost = costs(layer);
      const text = `${lineOf(layer.instruction, facts)}: ${shorten(instructionText(layer.instruction, facts), 60)}`;
      lines.push(`    ${id(layer)}["${label(text)}${cost.length > 0 ? `<br/>${label(cost.join(', '))}` : ''}"]`);
    }
    lines.push('  end');
  }
  for (const layer of layers) {
    if (layer.parent && shown.has(layer.parent)) lines.push(`  ${id(layer.parent)} --> ${id(layer)}`);
    for (const stage of new Set(layer.inputs.files.flatMap((input) => input.stage ?? []))) {
      const last = layers.findLast((one) => one.stage === stage);
      if (last) lines.push(`  ${id(last)} -. files .-> ${id(layer)}`);
    }
  }
  lines.push('  classDef again fill:#f8d7da,stroke:#b02a37,color:#000');
  lines.push('  classDef perhaps fill:#fff3cd,stroke:#997404,color:#000');
  lines.push('  classDef cached fill:#d1e7dd,stroke:#146c43,color:#000');
  for (const verdict of ['again', 'perhaps', 'cached'] as const) {
    const ids = layers.filter((layer) => (edit?.reruns.get(layer)?.verdict ?? 'cached') === verdict).map(id);
    if (ids.length > 0 && edit) lines.push(`  class ${ids.join(',')} ${verdict}`);
  }
  return `${lines.join('\n')}\n`;
}

/** Text inside quotes: every character with a meaning there as an entity. */
function label(text: string): string {
  return visible(text).replace(/["#<>&;`\\[\]{}()|]/g, (character) => `#${character.codePointAt(0)};`);
}

/** Text of a comment, in which braces would begin a directive. */
function comment(text: string): string {
  return visible(text).replace(/[{}%]/g, ' ');
}
