import { request } from './api.js';

const hintText = 'Enter sends, Shift and Enter begin a new line';

/**
 * The field for commands. `onAnswer(channel, answer)` gets what only the asker sees; what was refused, or could not be sent,
 * stays in the field to be mended.
 */
export function createComposer({ form, command, channel, onAnswer }) {
  const field = form.querySelector('textarea');
  const hint = form.querySelector('.hint');
  const isTouch = matchMedia('(pointer: coarse)').matches;
  let sent = { text: '', key: '' };
  let last = '';

  form.querySelector('.prefix').textContent = command;
  field.setAttribute('aria-label', `Command, after ${command}`);
  const say = (text, isError = false) => {
    hint.textContent = text;
    hint.classList.toggle('error', isError);
  };
  const rest = () => say(isTouch ? '' : hintText);
  const grow = () => {
    field.style.height = 'auto';
    field.style.height = `${field.scrollHeight}px`;
  };
  const set = (text) => {
    field.value = text;
    grow();
    rest();
  };

  const send = async () => {
    const text = field.value.trim();
    if (text === '' || field.readOnly) return;
    // The same text after a lost connection is the same command.
    if (sent.text !== text) sent = { text, key: crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}` };
    const asked = channel();
    field.readOnly = true;
    form.setAttribute('aria-busy', 'true');
    try {
      const answer = await request('POST', '/api/command', { channel: asked, text }, { 'idempotency-key': sent.key });
      sent = { text: '', key: '' };
      last = text;
      set(answer.ok ? '' : text);
      onAnswer(asked, { ...answer, command: `${command} ${text}` });
    } catch (error) {
      say(error.message, true);
    } finally {
      field.readOnly = false;
      form.removeAttribute('aria-busy');
    }
  };

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void send();
  });
  field.addEventListener('input', () => {
    grow();
    rest();
  });
  field.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing && !isTouch) {
      event.preventDefault();
      void send();
    } else if (event.key === 'ArrowUp' && field.value === '' && last !== '') {
      event.preventDefault();
      set(last);
    }
  });
  rest();

  return {
    /** Puts `text` into the field for the reader to go on with. */
    suggest(text) {
      set(text);
      field.focus();
    },
    focus: () => field.focus(),
  };
}
