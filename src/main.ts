#!/usr/bin/env node
import { refuseOldNode } from './refuse-old-node.ts';

const refusal = refuseOldNode(process.versions.node);
if (refusal === undefined) {
  // Nothing native may load before Node's version is known: better-sqlite3 13 crashes Node 20.
  const { runCli } = await import('./cli/run-cli.ts');
  const { watchOutput } = await import('./cli/watch-output.ts');
  process.exitCode = await runCli(process.argv.slice(2), process.env, watchOutput(process));
} else {
  process.stderr.write(`${refusal}\n`);
  process.exitCode = 1;
}
