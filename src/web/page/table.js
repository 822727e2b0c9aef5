import { el, replaceKeepingFocus } from './dom.js';

/** A table that becomes cards on a narrow page; the roles say that it is still a table. Each of `columns` is a heading. */
export function createTable(label, columns) {
  const body = el('tbody', { role: 'rowgroup' });
  const heads = columns.map((name) => el('th', { role: 'columnheader', scope: 'col' }, name));
  const table = el(
    'table',
    { role: 'table', 'aria-label': label },
    el('thead', { role: 'rowgroup' }, el('tr', { role: 'row' }, ...heads)),
    body,
  );
  return {
    element: el('div', { class: 'table' }, table),
    /** Shows these rows: the first cell of each names it. The focus stays where it was, by `data-key`. */
    show(rows) {
      replaceKeepingFocus(
        body,
        rows.map((cells) => renderRow(columns, cells)),
      );
    },
  };
}

function renderRow(columns, cells) {
  const rendered = cells.map((cell, index) => {
    const props = { 'data-label': columns[index] };
    return index === 0
      ? el('th', { role: 'rowheader', scope: 'row', ...props }, ...[cell].flat())
      : el('td', { role: 'cell', ...props }, ...[cell].flat());
  });
  return el('tr', { role: 'row' }, ...rendered);
}
