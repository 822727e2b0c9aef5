import { el } from './dom.js';
import { withCode } from './render-blocks.js';

/** What stands in the form, in its order, two in a row. `wide` takes a row of its own. */
const rows = [
  { name: 'goal', label: 'Goal', kind: 'lines', rows: 4, wide: true, hint: 'What Claude is to do, in your own words.' },
  { name: 'project', label: 'Project', kind: 'select' },
  { name: 'name', label: 'Name' },
  { name: 'when', label: 'When', hint: 'In words: weekdays at 2am, every 6 hours. Empty: on demand.' },
  { name: 'zone', label: 'Time zone' },
  {
    name: 'accept',
    label: 'Checks',
    kind: 'lines',
    rows: 3,
    wide: true,
    hint: 'One a line: “$ npm test” must exit with 0; a sentence is judged. An indented line goes on with the one above.',
  },
  { name: 'timeout', label: 'Time limit', hint: 'Of an attempt: 2h, 45 min.' },
  { name: 'retries', label: 'Retries', hint: 'Attempts that may follow the first.', mode: 'numeric' },
  { name: 'budget', label: 'Budget', hint: 'US dollars for a run, over all attempts.', mode: 'decimal' },
  { name: 'model', label: 'Model' },
  { name: 'notify', label: 'Notify me', kind: 'select' },
  { name: 'overlap', label: 'Due while the last run goes on', kind: 'select' },
  { name: 'catch-up', label: 'Missed while nightdesk was down', kind: 'select' },
  { name: 'catch-up-within', label: 'Caught up within', hint: 'How late it may still be run: 12h, 2 days.' },
];

const idOf = (name) => `job-form-${name}`;

/**
 * The fields of the form, each with its label, its hint and a place for its faults. `read` and `write` speak texts by name;
 * `showFaults` puts each fault at its field and returns the first faulty one.
 */
export function createFormFields() {
  const fields = new Map(rows.map((row) => [row.name, createField(row)]));
  const control = (name) => fields.get(name).control;
  return {
    elements: [...fields.values()].map(({ element }) => element),
    control,
    read: () => Object.fromEntries(rows.map(({ name }) => [name, control(name).value])),
    write(values) {
      for (const { name } of rows) control(name).value = values[name];
    },
    placeholders(values) {
      for (const [name, text] of Object.entries(values)) {
        if (control(name).tagName === 'INPUT') control(name).placeholder = text;
      }
    },
    offer(name, options) {
      control(name).replaceChildren(...options.map(({ value, label }) => el('option', { value }, label)));
    },
    after: (name, element) => fields.get(name).control.after(element),
    showFaults(faults) {
      for (const [name, field] of fields) {
        const own = faults.filter((fault) => fault.field === name).map(({ message }) => message);
        field.error.replaceChildren(...withCode(own.join('\n')));
        field.error.hidden = own.length === 0;
        if (own.length > 0) field.control.setAttribute('aria-invalid', 'true');
        else field.control.removeAttribute('aria-invalid');
      }
      return [...fields.values()].find(({ error }) => !error.hidden)?.control;
    },
    clearFault(changed) {
      const field = [...fields.values()].find((each) => each.control === changed);
      if (field === undefined) return;
      field.error.hidden = true;
      field.control.removeAttribute('aria-invalid');
    },
  };
}

function createField({ name, label, kind, hint, rows: lines, wide, mode }) {
  const [hintId, errorId] = [`${idOf(name)}-hint`, `${idOf(name)}-error`];
  const props = {
    id: idOf(name),
    name,
    'aria-describedby': hint === undefined ? errorId : `${errorId} ${hintId}`,
    autocomplete: 'off',
    autocapitalize: 'off',
  };
  const control =
    kind === 'lines'
      ? el('textarea', { ...props, rows: lines, spellcheck: String(name === 'goal') })
      : kind === 'select'
        ? el('select', props)
        : el('input', { ...props, type: 'text', inputmode: mode, spellcheck: 'false' });
  const error = el('p', { class: 'field-error', id: errorId, hidden: true });
  const element = el(
    'div',
    { class: wide ? 'form-field wide' : 'form-field' },
    el('label', { for: idOf(name) }, label),
    control,
    error,
    hint === undefined ? null : el('p', { class: 'field-hint', id: hintId }, hint),
  );
  return { element, control, error };
}
