/** A Dockerfile with its build context, as the simulation of the cache knows it; printed as text for the parser. */
export interface Model {
  readonly globals: readonly ArgLine[];
  readonly stages: readonly StageModel[];
  /** Build arguments that are given. */
  readonly buildArgs: Readonly<Record<string, string>>;
  /** The build context without the Dockerfile: path to content. */
  readonly files: Readonly<Record<string, string>>;
  /** Lines of the ignore file; null: none. */
  readonly ignore: readonly string[] | null;
  /** Text of a comment at the end of the Dockerfile. */
  readonly comment: string;
}

export interface StageModel {
  /** An image, maybe with a variable; or the number of an earlier stage. */
  readonly from: string | number;
  readonly lines: readonly Line[];
}

export interface ArgLine {
  readonly keyword: 'ARG';
  readonly name: string;
  readonly value: string | null;
}

export type Line =
  | ArgLine
  | { readonly keyword: 'ENV'; readonly name: string; readonly value: string }
  | { readonly keyword: 'USER' | 'WORKDIR'; readonly value: string }
  | { readonly keyword: 'SHELL'; readonly value: string }
  /** LABEL, EXPOSE, CMD and the like: no step, no part of a key. */
  | { readonly keyword: 'LABEL' | 'CMD' | 'ENTRYPOINT' | 'EXPOSE' | 'STOPSIGNAL' | 'VOLUME'; readonly value: string }
  | RunLine
  | CopyLine
  | { readonly keyword: 'HEREDOC'; readonly content: string; readonly to: string };

export interface RunLine {
  readonly keyword: 'RUN';
  readonly form: 'shell' | 'exec' | 'heredoc';
  readonly value: string;
  readonly mounts: readonly Mount[];
}

export interface Mount {
  readonly type: 'bind' | 'cache' | 'secret';
  /** For `bind`: number of an earlier stage; null: the context. */
  readonly from: number | null;
  /** For `bind`; null: all of it. */
  readonly source: string | null;
  readonly target: string;
}

export interface CopyLine {
  readonly keyword: 'COPY' | 'ADD';
  /** Number of an earlier stage; null: the context. */
  readonly from: number | null;
  readonly sources: readonly string[];
  readonly to: string;
  readonly link: boolean;
  readonly chmod: string | null;
  readonly exclude: string | null;
  readonly chown: string | null;
}

/** The name that a stage is printed with. */
const stageName = (index: number): string => `s${index}`;

/** The text, and the line (from 1) of each instruction: of the globals, then of each stage's FROM and its own. */
export function print(model: Model): { text: string; globals: number[]; stages: { from: number; lines: number[] }[] } {
  const out: string[] = ['# syntax=docker/dockerfile:1'];
  const put = (text: string): number => {
    out.push(...text.split('\n'));
    return out.length - text.split('\n').length + 1;
  };
  const globals = model.globals.map((line) => put(printLine(line)));
  const stages = model.stages.map((stage, index) => {
    const image = typeof stage.from === 'number' ? stageName(stage.from) : stage.from;
    return {
      from: put(`FROM ${image} AS ${stageName(index)}`),
      lines: stage.lines.map((line) => put(printLine(line))),
    };
  });
  return { text: `${out.join('\n')}\n# ${model.comment}\n`, globals, stages };
}

function printLine(line: Line): string {
  switch (line.keyword) {
    case 'ARG':
      return `ARG ${line.name}${line.value === null ? '' : `=${line.value}`}`;
    case 'ENV':
      return `ENV ${line.name}=${line.value}`;
    case 'RUN': {
      const flags = line.mounts.map((mount) => `--mount=${mountText(mount)} `).join('');
      if (line.form === 'heredoc') return `RUN ${flags}<<EOF\n${line.value}\nEOF`;
      return `RUN ${flags}${line.form === 'exec' ? JSON.stringify(line.value.split(' ')) : line.value}`;
    }
    case 'COPY':
    case 'ADD':
      return [line.keyword, ...copyFlags(line), ...line.sources, line.to].join(' ');
    case 'HEREDOC':
      return `COPY <<EOF ${line.to}\n${line.content}\nEOF`;
    case 'SHELL':
      return `SHELL ["/bin/sh", "-${line.value}"]`;
    default:
      return `${line.keyword} ${line.value}`;
  }
}

function copyFlags({ from, link, chmod, exclude, chown }: CopyLine): string[] {
  return [
    ...(from === null ? [] : [`--from=${stageName(from)}`]),
    ...(link ? ['--link'] : []),
    ...(chmod === null ? [] : [`--chmod=${chmod}`]),
    ...(exclude === null ? [] : [`--exclude=${exclude}`]),
    ...(chown === null ? [] : [`--chown=${chown}`]),
  ];
}

export function mountText({ type, from, source, target }: Mount): string {
  return [
    `type=${type}`,
    ...(from === null ? [] : [`from=${stageName(from)}`]),
    ...(source === null ? [] : [`source=${source}`]),
    type === 'secret' ? `id=${target.slice(1)}` : `target=${target}`,
  ].join(',');
}
