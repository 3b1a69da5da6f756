import { suggest } from './suggest.js';

const SYSTEMS: readonly string[] =
  'aix android darwin dragonfly freebsd hurd illumos ios js linux nacl netbsd openbsd plan9 solaris wasip1 windows zos'.split(
    ' ',
  );
const ARCHITECTURES: readonly string[] =
  '386 amd64 amd64p32 arm armbe arm64 arm64be loong64 mips mipsle mips64 mips64le mips64p32 mips64p32le ppc ppc64 ppc64le riscv riscv64 s390 s390x sparc sparc64 wasm'.split(
    ' ',
  );
const ALIASES: readonly string[] = 'macos i386 x86_64 x86-64 aarch64 armhf armel'.split(' ');

export type PlatformResult =
  | { readonly ok: true }
  | { readonly ok: false; readonly message: string; readonly suggestion: string | null };

/**
 * Checks `os[(version)][/arch[/variant]]` or an architecture or system alone, as containerd reads it.
 * {@link https://pkg.go.dev/github.com/containerd/platforms#Parse}
 */
export function checkPlatform(text: string): PlatformResult {
  const parts = text.split('/');
  if (parts.length > 3) return { ok: false, message: `\`${text}\` has more than three parts`, suggestion: null };
  for (const [index, part] of parts.entries()) {
    const plain = index === 0 ? part.replace(/\([A-Za-z0-9_.%-]*\)$/, '') : part;
    if (!/^[A-Za-z0-9_.-]+$/.test(plain)) {
      return {
        ok: false,
        message: `\`${text}\` is not a platform: a part is empty or has odd characters`,
        suggestion: null,
      };
    }
  }
  if (parts.length > 1) return { ok: true };
  const known = [...SYSTEMS, ...ARCHITECTURES, ...ALIASES];
  const word = text.replace(/\(.*\)$/, '').toLowerCase();
  if (known.includes(word)) return { ok: true };
  return {
    ok: false,
    message: `\`${text}\` is no known operating system or architecture`,
    suggestion: suggest(word, known),
  };
}
