const levels = new Map([
  [10, 'trace'],
  [20, 'debug'],
  [30, 'info'],
  [40, 'warn'],
  [50, 'error'],
  [60, 'fatal'],
]);

/** What stands in every line, or is written in a place of its own. */
const known = new Set(['level', 'time', 'pid', 'msg', 'err']);

/** A line of the log, which is JSON, as people read it in a terminal: time, level, words, facts, and the stack of an error. */
export function prettyLogLine(json: string): string {
  const line = JSON.parse(json) as Record<string, unknown> & { time: number; level: number; msg?: string };
  const time = new Date(line.time).toTimeString().slice(0, 8);
  const facts = Object.entries(line)
    .filter(([key]) => !known.has(key))
    .map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  const words = [time, (levels.get(line.level) ?? String(line.level)).padEnd(5), line.msg, ...facts];
  const { stack } = (line['err'] ?? {}) as { stack?: unknown };
  const below = typeof stack === 'string' ? `\n${stack.replaceAll(/^/gm, '    ')}` : '';
  return `${words.filter((word) => word !== undefined).join(' ')}${below}\n`;
}
