import { baseName, clampToRoot } from '../context/paths.js';
import type { Facts } from './types.js';

/** Directories that a build, a package manager or a deployment fills. */
const MADE_DIRECTORY =
  /^(?:dist|build|builds|out|output|outputs|target|bin|obj|libs|release|releases|publish|published|artifacts?|deploy|deployment|vendor|node_modules|bower_components|generated|gen|coverage|reports?|tmp|temp|cache|certs?|certificates?|ssl|tls|keys|secrets?|credentials|wheels|wheelhouse|_output|_build|_site|bazel-.+|storybook-static|staticfiles|models?|weights|checkpoints|data|datasets?|downloads?|backup|backups|dump|dumps|logs?|protos?|pb|jars?|war|rootfs|installers?|standalone|dist-.+|build-.+|\.(?:next|nuxt|output|svelte-kit|vercel|cache|yarn|gradle|venv|aws|ssh|kube|docker|m2|git|terraform|bundle|cargo|npm|config))$/i;

/** Files that a build makes, a download brings, or that hold what is secret or local. */
const MADE_FILE =
  /(?:\.(?:jar|war|ear|whl|egg|deb|rpm|apk|msi|nupkg|tgz|tar|gz|xz|bz2|zst|zip|7z|exe|dll|so|dylib|a|o|class|pyc|wasm|elf|pem|crt|cer|ca-bundle|key|pub|csr|p12|pfx|jks|keystore|der|asc|gpg|sig|sha256|db|sqlite3?|sql|dump|bin|dat|img|iso|onnx|pt|pth|h5|pkl|model|gguf|log|map|license|lic|pb\.go|min\.js|min\.css|bundle\.js|swagger\.json|openapi\.(?:json|ya?ml))|\.so\.[\d.]+)$|^(?:\.env(?:\..+)?|.+\.env|\.npmrc|\.yarnrc|\.netrc|\.pypirc|\.git-credentials|\.htpasswd|pip\.conf|settings\.xml|id_(?:rsa|dsa|ecdsa|ed25519).*|known_hosts|authorized_keys|version(?:\.\w+)?|commit(?:\.\w+)?|git[-_]?(?:commit|sha|hash|rev|version|info).*|revision(?:\.\w+)?|build[-_]?(?:info|number|id|date|version|args|env).*|sha|release(?:\.\w+)?|kubeconfig.*|terraform\..*|.*credentials?.*|.*service-?account.*|.*secret.*|.*password.*|.*token.*|constraints\.txt)$/i;

/** What makes programs beside itself. */
const BUILDERS = [
  'Makefile',
  'makefile',
  'GNUmakefile',
  'justfile',
  'Taskfile.yml',
  'Taskfile.yaml',
  'go.mod',
  'main.go',
  'Cargo.toml',
  'CMakeLists.txt',
  'meson.build',
  'BUILD',
  'BUILD.bazel',
  'WORKSPACE',
  '.goreleaser.yml',
  '.goreleaser.yaml',
  'build.sh',
  'build.zig',
  'Package.swift',
  'build.sbt',
  'pom.xml',
  'magefile.go',
  'dune-project',
];

/**
 * True where a file that is not there may well be made before the image is built: build output, certificates, settings
 * with secrets, the number of a version, a program without an extension beside what builds it, and whatever .gitignore
 * keeps out of the repository.
 *
 * @param source as COPY names it
 */
export function mayBeMadeBeforeBuild({ context }: Facts, source: string): boolean {
  if (!context) return true;
  const path = clampToRoot(source);
  const name = baseName(path);
  if (path.split('/').some((part) => MADE_DIRECTORY.test(part)) || MADE_FILE.test(name)) return true;
  if (context.isGitIgnored(path)) return true;
  // Without an extension it may be a program; nothing says that it is a directory of sources.
  return !name.includes('.') && BUILDERS.some((builder) => context.kindOf(builder) !== null);
}
