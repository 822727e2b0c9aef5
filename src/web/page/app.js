import { request } from './api.js';
import { createChannelNav } from './channel-nav.js';
import { createComposer } from './composer.js';
import { renderEmptyChannel } from './empty-channel.js';
import { icon } from './icons.js';
import { watch } from './live.js';
import { createNotices } from './notices.js';
import { createPane } from './pane.js';
import { renderPerson } from './render-blocks.js';

const byId = (id) => document.getElementById(id);
const retryMs = 3000;

try {
  start(await request('GET', '/api/me'));
} catch (error) {
  if (error.status === 401) document.body.dataset.view = 'sign-in';
  else setTimeout(() => location.reload(), retryMs);
}

function start({ person: me, command }) {
  /** The channel's id, and the message whose thread is open. */
  const place = { channel: undefined, thread: /** @type {number | null} */ (null) };
  const notices = createNotices({ announcer: byId('announcer'), notice: byId('notice') });
  const nav = createChannelNav(byId('channels'));
  const answers = new Map();
  const answersHere = () => answers.get(place.channel) ?? [];

  const report = (error) => {
    if (error.status === 401) location.reload();
    else notices.warn(error.message);
  };
  const react = async (id, emoji, isMine) => {
    const path = `/api/messages/${id}/reactions`;
    await request(isMine ? 'DELETE' : 'POST', path, { emoji }).then(({ message }) => show(message), report);
  };
  const channelPane = createPane(document.querySelector('.channel'), {
    path: () => `/api/channels/${encodeURIComponent(place.channel)}/messages`,
    after: () => 0,
    has: (message) => message.thread === null && message.channel === place.channel,
    onLoaded({ messages }) {
      byId('empty').hidden = messages.length + answersHere().length > 0;
      answersHere().forEach(showAnswer);
    },
    report,
    me,
    onReact: react,
    onOpenThread: (id) => go(nav.nameOf(place.channel), id),
  });
  const threadPane = createPane(byId('thread'), {
    path: () => (place.thread === null ? null : `/api/threads/${place.thread}/messages`),
    after: () => place.thread,
    has: ({ id, thread }) => place.thread !== null && (thread === place.thread || id === place.thread),
    onLoaded: () => {},
    report,
    me,
    onReact: react,
  });
  const composer = createComposer({
    form: byId('composer'),
    command,
    channel: () => place.channel,
    onAnswer(channel, answer) {
      answers.set(channel, [...(answers.get(channel) ?? []), answer]);
      if (channel === place.channel) showAnswer(answer);
      notices.announce(answer.text);
    },
  });

  function showAnswer(answer) {
    byId('empty').hidden = true;
    channelPane.addPrivate(answer, () => {
      answers.set(
        place.channel,
        answersHere().filter((each) => each !== answer),
      );
      composer.focus();
    });
  }

  function show(message) {
    if (message.thread === null) nav.saw(message);
    threadPane.show(message);
    if (!channelPane.show(message)) return;
    byId('empty').hidden = true;
    if (message.author === me) return;
    notices.announce(message.text.split('\n')[0]);
    if (document.hidden) showTitle('● ');
  }

  function showTitle(mark = '') {
    document.title = `${mark}#${nav.nameOf(place.channel)} · nightdesk`;
  }

  const go = (name, thread) => {
    location.hash = `${encodeURIComponent(name)}${thread === undefined ? '' : `/${thread}`}`;
  };
  const closeThread = () => go(nav.nameOf(place.channel));

  /** Shows the place that the address names, `#general/17`; loads what is new there, or everything. */
  function route(isAll) {
    const [name = '', thread] = location.hash.slice(1).split('/').map(decodeURIComponent);
    const channel = (nav.find(name) ?? nav.first()).id;
    const before = { ...place };
    Object.assign(place, { channel, thread: /^\d+$/.test(thread ?? '') ? Number(thread) : null });
    nav.open(channel);
    byId('channel-title').textContent = `# ${nav.nameOf(channel)}`;
    byId('thread').hidden = place.thread === null;
    document.body.dataset.view = place.thread === null ? 'channel' : 'thread';
    showTitle();
    if (isAll || before.channel !== channel) void channelPane.load();
    if (isAll || before.thread !== place.thread) void threadPane.load();
    if (isAll || before.thread === place.thread) return;
    if (place.thread === null) channelPane.focusReplies(before.thread);
    else byId('thread-title').focus();
  }

  byId('person').textContent = renderPerson(me);
  byId('empty').replaceChildren(...renderEmptyChannel(command, (text) => composer.suggest(text)));
  byId('thread-close').append(icon('close'));
  byId('thread-close').addEventListener('click', closeThread);
  addEventListener('hashchange', () => route(false));
  addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && place.thread !== null) closeThread();
  });
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden && place.channel !== undefined) showTitle();
  });
  watch({
    async onHello({ resumed }) {
      if (resumed) return;
      await request('GET', '/api/channels').then(({ channels }) => nav.reset(channels), report);
      const isFirst = place.channel === undefined;
      route(true);
      if (isFirst && !matchMedia('(pointer: coarse)').matches) composer.focus();
    },
    onMessage: ({ message }) => show(message),
    onState(state) {
      byId('live').dataset.state = state;
      byId('live').textContent = state === 'live' ? 'Live' : 'Reconnecting…';
    },
  });
}
