const { readFileSync } = require('node:fs');
const { createRequire, enableCompileCache, wrap } = require('node:module');
const { dirname } = require('node:path');
const { Script } = require('node:vm');

/**
 * Loads the bundle. Node 22 and later keep compiled code between runs by themselves; for Node 20 the build leaves the
 * compiled code beside the bundle, which V8 takes only where it is its own version that made it.
 */
exports.load = (file) => {
  if (enableCompileCache) {
    enableCompileCache();
    return require(file);
  }
  const script = compile(file, cacheOf(file));
  return run(script, file);
};

/** For the build: the script to make a cache of, and its exports. */
exports.loadUncached = (file) => {
  const script = compile(file, undefined);
  return { script, exports: run(script, file) };
};

function compile(file, cachedData) {
  return new Script(wrap(readFileSync(file, 'latin1')), { filename: file, cachedData });
}

function run(script, file) {
  const module = { exports: {} };
  script.runInThisContext()(module.exports, createRequire(file), module, file, dirname(file));
  return module.exports;
}

function cacheOf(file) {
  try {
    return readFileSync(`${file}.cache`);
  } catch {
    return undefined;
  }
}
