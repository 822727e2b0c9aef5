import Database from 'better-sqlite3';

import { ms, quantileOf, type Figure } from './measure.ts';

/** What became of the commands of one flood. */
export interface Acks {
  /** From the act of a person to the first that the platform heard of it. */
  tookMs: number[];
  /** How many the platform gave up on. */
  failed: number;
  /** Which share of the time another process had the store. */
  share: number;
  /** From the last command to when all were carried out. */
  behindMs: number;
  /** Commands that were carried out twice or never. */
  wrong: number;
}

/** The figures of a flood with the store contended, against one without. */
export function ackFigures(alone: Acks, contended: Acks, worstMs: number): Figure[] {
  const [base, p999] = [quantileOf(alone.tookMs, 0.999), quantileOf(contended.tookMs, 0.999)];
  const worst = quantileOf(contended.tookMs, 1);
  const isWhole = [alone, contended].every(({ failed, wrong }) => failed === 0 && wrong === 0);
  return [
    figure('nobody else at the store: p50', ms(quantileOf(alone.tookMs, 0.5))),
    figure('the same: p99.9', ms(base)),
    figure('the same: worst', ms(Math.max(...alone.tookMs))),
    figure(
      `another process has the store's lock ${(contended.share * 100).toFixed(0)} % of the time: p50`,
      ms(quantileOf(contended.tookMs, 0.5)),
    ),
    figure('the same: p99.9', `${ms(p999)}, ${(p999 / base).toFixed(2)} × that without`, '≤ 500 ms', p999 <= 500),
    figure('the same: worst', ms(worst), `< ${worstMs} ms`, worst < worstMs),
    figure('all were carried out, after the last one', `${ms(alone.behindMs)} and ${ms(contended.behindMs)}`),
    figure(
      'not acknowledged in time; carried out twice or never',
      `${alone.failed + contended.failed}; ${alone.wrong + contended.wrong}`,
      '0; 0',
      isWhole,
    ),
  ];
}

const figure = (what: string, value: string, goal = 'none', isMet = true): Figure => ({ what, value, goal, isMet });

/** How many jobs the store has. */
export function countJobs(store: string): number {
  const db = new Database(store, { readonly: true });
  try {
    return Number(db.prepare('SELECT count(*) FROM jobs').pluck().get());
  } finally {
    db.close();
  }
}
