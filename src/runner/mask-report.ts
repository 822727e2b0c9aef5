import type { AttemptReport } from '../model/attempt.ts';

/** Echoes of the request, ids and places: a mask must not change what they refer to. */
const plain = new Set([
  'attemptId',
  'sessionId',
  'check',
  'path',
  'branch',
  'baseCommit',
  'transcriptPath',
  'patchPath',
]);

/** Masks every text of a report. */
export function maskReport(report: AttemptReport, mask: (text: string) => string): AttemptReport {
  return maskValue(report, mask) as AttemptReport;
}

function maskValue(value: unknown, mask: (text: string) => string): unknown {
  if (typeof value === 'string') return mask(value);
  if (Array.isArray(value)) return value.map((item) => maskValue(item, mask));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, plain.has(key) ? item : maskValue(item, mask)]),
  );
}
