import { request } from './api.js';
import { joinChecks, splitChecks } from './check-lines.js';
import { createFormDialog } from './form-dialog.js';
import { createFormFields } from './form-fields.js';
import { withCode } from './render-blocks.js';
import { createWhenPreview } from './when-preview.js';

/** The fields that take one of a few words. */
const rules = {
  notify: { failure: 'when it fails', always: 'always', never: 'never' },
  overlap: {
    skip: 'leave it out',
    queue: 'run when the last has ended',
    cancel: 'cancel the last and run',
    allow: 'run beside it',
  },
  'catch-up': { skip: 'leave it out', latest: 'run the latest', all: 'run all, up to 10' },
};

/**
 * The form for a new job and for editing one, in a dialog. `channel()` is where the job belongs; `onDone(channel, answer)` gets
 * what the asker is answered.
 */
export function createJobForm({ channel, onDone, report }) {
  const fields = createFormFields();
  const preview = createWhenPreview({
    asked: () => ({ words: fields.control('when').value, zone: fields.control('zone').value, channel: opened.channel }),
  });
  fields.after('when', preview.element);
  const { dialog, form, title, problem, submit } = createFormDialog(fields.elements);

  /** What the form was opened for. */
  let opened = { channel: '', target: null, draft: null, base: {}, isSent: true };
  let sent = { body: '', key: '' };

  const showFaults = (faults) => {
    const general = faults.filter(({ field }) => field === null).map(({ message }) => message);
    problem.replaceChildren(...withCode(general.join('\n')));
    problem.hidden = general.length === 0;
    const first = fields.showFaults(faults);
    if (general.length > 0) problem.scrollIntoView({ block: 'nearest' });
    return first;
  };

  const show = ({ target, draft, fields: values, base, usual, faults }, projects) => {
    opened = { channel: channel(), target, draft, base, isSent: false };
    title.textContent = target === null ? 'New job' : `Edit ${target}`;
    submit.textContent = target === null ? 'Schedule' : 'Save';
    fields.offer('project', projectOptions(projects, values.project));
    const chosen = Object.fromEntries(Object.keys(rules).map((name) => [name, values[name] || usual[name]]));
    for (const [name, value] of Object.entries(chosen)) fields.offer(name, ruleOptions(rules[name], value));
    fields.write({ ...values, accept: joinChecks(values.accept), ...chosen });
    fields.placeholders(placeholdersOf(usual, target === null));
    const first = showFaults(faults);
    void preview.look();
    if (!dialog.open) dialog.showModal();
    (first ?? fields.control('goal')).focus();
  };

  const open = async (path) => {
    try {
      const [{ form: given }, { projects }] = await Promise.all([
        request('GET', path),
        request('GET', '/api/projects'),
      ]);
      show(given, projects);
    } catch (error) {
      report(error);
    }
  };

  const send = async () => {
    const values = changedFields(fields.read(), opened);
    const { target, draft } = opened;
    const body = {
      channel: opened.channel,
      fields: values,
      ...(target === null ? {} : { target }),
      ...(draft === null ? {} : { draft }),
    };
    // The same form after a lost connection is the same job.
    const text = JSON.stringify(body);
    if (sent.body !== text) sent = { body: text, key: crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}` };
    form.setAttribute('aria-busy', 'true');
    submit.disabled = true;
    try {
      const answer = await request('POST', '/api/forms', body, { 'idempotency-key': sent.key });
      if (!answer.ok) {
        showFaults(answer.faults)?.focus();
        return;
      }
      sent = { body: '', key: '' };
      opened.isSent = true;
      dialog.close();
      onDone(opened.channel, { ...answer, attachments: [], command: title.textContent });
    } catch (error) {
      showFaults([{ field: null, message: error.message }]);
    } finally {
      submit.disabled = false;
      form.removeAttribute('aria-busy');
    }
  };

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (!submit.disabled) void send();
  });
  form.addEventListener('input', ({ target }) => {
    fields.clearFault(target);
    if (target.name === 'when' || target.name === 'zone') preview.changed();
  });

  return {
    /** For a new job. What was typed and not sent is still there. */
    openNew() {
      const isLeft = !opened.isSent && opened.target === null && opened.draft === null;
      if (isLeft && opened.channel === channel()) dialog.showModal();
      else void open(`/api/form?channel=${encodeURIComponent(channel())}`);
    },
    openDraft: (id) => open(`/api/drafts/${id}`),
    openJob: (name) => open(`/api/jobs/${encodeURIComponent(name)}/form`),
  };
}

/** A project that is not among them stays to be seen, and is refused. */
function projectOptions(projects, current) {
  const options = projects.map(({ name }) => ({ value: name, label: name }));
  if (current === '') return [{ value: '', label: 'Choose one' }, ...options];
  return projects.some(({ name }) => name === current)
    ? options
    : [{ value: current, label: `${current} ?` }, ...options];
}

function ruleOptions(words, current) {
  const options = Object.entries(words).map(([value, label]) => ({ value, label }));
  return current in words ? options : [{ value: current, label: `${current} ?` }, ...options];
}

/** What an empty field stands for. In an edit it takes the setting away. */
function placeholdersOf(usual, isNew) {
  return {
    ...usual,
    budget: usual.budget || 'no limit',
    model: usual.model || 'Claude Code’s own choice',
    name: isNew ? 'made from the goal' : '',
  };
}

/** Of a new job everything; of one that is there what differs, and with a zone the words that it is for. */
function changedFields(values, { target, base }) {
  const given = { ...values, accept: splitChecks(values.accept) };
  if (target === null) return given;
  const isSame = (name) => JSON.stringify(given[name]) === JSON.stringify(base[name]);
  const changed = Object.fromEntries(Object.entries(given).filter(([name]) => !isSame(name)));
  return 'zone' in changed ? { ...changed, when: given.when } : changed;
}
