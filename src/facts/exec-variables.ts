import type {
  CmdInstruction,
  EntrypointInstruction,
  HealthcheckInstruction,
  JsonString,
  RunInstruction,
} from '../dockerfile/ast.js';
import { dialectOf } from '../shell/shells.js';
import { entrypointRole, isOnItsOwn } from './entrypoint-role.js';
import { plainUse } from './expanded-words.js';
import type { Facts } from './types.js';

export type StartInstruction = CmdInstruction | EntrypointInstruction | HealthcheckInstruction | RunInstruction;

/** A variable in a string of an exec form that a program gets as it is written, dollar sign and all. */
export interface ExecVariable {
  readonly name: string;
  readonly string: JsonString;
  /** True where it stands in the name of the program, which then does not exist. */
  readonly isProgram: boolean;
  /** The program that gets it. */
  readonly program: string;
  /** True where that program is known to take its arguments as they are. */
  readonly certain: boolean;
}

/** The first such variable of an instruction; null where something may expand it, or it may be no variable. */
export function execVariable(instruction: StartInstruction, facts: Facts): ExecVariable | null {
  const form = instruction.command;
  if (form?.form !== 'exec' || !form.strings.some(({ value }) => value.includes('$'))) return null;
  const stage = facts.stageOf(instruction);
  if (!stage || stage.image.windows || instruction.onbuild) return null;
  const start = form.strings.findIndex(
    ({ value }) => !INITS.has(baseName(value)) && value !== '--' && !/^-/.test(value),
  );
  const first = form.strings[start];
  if (!first) return null;
  // Behind an ENTRYPOINT the words of CMD are what that makes of them.
  const entrypoint = instruction.keyword === 'CMD' ? stage.entrypoint : null;
  const role = entrypoint && entrypointRole(entrypoint, facts);
  if (entrypoint && (!role || role.kind === 'script')) return null;
  const isOwn = instruction.keyword !== 'CMD' || role !== null || isOnItsOwn(instruction, stage);
  if (role?.kind !== 'program') {
    const name = nameIn(first.value);
    if (name !== null && (isSet(name, instruction, facts) || IS_ENVIRONMENT.test(name)))
      return { name, string: first, isProgram: true, program: first.value, certain: isOwn };
  }
  const program = role?.kind === 'program' ? role.name : baseName(first.value);
  if (mayExpand(program) || form.strings.some(({ value }) => mayExpand(baseName(value)))) return null;
  for (const [index, string] of form.strings.entries()) {
    const name = nameIn(string.value);
    if (name === null || isCode(program, form.strings[index - 1])) continue;
    if (isPlaceholder(program, string.value, form.strings)) continue;
    const isKnown = LITERAL.has(program);
    if (!isSet(name, instruction, facts) && !(isKnown && IS_ENVIRONMENT.test(name))) continue;
    return { name, string, isProgram: false, program, certain: isKnown && isOwn };
  }
  return null;
}

/** As variables of the environment are written by custom. */
const IS_ENVIRONMENT = /^[A-Z][A-Z0-9_]*$/;

function isSet(name: string, instruction: StartInstruction, facts: Facts): boolean {
  const { env, args } = facts.stateAt(instruction);
  return env.get(name) !== undefined || args.get(name) !== undefined;
}

/** A `$` that is escaped, doubled, or part of `$(NAME)` as Kubernetes writes it, is something else. */
function nameIn(text: string): string | null {
  const match = /(?:^|[^\\$])\$(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))/.exec(text);
  const name = match?.[1] ?? match?.[2] ?? null;
  // `^foo$bar|baz`: a pattern.
  return name !== null && !/^\^|[|\\]|\.\*|\)\$/.test(text) && plainUse(text, name) ? name : null;
}

const INITS: ReadonlySet<string> = new Set(
  'tini tini-static dumb-init catatonit docker-init gosu su-exec setpriv nice nohup chroot stdbuf setsid exec'.split(
    ' ',
  ),
);

/** They run a text, or have a syntax of their own in which `$` means something. */
const EXPANDING: ReadonlySet<string> = new Set(
  'eval env envsubst make gmake awk gawk mawk perl sed jq yq find xargs parallel expect tclsh nginx caddy traefik envoy haproxy vector fluent-bit fluentd logstash telegraf supervisord supervisorctl circusd honcho foreman goreman s6-setuidgid execlineb with-contenv dockerize confd gomplate consul-template npm npx pnpm pnpx yarn yarnpkg concurrently nodemon pm2 pm2-runtime pm2-docker forever watchmedo watchexec entr script ssh su runuser sudo flock time timeout powershell pwsh cmd docker kubectl helm ansible terraform mvn gradle ant sbt psql mysql mongo mongosh redis-cli sqlite3 tmux screen busybox just task rake invoke ninja cmake bazel pytest printf'.split(
    ' ',
  ),
);

function mayExpand(name: string): boolean {
  return (
    EXPANDING.has(name) ||
    dialectOf(name) !== null ||
    /\.exe$/i.test(name) ||
    name === 'fish' ||
    name === 'csh' ||
    name === 'tcsh'
  );
}

/** They take their arguments as they stand. */
const LITERAL: ReadonlySet<string> = new Set(
  'node nodejs python python2 python3 gunicorn uvicorn hypercorn daphne flask streamlit celery dotnet java ruby puma rackup php deno bun curl wget nc ls cat cp mv rm mkdir rmdir touch chmod chown ln tar unzip test [ echo sleep tail git pip pip3 apt-get apk go cargo gcc g++ serve http-server next'.split(
    ' ',
  ),
);

const INTERPRETERS = /^(?:node|nodejs|python[\d.]*|ruby|php|deno|bun)$/;

/** True where a flag before it says that the string is code, in which a `$` may mean anything. */
function isCode(program: string, before: JsonString | undefined): boolean {
  if (LITERAL.has(program) && !INTERPRETERS.test(program)) return false;
  const flag = before?.value ?? '';
  if (INTERPRETERS.test(program) && /^(?:-[rpE]|--print)$/.test(flag)) return true;
  return /^(?:-[ce]|--(?:eval|exec|execute|run|command|cmd)|eval)$/.test(flag);
}

/** What Java's frameworks and others put values in the place of, in arguments and properties: `--port=${PORT}`. */
function isPlaceholder(program: string, text: string, strings: readonly JsonString[]): boolean {
  if (program !== 'java') return false;
  const isWhole = /^\$\{?\w+\}?$/.test(text);
  const jar = strings.findIndex(({ value }) => value === '-jar');
  const at = strings.findIndex(({ value }) => value === text);
  return !isWhole || (jar !== -1 && at > jar + 1);
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
