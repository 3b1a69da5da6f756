import type { Word } from '../dockerfile/ast.js';
import type { ImageReference } from '../dockerfile/image-reference.js';
import { isLocalImage } from './base-word.js';
import type { Facts } from './types.js';

/** A base image, and the platform that it is needed for. */
export interface WantedPlatform {
  readonly reference: ImageReference;
  readonly image: Word;
  /** The value of `--platform`; null where the whole build has the platform. */
  readonly flag: Word | null;
  /** Normalised: `linux/amd64`. */
  readonly platform: string;
}

/**
 * The base images of which it is known for which platform they are needed: by `--platform`, or by
 * `--build-arg TARGETPLATFORM`. What else is built for depends on the machine that builds.
 */
export function wantedPlatforms(facts: Facts): readonly WantedPlatform[] {
  return facts.stages.flatMap(({ stage, parent, image }) => {
    const { reference, word } = image;
    if (parent || !reference || !word || isLocalImage(reference, facts)) return [];
    const flag = stage.from.flags.find(({ name }) => name === 'platform')?.value ?? null;
    const expanded = flag ? facts.expand(flag, stage.from) : null;
    const text = expanded ? (expanded.ok ? expanded.value : null) : facts.options.buildArgs.get('TARGETPLATFORM');
    const platform = text ? normalPlatform(text) : null;
    return platform === null ? [] : [{ reference, image: word, flag, platform }];
  });
}

const ARCHITECTURES: Readonly<Record<string, string>> = {
  x86_64: 'amd64',
  'x86-64': 'amd64',
  aarch64: 'arm64',
  i386: '386',
  armhf: 'arm/v7',
  armel: 'arm/v6',
};

/** Null for what names no system and architecture. {@link https://pkg.go.dev/github.com/containerd/platforms#Normalize} */
function normalPlatform(text: string): string | null {
  const [os = '', rawArchitecture = '', variant = ''] = text.toLowerCase().split('/');
  if (os === '' || rawArchitecture === '' || os.includes('(')) return null;
  const usual = Object.hasOwn(ARCHITECTURES, rawArchitecture) ? ARCHITECTURES[rawArchitecture] : undefined;
  const [architecture = '', ownVariant = ''] = (usual ?? rawArchitecture).split('/');
  const named = variant || ownVariant;
  if (architecture === 'arm') return `${os}/arm/${named || 'v7'}`;
  const isDefault = (architecture === 'arm64' && named === 'v8') || (architecture === 'amd64' && named === 'v1');
  return named === '' || isDefault ? `${os}/${architecture}` : `${os}/${architecture}/${named}`;
}

/** True where an image for one of the platforms runs on the wanted one, as containerd picks it. */
export function offersPlatform(offered: readonly string[], wanted: string): boolean {
  const [os, architecture = '', variant = ''] = wanted.split('/');
  return offered.some((text) => {
    const one = normalPlatform(text) ?? text;
    const [otherOs, otherArchitecture = '', otherVariant = ''] = one.split('/');
    if (os !== otherOs) return false;
    if (architecture === 'amd64') return otherArchitecture === 'amd64' || otherArchitecture === '386';
    if (architecture === 'arm64') return otherArchitecture === 'arm64' || otherArchitecture === 'arm';
    // Newer processors run what was built for older ones.
    return architecture === otherArchitecture && (architecture !== 'arm' || otherVariant <= variant);
  });
}
