import type { ComposeService } from './types.js';
import { isMapping, member, stringOrNull } from './yaml.js';

/**
 * What a service says of the image that it is built with.
 *
 * @param file name of the compose file
 * {@link https://docs.docker.com/reference/compose-file/services/}
 */
export function readService(service: unknown, file: string): ComposeService {
  return {
    isDevelopment: /[.-](?:dev|devel|development|local|test|debug)[.-]/.test(file),
    target: stringOrNull(member(member(service, 'build'), 'target')),
    environment: environmentOf(member(service, 'environment')),
    hasMoreVariables: ['env_file', 'extends'].some((key) => isSet(member(service, key))),
    ports: portsOf(member(service, 'ports')),
    mountsSource: isSet(member(service, 'develop')) || mountsSource(member(service, 'volumes')),
    overridesCommand: ['command', 'entrypoint'].some((key) => isSet(member(service, key))),
    sharesNetwork: /^(?:host|service:|container:)/.test(stringOrNull(member(service, 'network_mode')) ?? ''),
  };
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== null;
}

/** `NAME: value`, or a list of `NAME=value`; a value with a variable in it is not known. */
function environmentOf(environment: unknown): ReadonlyMap<string, string | null> {
  const pairs: readonly (readonly [string, unknown])[] = isMapping(environment)
    ? Object.entries(environment)
    : listOf(environment).map((one) => {
        const [name = '', ...rest] = (stringOrNull(one) ?? '').split('=');
        return [name, rest.length === 0 ? null : rest.join('=')];
      });
  return new Map(
    pairs.map(([name, value]) => [name, isSet(value) && !/\$/.test(String(value)) ? String(value) : null]),
  );
}

/** `8080:80`, `127.0.0.1:8080:80/tcp`, `{ target: 80 }`. */
function portsOf(ports: unknown): readonly number[] {
  return listOf(ports).flatMap((one) => {
    const written = isMapping(one) ? one.target : one;
    const port = /(?:^|:)(\d{1,5})(?:\/tcp)?$/.exec(String(written))?.[1];
    return port === undefined ? [] : Number(port);
  });
}

/** Directories that hold what an app writes or reads, and not the app. */
const DATA =
  /(?:^|[/_.-])(?:data|db|logs?|uploads?|storage|certs?|ssl|secrets?|config|conf|cache|backups?|volumes?|media|public)\/?$|\.\w+$/i;

/** `./:/app`, `$PWD/src:/app/src`, `{ type: bind, source: . }`. */
function mountsSource(volumes: unknown): boolean {
  return listOf(volumes).some((one) => {
    const source = isMapping(one) ? stringOrNull(one.source) : (stringOrNull(one)?.split(':/', 1)[0] ?? null);
    return source !== null && /^[.$]/.test(source) && !(DATA.test(source) && !/^\.+\/?$/.test(source));
  });
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
