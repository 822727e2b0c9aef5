import { el } from './dom.js';
import { renderDuration, renderVerdict } from './facts.js';
import { renderCheckName } from './job-page.js';
import { createTable } from './table.js';

/** Each check with what it came to before the first attempt and after the last one, and the end of its output. */
export function renderChecks(run) {
  const heading = el('h2', {}, 'Checks');
  if (run.checks.length === 0) return [heading, el('p', { class: 'none' }, 'None were given: nothing is proven.')];
  const before = run.attempts[0]?.checksBefore ?? [];
  const after = run.attempts.findLast((attempt) => attempt.checksAfter.length > 0)?.checksAfter ?? [];
  if (before.length + after.length === 0) {
    return [heading, el('ul', { class: 'plain' }, ...run.checks.map((check) => el('li', {}, renderCheckName(check))))];
  }
  const table = createTable('Checks', ['Check', 'Before', 'Now', 'Took']);
  const find = (results, check) => results.find((result) => result.check === check);
  table.show(
    run.checks.map((check) => {
      const now = find(after, check);
      return [
        renderCheckName(check),
        renderResult(find(before, check)),
        renderResult(now),
        now === undefined ? '–' : renderDuration(now.durationMs),
      ];
    }),
  );
  const outputs = run.checks.flatMap((check) =>
    [
      ['before', find(before, check)],
      ['now', find(after, check)],
    ].flatMap(([when, result]) =>
      result === undefined || result.outputEnd === '' ? [] : [renderOutput(check, when, result, when === 'now')],
    ),
  );
  return [heading, table.element, ...outputs];
}

const renderResult = (result) => (result === undefined ? '–' : renderVerdict(result));

function renderOutput(check, when, { outputEnd, verdict }, isLatest) {
  return el(
    'details',
    { open: isLatest && verdict === 'fail' },
    el('summary', {}, renderCheckName(check), ` ${when}: the end of its output`),
    el('pre', { class: 'output', tabindex: '0', role: 'region', 'aria-label': `Output ${when}` }, outputEnd),
  );
}
