import { el, replaceKeepingFocus } from './dom.js';
import { icon, withStateIcons } from './icons.js';
import { renderBlocks, renderPerson, renderSize } from './render-blocks.js';
import { renderLong, renderTime } from './times.js';

const controlIcons = { retry: 'retry', cancel: 'stop' };

/**
 * One message on the page. `update` touches only the parts that changed: a status message is edited every few seconds, and
 * whoever selects text or has the focus in it must not lose them.
 */
export function createMessageView({ me, labels, onReact, onOpenThread, actions }) {
  const parts = Object.fromEntries(
    ['head', 'body', 'files', 'reactions', 'actions', 'replies'].map((name) => [name, el('div', { class: name })]),
  );
  const avatar = el('div', { class: 'avatar', 'aria-hidden': 'true' });
  const article = el(
    'article',
    {},
    parts.head,
    parts.body,
    parts.files,
    el('div', { class: 'acts' }, parts.reactions, parts.actions, parts.replies),
  );
  const element = el('li', { class: 'message' }, avatar, article);
  const shown = {};
  const show = (name, value, render) => {
    const text = JSON.stringify(value);
    if (shown[name] === text) return;
    shown[name] = text;
    replaceKeepingFocus(parts[name], render(value));
  };

  return {
    element,
    update(message) {
      element.dataset.id = message.id;
      element.classList.toggle('calls-me', callsFirst(message.message) === me);
      element.dataset.author = message.author === 'bot' ? 'bot' : 'person';
      renderAvatar(avatar, message.author);
      show('head', [message.author, message.createdAt, message.editedAt], () => renderHead(message));
      actions.update(message, parts.actions);
      show('body', message.message, (blocks) => renderBlocks(blocks));
      show('files', message.attachments, renderFiles);
      show('reactions', message.reactions, (all) =>
        all.map((each) => renderReaction(each, message.id, { me, labels, onReact })),
      );
      show('replies', message.replies, (count) => renderReplies(count, message.id, onOpenThread));
    },
  };
}

/** Whom a message begins with: that person is called. */
function callsFirst([first]) {
  const inline = first?.kind === 'line' ? first.content[0] : undefined;
  return inline?.kind === 'person' ? inline.id : undefined;
}

function renderAvatar(avatar, author) {
  if (avatar.dataset.author === author) return;
  avatar.dataset.author = author;
  const inside =
    author === 'bot'
      ? el('img', { src: '/page/icon.svg', alt: '', width: 32, height: 32 })
      : renderPerson(author).slice(0, 1).toUpperCase();
  avatar.replaceChildren(inside);
}

function renderHead({ author, createdAt, editedAt }) {
  const at = new Date(createdAt);
  const name = author === 'bot' ? 'nightdesk' : renderPerson(author);
  const parts = [
    el('strong', { class: 'author' }, name),
    el('time', { datetime: createdAt, title: renderLong(at) }, renderTime(at)),
  ];
  if (editedAt === null) return parts;
  const edited = new Date(editedAt);
  return [...parts, el('span', { class: 'edited', title: renderLong(edited) }, `updated ${renderTime(edited)}`)];
}

/** Links to files: to read, and to keep. */
export function renderFiles(files) {
  return files.map(({ name, sizeBytes, url }) =>
    el(
      'span',
      { class: 'file' },
      el(
        'a',
        { href: url, target: '_blank', rel: 'noopener', 'data-key': url },
        icon('file'),
        name,
        el('small', {}, renderSize(sizeBytes)),
      ),
      el(
        'a',
        {
          class: 'download',
          href: `${url}?download=true`,
          download: name,
          'aria-label': `Download ${name}`,
          'data-key': `save ${url}`,
        },
        icon('download'),
      ),
    ),
  );
}

function renderReaction({ emoji, control, people }, id, { me, labels, onReact }) {
  const isMine = people.includes(me);
  const names = people.map((each) => (each === me ? 'you' : renderPerson(each)));
  const label = control === null ? '' : labels[control];
  const who = names.length > 2 ? `${names.length}` : names.join(', ');
  return el(
    'button',
    {
      type: 'button',
      class: control === null ? 'reaction' : `reaction control control-${control}`,
      'aria-pressed': String(isMine),
      'aria-label': `${label || emoji}${names.length > 0 ? `: ${names.join(', ')}` : ''}`,
      title: isMine ? 'Click again to take it back' : names.join(', '),
      'data-key': emoji,
      onclick: () => onReact(id, emoji, isMine),
    },
    control === null ? el('span', {}, ...withStateIcons(emoji)) : icon(controlIcons[control]),
    label === '' ? null : el('span', {}, label),
    who === '' ? null : el('span', { class: 'who' }, who),
  );
}

function renderReplies(count, id, onOpenThread) {
  if (count === 0 || onOpenThread === undefined) return [];
  const label = count === 1 ? '1 reply' : `${count} replies`;
  return [
    el(
      'button',
      { type: 'button', class: 'open-thread', 'data-key': 'replies', onclick: () => onOpenThread(id) },
      label,
    ),
  ];
}
