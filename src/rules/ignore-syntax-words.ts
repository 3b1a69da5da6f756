/** What the lines of an ignore file do in fact, and what to write; for `context/ignore-syntax`. */
export const words = {
  refused: ({ problem, help }: { problem: string; help: string }) => ({ message: problem, help }),
  utf16: ({ file }: { file: string }) => ({
    message: `${file} is UTF-16, and Docker understands no line of it: all that it names is sent`,
    help: 'save it as UTF-8',
  }),
  comment: ({ text }: Line) => ({
    message: `\`#\` starts a comment only at the start of a line: here it is part of the pattern \`${text}\``,
    help: 'put the comment on a line of its own',
  }),
  slashes: (_: Line) => ({ message: '`//` starts no comment: this line is a pattern', help: 'write `#`' }),
  indented: (_: Line) => ({
    message: '`#` with a space before it starts no comment: this line is a pattern',
    help: 'start the line with `#`',
  }),
  several: ({ text, write }: Line) => ({
    message: `one line is one pattern: this leaves out only a file with the name \`${text}\``,
    help: write ?? 'write a line for each',
  }),
  braces: ({ text, write }: Line) => ({
    message: `braces are plain characters here: \`${text}\` matches only a name that has them`,
    help: write ?? 'write a line for each name',
  }),
  alternatives: ({ text, write }: Line) => ({
    message: `parentheses and \`|\` are plain characters here: \`${text}\` matches only a name that has them`,
    help: write ?? 'write a line for each name',
  }),
  negatedClass: ({ text, write }: Line) => ({
    message: `\`[!\` is no negation here: \`${text}\` matches \`!\` and the characters after it`,
    help: write ?? 'write `[^`',
  }),
  class: ({ text, write }: Line) => ({
    message: `brackets stand for one of the characters in them: \`${text}\` does not match the file of that name`,
    help: write ?? 'put a backslash before each bracket',
  }),
  backslash: ({ text, write }: Line) => ({
    message: `a backslash separates no directories where this builds on Linux or macOS: \`${text}\` matches no such path`,
    help: write ?? 'a pattern has `*`, `?`, `**` and `[...]`, and is no regular expression',
  }),
  parent: ({ text }: Line) => ({
    message: `\`${text}\` matches nothing: paths start at the root of the build context, and \`..\` would leave it`,
    help: 'take it out, or name what is in the context',
  }),
  again: ({ text, by }: { text: string; by: string }) => ({
    message: `\`${text}\` lets nothing in: the later \`${by}\` leaves it out again, and the last line that matches decides`,
    help: `move it below \`${by}\``,
  }),
  nothing: ({ text }: { text: string }) => ({
    message: `\`${text}\` does nothing: no line before it leaves that out`,
    help: 'take it out, or move it below the line that it is an exception to',
  }),
  alone: ({ text }: { text: string }) => ({
    message: `\`${text}\` does nothing: \`!\` only lets in again what an earlier line left out, so everything is sent`,
    help: 'put a line `*` above it to send nothing but what the `!` lines name',
  }),
  shallow: ({ text, path, instead }: { text: string; path: string; instead: string }) => ({
    message: `\`${text}\` only counts at the root, unlike in a .gitignore: \`${path}\` is copied`,
    help: `write \`${instead}\` for any depth`,
  }),
  stars: ({ text, path, instead }: { text: string; path: string; instead: string }) => ({
    message: `\`**\` stands for whole directories: \`${text}\` does not match \`${path}\`, which is copied`,
    help: `write \`${instead}\``,
  }),
};

interface Line {
  readonly text: string;
  /** "write `a`, `b`"; null where that is not known, or long. */
  readonly write: string | null;
}
