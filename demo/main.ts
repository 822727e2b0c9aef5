import { parseArgs } from 'node:util';

import { answerAsModel } from './model-script.ts';
import { runDemo } from './run-demo.ts';

const { values } = parseArgs({
  options: { once: { type: 'boolean', default: false }, port: { type: 'string', default: '0' } },
});

const stopping = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort());

const isTold = await runDemo({
  script: answerAsModel,
  staysUp: !values.once,
  port: Number(values.port),
  signal: stopping.signal,
  log: console.log,
});
process.exitCode = isTold || stopping.signal.aborted ? 0 : 1;
