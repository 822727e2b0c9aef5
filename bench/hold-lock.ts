import { setTimeout as pause } from 'node:timers/promises';

import Database from 'better-sqlite3';

/** Holds a store's write lock for 50 of every 100 ms until its input ends, and then says which share of the time it had it. */
const store = new Database(process.argv[2], { timeout: 5_000 });
const periodMs = 100;
const holdMs = 50;

process.stdin.resume();

const startedAt = performance.now();
let heldMs = 0;
while (!process.stdin.readableEnded) {
  store.exec('BEGIN IMMEDIATE');
  const since = performance.now();
  await pause(holdMs);
  store.exec('COMMIT');
  heldMs += performance.now() - since;
  // Against the clock, so that a late turn does not thin the load out.
  await pause(periodMs - ((performance.now() - startedAt) % periodMs));
}
console.log(String(heldMs / (performance.now() - startedAt)));
store.close();
