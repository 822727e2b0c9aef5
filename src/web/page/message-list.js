import { el } from './dom.js';
import { keepAtEnd } from './keep-at-end.js';
import { createMessageView } from './message-view.js';
import { createPrivateAnswer } from './private-answer.js';
import { renderDay } from './times.js';

/**
 * The messages of a channel or a thread, in order, with the days between them. It stays at its end while the reader is there,
 * and stands still while they read further up. `root` holds `.scroll`, `.messages`, `.earlier` and `.newer`.
 */
export function createMessageList(
  root,
  { me, onReact, onOpenThread, onEarlier, onFix, labels, actions, renderButton },
) {
  const [scroll, list, earlier, newer] = ['.scroll', '.messages', '.earlier', '.newer'].map((name) =>
    root.querySelector(name),
  );
  const views = new Map();
  const end = keepAtEnd(scroll, list, newer);
  earlier.addEventListener('click', () => onEarlier([...views.keys()]));

  const viewOf = (message) => {
    const known = views.get(message.id);
    if (known !== undefined) return known;
    const view = createMessageView({ me, labels, onReact, onOpenThread, actions });
    views.set(message.id, view);
    return view;
  };
  const put = (message) => {
    const isNew = !views.has(message.id);
    const view = viewOf(message);
    view.update(message);
    view.at = new Date(message.createdAt);
    if (!isNew) return;
    const after = [...views].filter(([id]) => id > message.id).sort(([one], [other]) => one - other)[0];
    list.insertBefore(view.element, after?.[1].element ?? null);
  };
  const markDays = () => {
    for (const day of list.querySelectorAll('.day')) day.remove();
    let last = '';
    const now = new Date();
    for (const [, { element, at }] of [...views].sort(([one], [other]) => one - other)) {
      const name = renderDay(at, now);
      if (name !== last) element.before(el('li', { class: 'day' }, el('span', {}, name)));
      last = name;
    }
  };

  return {
    /** Shows these and no others. */
    reset({ messages, hasMore }) {
      list.replaceChildren();
      views.clear();
      messages.forEach(put);
      markDays();
      earlier.hidden = !hasMore;
      end.go();
    },
    /** Adds what came before, without moving what is read. */
    prepend({ messages, hasMore }) {
      const fromEnd = scroll.scrollHeight - scroll.scrollTop;
      messages.forEach(put);
      markDays();
      earlier.hidden = !hasMore;
      scroll.scrollTop = scroll.scrollHeight - fromEnd;
    },
    /** Shows a message that is new or has changed. Returns whether it is new. */
    upsert(message) {
      const isNew = !views.has(message.id);
      put(message);
      if (!isNew) return false;
      markDays();
      end.grew();
      return true;
    },
    /** Shows an answer at the end. */
    addPrivate(answer, onDismiss) {
      const dismiss = () => {
        element.remove();
        onDismiss();
      };
      const element = createPrivateAnswer(answer, dismiss, { onFix, renderButton });
      list.append(element);
      end.go();
    },
    focusReplies: (id) => views.get(id)?.element.querySelector('.open-thread')?.focus(),
  };
}
