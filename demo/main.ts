import { once } from 'node:events';
import { parseArgs } from 'node:util';

import { answerAsModel } from './model-script.ts';
import { runDemo, type DemoPage } from './run-demo.ts';

const { values } = parseArgs({
  options: { once: { type: 'boolean', default: false }, port: { type: 'string', default: '0' } },
});

const stopping = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort());

const isTold = await runDemo({
  script: answerAsModel,
  onTold: values.once ? undefined : stayUp,
  port: Number(values.port),
  signal: stopping.signal,
  log: console.log,
});
process.exitCode = isTold || stopping.signal.aborted ? 0 : 1;

async function stayUp({ url, token }: DemoPage): Promise<void> {
  console.log(`\nThe page stays up: ${url}/?token=${token}\nCtrl-C ends it.`);
  if (!stopping.signal.aborted) await once(stopping.signal, 'abort');
}
