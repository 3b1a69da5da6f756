import type { SourceFile } from './source.js';
import type { Span } from './span.js';

/** From worst to mildest; "off" is not a severity but the absence of a rule. */
export type Severity = 'error' | 'warning' | 'info' | 'style';

export const SEVERITIES: readonly Severity[] = ['error', 'warning', 'info', 'style'];

/** True where `a` is as bad as `b` or worse. */
export function isAtLeast(a: Severity, b: Severity): boolean {
  return SEVERITIES.indexOf(a) <= SEVERITIES.indexOf(b);
}

/** A span of some file; findings may stand in the Dockerfile or in a file of its build context. */
export interface Place {
  readonly file: SourceFile;
  readonly span: Span;
}

/** A second place that explains the finding, with words of its own. */
export interface Related extends Place {
  readonly message: string;
}

/** Replaces `span` by `text`; an empty span inserts. Offsets are of the file as it was read. */
export interface Edit {
  readonly file: SourceFile;
  readonly span: Span;
  readonly text: string;
}

/**
 * `safe`: the image stays the same but for what the finding is about, and may be applied unseen.
 * `suggestion`: likely right, but a person should look at it.
 */
export type FixKind = 'safe' | 'suggestion';

export interface Fix {
  readonly kind: FixKind;
  /** What the fix does, as an imperative without a full stop: "Add --no-install-recommends". */
  readonly title: string;
  /** Not overlapping, all or none. */
  readonly edits: readonly Edit[];
}

export interface Finding {
  /** Rule id, `family/name`; `internal` for a rule that threw. */
  readonly rule: string;
  readonly severity: Severity;
  /** What is wrong and what it causes; one sentence without a full stop at its end. */
  readonly message: string;
  /** What to do; shown as `= help` under the frame. */
  readonly help: string | null;
  /** The label under the squiggle; null for none. */
  readonly label: string | null;
  readonly at: Place;
  readonly related: readonly Related[];
  readonly fix: Fix | null;
  /** Secrets that no report may show, be it in a frame of this finding or of another. */
  readonly sensitive: readonly Place[];
  /** Set where the finding was silenced by a comment. Such findings are kept for SARIF and left out elsewhere. */
  readonly suppressed: Suppressed | null;
}

export interface Suppressed {
  /** The comment that silences it. */
  readonly by: Place;
  /** The text after ` -- `. */
  readonly reason: string | null;
}
