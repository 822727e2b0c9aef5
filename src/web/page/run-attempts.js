import { el } from './dom.js';
import { bdi, renderAt, renderCost, renderFacts, renderTook, renderVerdict } from './facts.js';
import { icon } from './icons.js';
import { renderCheckName } from './job-page.js';
import { withCode } from './render-blocks.js';

const count = new Intl.NumberFormat();

/** Every attempt: why it ended, what it took, and what Claude said. The newest one stands first. */
export function renderAttempts(run) {
  if (run.attempts.length === 0) return [];
  return [el('h2', {}, 'Attempts'), ...run.attempts.map((attempt) => renderAttempt(run, attempt)).reverse()];
}

function renderAttempt(run, attempt) {
  const cause = attempt.endedAt === null ? 'running' : (attempt.reason ?? attempt.cause ?? '');
  return el(
    'article',
    { class: 'attempt', 'aria-label': `Attempt ${attempt.number}` },
    el(
      'h3',
      {},
      `Attempt ${attempt.number}`,
      cause === '' ? '' : ' · ',
      el('bdi', {}, ...withCode(cause === 'done' ? 'done' : cause)),
    ),
    renderFacts([
      ['Started', renderAt(attempt.startedAt)],
      ['Took', renderTook(attempt)],
      ['Cost', attempt.costUsd === null ? null : renderCost(attempt.costUsd)],
      ['Turns', attempt.turns],
      ['Tool calls', attempt.toolCalls],
      ['Tokens', renderTokens(attempt.tokens)],
      ['Model', attempt.model === null ? null : bdi(attempt.model)],
      ['Claude Code', attempt.cliVersion === null ? null : bdi(attempt.cliVersion)],
      [
        'Key',
        attempt.keySource === null ? null : attempt.keySource === 'none' ? 'a subscription' : bdi(attempt.keySource),
      ],
      ['Changes', renderChanges(attempt.changes)],
      ['Log', attempt.hasLog ? renderLogLink(run, attempt) : null],
    ]),
    ...renderFailedStep(attempt.failedStep),
    ...renderFailedChecks(run, attempt),
    ...attempt.denials.map(({ tool, detail }) => el('p', {}, 'Not allowed: ', el('code', {}, detail || tool))),
    ...attempt.remarks.map((remark) => el('p', { dir: 'auto' }, remark)),
    attempt.words === ''
      ? null
      : el(
          'figure',
          { class: 'claude' },
          el('figcaption', {}, 'Claude says'),
          el('blockquote', { dir: 'auto' }, attempt.words),
        ),
  );
}

const renderTokens = (tokens) =>
  tokens === null
    ? null
    : `${count.format(tokens.input)} in, ${count.format(tokens.output)} out, ${count.format(tokens.cacheRead)} from the cache`;

function renderChanges(changes) {
  if (changes === null) return null;
  if (changes.files === 0) return 'none';
  const names = changes.names.slice(0, 50).map((name) => el('li', {}, el('code', { dir: 'auto' }, name)));
  return el(
    'details',
    {},
    el(
      'summary',
      {},
      `${changes.files} ${changes.files === 1 ? 'file' : 'files'}, +${changes.insertions} −${changes.deletions}`,
    ),
    el('ul', { class: 'plain' }, ...names),
    changes.files > names.length ? `and ${changes.files - names.length} more` : '',
  );
}

function renderLogLink(run, { number }) {
  const href = `/api/runs/${run.id}/log?attempt=${number}`;
  const name = `${run.id}-attempt-${number}.log`;
  return [
    el('a', { href, target: '_blank', rel: 'noopener' }, 'read'),
    ' · ',
    el('a', { href: `${href}&download=true`, download: name, 'aria-label': `Download ${name}` }, icon('download')),
  ];
}

function renderFailedStep(step) {
  if (step === null) return [];
  const output = step.output.trim() === '' ? [] : [el('pre', { class: 'output', tabindex: '0' }, step.output)];
  return [el('p', {}, el('bdi', {}, ...withCode(step.message))), ...output];
}

/** The checks that this attempt failed; those of the last one stand above. */
function renderFailedChecks(run, attempt) {
  if (attempt === run.attempts.at(-1)) return [];
  return attempt.checksAfter
    .filter((result) => result.verdict !== 'pass')
    .map((result) =>
      el(
        'details',
        {},
        el('summary', {}, renderCheckName(result.check), ' ', renderVerdict(result)),
        el('pre', { class: 'output', tabindex: '0' }, result.outputEnd),
      ),
    );
}
