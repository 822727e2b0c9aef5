import { Histogram, type Registry } from 'prom-client';

const everyMs = 250;
const buckets = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Measures how late a timer fires: what keeps the loop busy keeps everybody waiting. Returns what ends it. */
export function watchLoopDelay(registry: Registry): () => void {
  const delay = new Histogram({
    name: 'nightdesk_loop_delay_seconds',
    help: 'How late a timer of the event loop fired, looked at four times a second.',
    buckets,
    registers: [registry],
  });
  let expected = performance.now() + everyMs;
  const look = (): void => {
    delay.observe(Math.max(0, performance.now() - expected) / 1000);
    expected = performance.now() + everyMs;
    timer.refresh();
  };
  const timer = setTimeout(look, everyMs).unref();
  return () => clearTimeout(timer);
}
