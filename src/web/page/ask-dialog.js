import { el } from './dom.js';

/** Asks once before something that can't be undone, and for what a button wants to know. */
export function createAskDialog(labels) {
  const dialog = el('dialog', { class: 'ask-dialog', 'aria-labelledby': 'ask-title' });
  document.body.append(dialog);

  const open = ({ title, content, submit, isDanger, onSubmit }) => {
    const form = el(
      'form',
      {
        method: 'dialog',
        class: 'ask',
        onsubmit: (event) => {
          if (event.submitter?.value === 'yes') onSubmit();
        },
      },
      el('h2', { id: 'ask-title' }, title),
      ...content,
      el(
        'footer',
        { class: 'form-acts' },
        el('button', { type: 'submit', value: 'no', class: 'plain', formnovalidate: true }, 'Not now'),
        el('button', { type: 'submit', value: 'yes', class: isDanger ? 'send danger' : 'send' }, submit),
      ),
    );
    dialog.replaceChildren(form);
    dialog.showModal();
  };

  return {
    toDelete(job, onSubmit) {
      const about = el('p', {}, 'It is not run any more. Its runs and their logs can still be read.');
      open({
        title: `Delete ${job}?`,
        content: [about],
        submit: labels.delete,
        isDanger: true,
        onSubmit,
      });
    },
    forNote(run, onSubmit) {
      const note = el('textarea', { rows: 4, maxlength: 10_000, autofocus: true });
      open({
        title: `${labels.retry} ${run}`,
        content: [el('label', { class: 'ask-note' }, 'What should Claude know this time?', note)],
        submit: labels.retry,
        isDanger: false,
        onSubmit: () => onSubmit(note.value.trim()),
      });
    },
  };
}
