import { el } from './dom.js';
import { icon } from './icons.js';

/** The dialog around the form's fields, on the page and closed. */
export function createFormDialog(fields) {
  const title = el('h2', { id: 'job-form-title' });
  const problem = el('p', { class: 'form-problem', role: 'alert', hidden: true });
  const submit = el('button', { type: 'submit', class: 'send' });
  const close = () => dialog.close();
  const form = el(
    'form',
    { class: 'job-form', novalidate: true },
    el(
      'header',
      { class: 'bar' },
      title,
      el('button', { type: 'button', class: 'close', 'aria-label': 'Close the form', onclick: close }, icon('close')),
    ),
    el('div', { class: 'form-body' }, problem, ...fields),
    el(
      'footer',
      { class: 'form-acts' },
      el('button', { type: 'button', class: 'plain', onclick: close }, 'Cancel'),
      submit,
    ),
  );
  const dialog = el('dialog', { class: 'form-dialog', 'aria-labelledby': 'job-form-title' }, form);
  document.body.append(dialog);
  return { dialog, form, title, problem, submit };
}
