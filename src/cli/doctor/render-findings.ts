import type { Finding } from './finding.ts';

const signs: Record<Finding['state'], string> = { ok: '✅', warning: '⚠️', fault: '❌' };

/** One line a finding, what to do below it, and the count. */
export function renderFindings(findings: readonly Finding[]): string {
  const lines = findings.map(({ check, state, said, toDo }) => {
    const below = toDo === undefined ? '' : `\n${toDo.replaceAll(/^/gm, '     ')}`;
    // A fault of the configuration has several lines of its own.
    return `${signs[state]} ${check}: ${said.replaceAll(/\n(?=.)/g, '\n   ')}${below}`;
  });
  return `${lines.join('\n')}\n\n${count(findings, 'fault')}, ${count(findings, 'warning')}.\n`;
}

function count(findings: readonly Finding[], state: 'fault' | 'warning'): string {
  const number = findings.filter((finding) => finding.state === state).length;
  return number === 1 ? `1 ${state}` : `${number} ${state}s`;
}
