import { request } from './api.js';
import { createRenderButton } from './action-buttons.js';
import { el, replaceKeepingFocus } from './dom.js';
import { icon } from './icons.js';
import { renderPerson } from './render-blocks.js';

const kinds = {
  retry: { emoji: '🔁', icon: 'retry', soon: 'Tries again', done: 'will be tried again' },
  cancel: { emoji: '🛑', icon: 'stop', soon: 'Cancels', done: 'will be cancelled' },
};

/**
 * Buttons for what the reader can do to a run. They react on its message, as in the channel: what is asked for acts after a
 * moment, which is counted down, and can be taken back until then.
 */
export function createRunControls({ me, labels, ask, report, announce, onActed }) {
  const element = el('div', { class: 'controls', role: 'group', 'aria-label': 'What you can do' });
  let run;
  let timer;
  /** When each pending control acts, by this machine's clock. */
  let due = [];

  const react = async (method, control) => {
    const { emoji, done } = kinds[control];
    try {
      await request(method, `/api/messages/${run.messageRef}/reactions`, { emoji });
      announce(method === 'POST' ? `${run.id} ${done} in five seconds. Press again to take it back.` : 'Taken back.');
      onActed();
    } catch (error) {
      report(error);
    }
  };
  const retryWithNote = async (action, note) => {
    try {
      const { text } = await request('POST', '/api/actions', { ...action, note, channel: run.channel });
      announce(text);
      onActed();
    } catch (error) {
      report(error);
    }
  };
  const renderMore = createRenderButton({ labels, act: (action, note) => void retryWithNote(action, note), ask });
  const render = () => {
    const isOnPage = run.messageRef !== null && run.channel.startsWith('web:');
    const offered = isOnPage ? run.actions.filter((action) => action in kinds) : [];
    const withNote = isOnPage ? run.actions.filter((action) => action === 'retry-with-note') : [];
    const mine = due.filter((each) => each.person === me && offered.includes(each.control));
    const others = due.filter((each) => each.person !== me);
    const buttons = offered.map((control) =>
      renderButton(
        control,
        mine.find((each) => each.control === control),
      ),
    );
    const notes = others.map(({ control, person, atMs }) =>
      el('span', { class: 'pending' }, `${kinds[control].soon} ${seconds(atMs)}, by ${renderPerson(person)}`),
    );
    const more = withNote.map((kind) => renderMore({ kind, target: run.id }));
    replaceKeepingFocus(element, [...buttons, ...more, ...notes]);
    element.hidden = buttons.length + more.length + notes.length === 0;
  };
  const renderButton = (control, pending) => {
    const { icon: name, soon } = kinds[control];
    return el(
      'button',
      {
        type: 'button',
        class: `control control-${control}`,
        'aria-pressed': String(pending !== undefined),
        'data-key': control,
        onclick: () => void react(pending === undefined ? 'POST' : 'DELETE', control),
      },
      icon(name),
      pending === undefined ? labels[control] : `${soon} ${seconds(pending.atMs)} · take it back`,
    );
  };
  const tick = () => {
    clearInterval(timer);
    if (due.length === 0) return;
    timer = setInterval(() => {
      render();
      if (due.every(({ atMs }) => atMs <= Date.now())) {
        clearInterval(timer);
        onActed();
      }
    }, 250);
  };

  return {
    element,
    show(given) {
      run = given;
      due = run.pending.map((each) => ({ ...each, atMs: Date.now() + each.actsInMs }));
      render();
      tick();
    },
    clear() {
      clearInterval(timer);
      due = [];
      element.replaceChildren();
      element.hidden = true;
    },
  };
}

function seconds(atMs) {
  const left = Math.ceil((atMs - Date.now()) / 1000);
  return left > 0 ? `in ${left} s` : 'now';
}
