import { createActionButtons, createRenderButton } from './action-buttons.js';
import { request } from './api.js';
import { createAskDialog } from './ask-dialog.js';
import { createChannelNav } from './channel-nav.js';
import { createComposer } from './composer.js';
import { renderEmptyChannel } from './empty-channel.js';
import { icon } from './icons.js';
import { createJobForm } from './job-form.js';
import { watch } from './live.js';
import { createNotices } from './notices.js';
import { createPane } from './pane.js';
import { followLinks, goTo, readPlace } from './place.js';
import { renderPerson } from './render-blocks.js';
import { watchUndelivered } from './undelivered.js';
import { createViews, isViewPath } from './views.js';

const byId = (id) => document.getElementById(id);
const retryMs = 3000;
const hiddenLookMs = 30_000;

/** The open channel's id, and the message whose thread is open. */
const place = { channel: undefined, thread: /** @type {number | null} */ (null) };
const notices = createNotices({ announcer: byId('announcer'), notice: byId('notice') });
const nav = createChannelNav(byId('channels'));

try {
  start(await request('GET', '/api/me'));
} catch (error) {
  if (error.status === 401) showSignIn();
  else setTimeout(() => location.reload(), retryMs);
}

function report(error) {
  if (error.status === 401) location.reload();
  else notices.warn(error.message);
}

/** Who signs in goes on to where they wanted to go. */
function showSignIn() {
  document.body.dataset.view = 'sign-in';
  byId('to').disabled = !isViewPath(location.pathname);
  byId('to').value = location.pathname;
}

function showTitle(mark = '') {
  if (isViewPath(location.pathname)) return;
  document.title = `${mark}#${nav.nameOf(place.channel)} · nightdesk`;
}

function start({ person: me, command, labels }) {
  let isEntered = false;
  const ask = createAskDialog(labels);
  const views = createViews(byId('view'), byId('views'), {
    me,
    labels,
    ask,
    report,
    announce: notices.announce,
    isEntered: () => isEntered,
  });
  const move = (isAll) => {
    route(panes, views, isAll);
    isEntered = true;
  };
  const answers = new Map();
  const jobForm = createJobForm({ channel: () => place.channel, onDone: onAnswer, report });
  const renderButton = createRenderButton({
    labels,
    act: (action, note) => void click(action, note),
    onEdit: (job) => void jobForm.openJob(job),
    ask,
  });
  const panes = createPanes({ me, labels }, { onLoaded: showPrivateAnswers, jobForm, renderButton });
  const composer = createComposer({
    form: byId('composer'),
    command,
    channel: () => place.channel,
    onAnswer,
  });

  async function click(action, note) {
    const { channel } = place;
    try {
      const answer = await request('POST', '/api/actions', { ...action, note, channel });
      onAnswer(channel, { ...answer, command: `${labels[action.kind]} ${action.target}` });
    } catch (error) {
      report(error);
    }
  }

  function onAnswer(channel, answer) {
    notices.announce(answer.text);
    // What was done is in the channel for everybody; it need not stand there twice.
    if (answer.isInChannel) return;
    answers.set(channel, [...(answers.get(channel) ?? []), answer]);
    if (channel === place.channel) showPrivateAnswer(answer);
  }

  function showPrivateAnswer(answer) {
    const { channel } = place;
    byId('empty').hidden = true;
    panes.channel.addPrivate(answer, () => {
      const others = answers.get(channel).filter((each) => each !== answer);
      answers.set(channel, others);
      composer.focus();
    });
  }

  function showPrivateAnswers() {
    for (const answer of answers.get(place.channel) ?? []) showPrivateAnswer(answer);
  }

  byId('person').textContent = renderPerson(me);
  byId('empty').replaceChildren(...renderEmptyChannel(command, (text) => composer.suggest(text)));
  byId('new-job').addEventListener('click', () => jobForm.openNew());
  byId('thread-close').append(icon('close'));
  byId('thread-close').addEventListener('click', () => goTo(nav.nameOf(place.channel)));
  followLinks(() => move(false));
  addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && document.body.dataset.view === 'thread') goTo(nav.nameOf(place.channel));
  });
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden && place.channel !== undefined) showTitle();
  });
  const undelivered = watchUndelivered(byId('undelivered'));
  watch({
    async onHello({ resumed }) {
      void undelivered.look();
      if (resumed) return;
      await request('GET', '/api/channels').then(({ channels }) => nav.reset(channels), report);
      const isFirst = !isEntered && !isViewPath(location.pathname);
      move(true);
      if (!isFirst) return;
      if (!matchMedia('(pointer: coarse)').matches) composer.focus();
      openLinkedDraft(jobForm);
    },
    onMessage({ message }) {
      panes.show(message);
      views.changed();
    },
    onState(state) {
      byId('live').dataset.state = state;
      byId('live').textContent = state === 'live' ? 'Live' : 'Reconnecting…';
    },
    // Who is let in no more is asked for a token again.
    onRefused: () => void request('GET', '/api/me').catch((error) => error.status === 401 && report(error)),
  });
  // A page that nobody sees watches no events: it marks its title by looking now and then.
  setInterval(() => document.hidden && void lookForNews(), hiddenLookMs);
}

