import { cpus, loadavg } from 'node:os';

/** One figure, with what it is compared with. */
export interface Figure {
  what: string;
  value: string;
  goal: string;
  isMet: boolean;
}

export const medianOf = (values: readonly number[]): number => quantileOf(values, 0.5);

export function quantileOf(values: readonly number[], quantile: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * quantile))] ?? NaN;
}

/** The median time of `times` calls, in milliseconds. */
export function timeMs(times: number, work: () => void): number {
  const taken = Array.from({ length: times }, () => {
    const startedAt = performance.now();
    work();
    return performance.now() - startedAt;
  });
  return medianOf(taken);
}

export const ms = (value: number): string => `${value < 10 ? value.toFixed(2) : value.toFixed(0)} ms`;

export function printFigures(title: string, figures: readonly Figure[]): void {
  const [cpu] = cpus();
  console.log(`\n## ${title}`);
  console.log(
    `${cpus().length} × ${cpu?.model ?? 'unknown'}, load ${loadavg()[0]?.toFixed(1)}, Node ${process.version}`,
  );
  for (const { what, value, goal, isMet } of figures)
    console.log(`${isMet ? 'met   ' : 'MISSED'} ${what}: ${value} (goal: ${goal})`);
}
