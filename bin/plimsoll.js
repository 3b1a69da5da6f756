#!/usr/bin/env node
import module from 'node:module';

// Node 22 and later keep compiled code between runs.
module.enableCompileCache?.();

const { main, processIo } = await import('../dist/cli.js');
process.exitCode = await main(process.argv.slice(2), processIo(new URL('..', import.meta.url)));
