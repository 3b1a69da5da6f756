import type { RenderEnv } from '../reporters/types.js';

/**
 * The project's own pages for a terminal: headings stand out, fences become indented text, each row of a table a few
 * lines, links are followed by their address. Everything else of Markdown reads well as it is.
 */
export function renderMarkdown(markdown: string, env: RenderEnv): string {
  const out: string[] = [];
  let fence: string | null = null;
  let columns: readonly string[] | null = null;
  for (const line of markdown
    .replace(/<!--[\s\S]*?-->\n?/g, '')
    .trimEnd()
    .split('\n')) {
    const mark = /^```(\S*)\s*(.*)$/.exec(line);
    if (mark && fence === null) {
      fence = mark[1] ?? '';
      const file = /file=(\S+)/.exec(mark[2] ?? '')?.[1];
      if (file !== undefined) out.push(`    ${env.paint('gutter', `# ${file}`)}`);
    } else if (mark) fence = null;
    else if (fence !== null) out.push(line === '' ? '' : `    ${line}`);
    else if (line.startsWith('|')) {
      const cells = cellsOf(line);
      if (columns && !/^[|\s:-]+$/.test(line)) out.push(...rowOf(columns, cells, env));
      columns ??= cells;
      continue;
    } else out.push(inline(line, env));
    columns = null;
  }
  return `${out.join('\n')}\n`;
}

function cellsOf(line: string): readonly string[] {
  return line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
}

/** One line a cell, the names of the columns before them. */
function rowOf(columns: readonly string[], cells: readonly string[], env: RenderEnv): readonly string[] {
  const width = Math.max(...columns.map((name) => name.length));
  return columns.map((name, index) => `  ${name.padEnd(width)}  ${inline(cells[index] ?? '', env)}`);
}

function inline(line: string, env: RenderEnv): string {
  const heading = /^#+ (.*)$/.exec(line);
  if (heading) return env.paint('message', heading[1] ?? '');
  return line
    .replace(/\[([^\]]+)\]\(([^)\s]+)\)/g, (_all, text: string, url: string) =>
      text === url ? url : `${text} (${url})`,
    )
    .replace(/`([^`]+)`/g, (all, code: string) =>
      env.paint('gutter', code) === code ? all : env.paint('related', code),
    )
    .replace(/\*\*([^*]+)\*\*/g, (_all, text: string) => env.paint('message', text));
}
