const { readFileSync } = require('node:fs');
const { createRequire, enableCompileCache } = require('node:module');
const { dirname } = require('node:path');
const { Script } = require('node:vm');

/**
 * Loads the bundle. The build leaves the compiled code beside it, which holds for the very version of Node that built it
 * (that of a clone, of pre-commit, of the action). Others compile, and from Node 22 on keep the result between runs.
 */
exports.load = (file) => {
  const cachedData = read(cacheName(file));
  if (cachedData) return run(compile(file, cachedData), file);
  enableCompileCache?.();
  return require(file);
};

/** For the build: the script to make a cache of, where to write it, and the exports. */
exports.loadUncached = (file) => {
  const script = compile(file, undefined);
  return { script, cache: cacheName(file), exports: run(script, file) };
};

function cacheName(file) {
  return `${file}.${process.version}-${process.platform}-${process.arch}`;
}

function compile(file, cachedData) {
  // As it stands: the bundle is wrapped already, and to wrap two megabytes here would copy them twice.
  return new Script(readFileSync(file, 'latin1'), { filename: file, cachedData });
}

function run(script, file) {
  const module = { exports: {} };
  script.runInThisContext()(module.exports, createRequire(file), module, file, dirname(file));
  return module.exports;
}

function read(path) {
  try {
    return readFileSync(path);
  } catch {
    return null;
  }
}
