/** `Dockerfile`, `Dockerfile.dev`, `Containerfile.test`; in lower case only alone: `dockerfile.ts` is a program. */
const LEADING = /^(?:Dockerfile|Containerfile)(?:\..+)?$|^(?:dockerfile|containerfile)$/;
/** `api.Dockerfile`, `api.dockerfile`. */
const TRAILING = /.\.(?:[Dd]ockerfile|[Cc]ontainerfile)$/;

/** Templates, which are no Dockerfiles before they are filled in; ignore files; texts and copies of editors. */
const OTHER =
  /\.(?:dockerignore|containerignore|j2|jinja|jinja2|erb|tmpl|gotmpl|tpl|tmp|template|in|mustache|hbs|ejs|m4|md|rst|html|orig|rej|bak|swp|swo|old|diff|patch|sha256|sig|asc)$|~$/i;

/** Whether a directory's file is linted without being named. */
export function isDockerfileName(name: string): boolean {
  return (LEADING.test(name) || TRAILING.test(name)) && !OTHER.test(name);
}