async function lookForNews() {
  const { channels } = await request('GET', '/api/channels').catch(() => ({ channels: [] }));
  const known = channels.find(({ id }) => id === place.channel);
  if (document.hidden && known !== undefined && known.lastMessage > nav.lastIn(known.id)) showTitle('● ');
}

/** An answer outside of the page links to `/?draft=3`. */
function openLinkedDraft(jobForm) {
  const draft = new URLSearchParams(location.search).get('draft');
  if (draft === null || !/^\d{1,15}$/.test(draft)) return;
  history.replaceState(null, '', `/${location.hash}`);
  void jobForm.openDraft(draft);
}

/** The channel's messages and the thread's. */
function createPanes({ me, labels }, { onLoaded: onChannelLoaded, jobForm, renderButton }) {
  const common = () => ({
    report,
    me,
    labels,
    onReact,
    actions: createActionButtons({ channel: () => place.channel, renderButton, report }),
  });
  const onReact = async (id, emoji, isMine) => {
    const path = `/api/messages/${id}/reactions`;
    await request(isMine ? 'DELETE' : 'POST', path, { emoji }).then(({ message }) => show(message), report);
  };
  const channel = createPane(document.querySelector('.channel'), {
    path: () => `/api/channels/${encodeURIComponent(place.channel)}/messages`,
    after: () => 0,
    has: (message) => message.thread === null && message.channel === place.channel,
    onLoaded({ messages }) {
      byId('empty').hidden = messages.length > 0;
      onChannelLoaded();
    },
    ...common(),
    onFix: jobForm.openDraft,
    renderButton,
    onOpenThread: (id) => goTo(nav.nameOf(place.channel), id),
  });
  const thread = createPane(byId('thread'), {
    path: () => (place.thread === null ? null : `/api/threads/${place.thread}/messages`),
    after: () => place.thread,
    has: (message) => place.thread !== null && (message.thread === place.thread || message.id === place.thread),
    onLoaded() {},
    ...common(),
  });

  /** Shows a message that is new or has changed wherever it belongs. */
  function show(message) {
    if (message.thread === null) nav.saw(message);
    thread.show(message);
    if (!channel.show(message)) return;
    byId('empty').hidden = true;
    if (message.author === me) return;
    notices.announce(message.text.split('\n')[0]);
    if (document.hidden) showTitle('● ');
  }

  return { channel, thread, show };
}

/** Goes where the address says; loads what is new there, or everything. */
function route(panes, views, isAll) {
  const wasView = document.body.dataset.view === 'view';
  if (views.route()) {
    nav.open(undefined);
    document.body.dataset.view = 'view';
    byId('thread').hidden = true;
    // Something may have been missed: the channel is loaded when somebody goes there.
    if (isAll) Object.assign(place, { channel: undefined, thread: null });
    return;
  }
  if (wasView) byId('channel-scroll').focus();
  const { name, thread } = readPlace(location.hash);
  const before = { ...place };
  const channel = (nav.find(name) ?? nav.first())?.id;
  if (channel === undefined) return;
  Object.assign(place, { channel, thread });
  nav.open(channel);
  showTitle();
  byId('channel-title').textContent = `# ${nav.nameOf(channel)}`;
  byId('thread').hidden = thread === null;
  document.body.dataset.view = thread === null ? 'channel' : 'thread';
  if (isAll || before.channel !== channel) void panes.channel.load();
  if (isAll || before.thread !== thread) void panes.thread.load();
  if (isAll || before.thread === thread) return;
  if (thread === null) panes.channel.focusReplies(before.thread);
  else byId('thread-title').focus();
}
