import { afterEach, describe, expect, test, vi } from 'vitest';

import { emptyForm } from '../../../src/model/job-form.ts';
import { line } from '../../../src/model/message.ts';
import type { ChatHandlers } from '../../../src/bots/chat.ts';
import { aForm, startSlackPeople, type SlackPeople, type SlackPeopleOptions } from '../../support/slack-people.ts';
import type { SlackView } from '../../support/slack-server/slack-types.ts';
import { usualPolicyFields } from '../../support/usual-policies.ts';

let people: SlackPeople;
const start = async (options?: SlackPeopleOptions): Promise<SlackPeople> => (people = await startSlackPeople(options));

afterEach(async () => {
  vi.useRealTimers();
  await people.stop();
  expect(people.faults).toEqual([]);
  expect(people.slack.violations).toEqual([]);
});

/** The form of a slash command. */
async function open(text = 'schedule'): Promise<SlackView> {
  const { slack, ada, channel } = people;
  const act = await slack.slash('/claude', text, { user: ada, channel });
  return act.modal();
}

/** What the form shows, in its order: labels, hints aside, and notes. */
function shown({ content }: SlackView): string[] {
  return content.blocks.map((block) => {
    const { label, text, elements } = block as { label?: Text; text?: Text; elements?: Text[] };
    return label?.text ?? text?.text ?? elements?.map((one) => one.text).join('') ?? '';
  });
}
interface Text {
  text: string;
}

const valueOf = (view: SlackView, field: string): unknown => {
  const held = view.state[`nd-form:${field}`]?.[`nd-form:${field}`] as
    | { value?: string | null; selected_option?: { value: string } | null }
    | undefined;
  return held?.selected_option?.value ?? held?.value;
};

const job = aForm({
  target: 'tidy-docs',
  fields: {
    ...emptyForm,
    goal: 'tidy the docs',
    project: 'site',
    when: 'daily at 2am',
    zone: 'Europe/Berlin',
    accept: ['$ npm test', 'for i in 1 2\ndo true; done'],
    timeout: '2h',
    retries: '2',
    notify: 'always',
    ...usualPolicyFields,
    name: 'tidy-docs',
  },
  base: {
    ...emptyForm,
    goal: 'tidy the docs',
    project: 'site',
    when: 'daily at 2am',
    zone: 'Europe/Berlin',
    accept: ['$ npm test', 'for i in 1 2\ndo true; done'],
    timeout: '2h',
    retries: '2',
    notify: 'always',
    ...usualPolicyFields,
    name: 'tidy-docs',
  },
});
const openForm: ChatHandlers['openForm'] = async () => ({ form: job });

describe('a new job', () => {
  test('`schedule` alone opens the form, empty, with what holds where a field stays so', async () => {
    const { asked } = await start();
    const view = await open();
    expect(asked('openForm').map(({ given }) => given)).toEqual([[{ fields: {} }]]);
    expect(shown(view)).toEqual([
      'Goal',
      'Project',
      'Acceptance criteria',
      'When',
      'On demand: it runs when somebody says so.',
      'Time zone',
      'Time limit',
      'Retries',
      'Budget',
      'Notify me',
      'Due while the last run goes on',
      'Missed while nightdesk was down',
      'Caught up within',
      'Name',
      'Model',
    ]);
    const zone = view.content.blocks.find(({ block_id: id }) => id === 'nd-form:zone');
    expect(zone).toMatchObject({ element: { placeholder: { text: 'UTC' } } });
    expect(people.handed.map(({ what }) => what)).toEqual(['openForm']);
  });

  test('a filled form is handed over, field by field, and answered where it was asked for', async () => {
    const { slack, ada, channel, asked } = await start();
    const view = await open();
    const act = await slack.submitView(view, {
      'nd-form:goal': 'raise the dependencies & mend',
      'nd-form:project': 'api',
      'nd-form:accept': '$ npm test\n\nno public type changes\n    nor names',
      'nd-form:when': 'weekdays at 2am',
    });
    expect(act.ack.afterMs).toBeLessThan(1_000);
    expect(view).toMatchObject({ isOpen: false, errors: {} });
    expect(asked('onForm')).toMatchObject([
      {
        given: [
          {
            fields: {
              ...emptyForm,
              goal: 'raise the dependencies & mend',
              project: 'api',
              accept: ['$ npm test', 'no public type changes\nnor names'],
              when: 'weekdays at 2am',
              notify: 'failure',
              overlap: 'skip',
              'catch-up': 'latest',
            },
          },
        ],
        actor: { person: `slack:${ada.id}`, channel: `slack:${channel.id}`, zone: 'Europe/Berlin' },
      },
    ]);
    expect(await slack.until('an answer', () => slack.ephemeralFor(ada)[0])).toMatchObject({ text: 'done' });
  });

  test('a form that is delivered again is one job, and is answered as before', async () => {
    const { slack, asked } = await start();
    const view = await open();
    slack.deliveries.copies(2);
    await slack.submitView(view, { 'nd-form:goal': 'a thing', 'nd-form:project': 'api' });
    const delivery = slack.deliveries.all.at(-1)!;
    await slack.until('all acknowledgements', () => delivery.acknowledgedMs.length === 3);
    expect(asked('onForm')).toHaveLength(1);
  });

  test('who may schedule nowhere is told why instead', async () => {
    const { slack, ada, channel } = await start({
      handlers: {
        openForm: async () => ({ refusal: { message: [line('You may schedule nowhere.')], isRefusal: true } }),
      },
    });
    const act = await slack.slash('/claude', 'schedule', { user: ada, channel });
    expect(await act.answer()).toMatchObject({ text: 'You may schedule nowhere.' });
    expect(slack.world.views.size).toBe(0);
  });

  test('where reading the store takes long, the form opens at once and is filled later', async () => {
    const late = Promise.withResolvers<void>();
    const { slack } = await start({
      handlers: {
        async openForm() {
          await late.promise;
          return { form: job };
        },
      },
    });
    const view = await open('edit tidy-docs');
    expect(shown(view)).toEqual(['The form is on its way: the host is busy.']);
    late.resolve();
    await slack.until('the form', () => shown(view).includes('Goal'));
    expect(valueOf(view, 'goal')).toBe('tidy the docs');
  });

  test('two people fill in two forms at once', async () => {
    const { slack, ada, bob, channel, asked } = await start();
    const views = await Promise.all(
      [ada, bob].map(async (user) => (await slack.slash('/claude', 'schedule', { user, channel })).modal()),
    );
    await Promise.all(
      views.map((view, at) => slack.submitView(view, { 'nd-form:goal': `goal ${at}`, 'nd-form:project': 'api' })),
    );
    const handed = asked('onForm').map(
      ({ given, actor }) => `${actor.person} ${(given[0] as { fields: { goal: string } }).fields.goal}`,
    );
    expect(handed.sort()).toEqual([`slack:${ada.id} goal 0`, `slack:${bob.id} goal 1`].sort());
  });
});

describe('an edit', () => {
  test('opens with the job in it and sends only what differs', async () => {
    const { slack, asked } = await start({ handlers: { openForm } });
    const view = await open('edit tidy-docs');
    expect(asked('openForm')[0]!.given).toEqual([{ job: 'tidy-docs' }]);
    expect(valueOf(view, 'accept')).toBe('$ npm test\nfor i in 1 2\n    do true; done');
    expect(valueOf(view, 'project')).toBe('site');
    await slack.submitView(view, { 'nd-form:budget': '5', 'nd-form:retries': null });
    expect(asked('onForm')[0]!.given).toEqual([{ target: 'tidy-docs', fields: { budget: '5', retries: '' } }]);
  });

  test('of the zone alone sends the words that it is for, too', async () => {
    const { slack, asked } = await start({ handlers: { openForm } });
    await slack.submitView(await open('edit tidy-docs'), { 'nd-form:zone': 'Asia/Tokyo' });
    expect(asked('onForm')[0]!.given).toEqual([
      { target: 'tidy-docs', fields: { zone: 'Asia/Tokyo', when: 'daily at 2am' } },
    ]);
  });

  test('of a goal longer than an input takes opens without it, says so, and leaves it as it is', async () => {
    const goal = 'a long story. '.repeat(300);
    const long = { ...job, fields: { ...job.fields, goal }, base: { ...job.base, goal } };
    const { slack, asked } = await start({ handlers: { openForm: async () => ({ form: long }) } });
    const view = await open('edit tidy-docs');
    expect(shown(view)[0]).toBe(
      'Goal: 4,200 characters, more than a field of Slack takes (3,000). It stays as it is; the form of nightdesk’s page, http://127.0.0.1:7433, can change it.',
    );
    await slack.submitView(view, { 'nd-form:budget': '5' });
    expect(asked('onForm')[0]!.given).toEqual([{ target: 'tidy-docs', fields: { budget: '5' } }]);
  });
});

describe('the words of a schedule', () => {
  test('are read on enter, and what was typed elsewhere stays', async () => {
    const { slack, asked } = await start({
      handlers: {
        previewWhen: async () => ({
          ok: true,
          sentence: 'weekdays at 02:00 <Berlin>',
          zone: 'Europe/Berlin',
          instants: ['2026-11-23T01:00:00Z', '2026-11-24T01:00:00Z'],
        }),
      },
    });
    const view = await open();
    slack.fill(view, { 'nd-form:goal': 'half a goal', 'nd-form:project': 'site' });
    const act = await slack.enter(view, 'nd-form:when', 'weekdays at 2am');
    expect(act.ack.ok).toBe(true);
    await slack.until('the sentence', () =>
      shown(view).some((text) => text.startsWith('*weekdays at 02:00 &lt;Berlin&gt;*\n')),
    );
    expect(shown(view)[4]).toBe(
      '*weekdays at 02:00 &lt;Berlin&gt;*\nnext, in your time: <!date^1795395600^{date_short_pretty} at {time}|2026-11-23T01:00:00Z> · <!date^1795482000^{date_short_pretty} at {time}|2026-11-24T01:00:00Z>',
    );
    expect(asked('previewWhen')[0]).toMatchObject({ given: ['weekdays at 2am', ''], actor: { zone: 'Europe/Berlin' } });
    expect([valueOf(view, 'goal'), valueOf(view, 'project'), valueOf(view, 'when')]).toEqual([
      'half a goal',
      'site',
      'weekdays at 2am',
    ]);
    const goal = view.content.blocks[0] as { element?: { initial_value?: string } };
    expect(goal.element?.initial_value).toBe('half a goal');
  });

  test('that can’t be read are said to be so, and a zone is read with them', async () => {
    const { slack } = await start({
      handlers: {
        previewWhen: async (words, zone) => ({ ok: false, field: 'when', message: `no: ${words} in ${zone}` }),
      },
    });
    const view = await open();
    slack.fill(view, { 'nd-form:when': 'weekdyas' });
    await slack.enter(view, 'nd-form:zone', 'Asia/Tokyo');
    await slack.until('the reason', () => shown(view)[4]?.startsWith('⚠️'));
    expect(shown(view)[4]).toBe('⚠️ no: weekdyas in Asia/Tokyo');
  });

  test('of a job are explained when its form opens', async () => {
    await start({ handlers: { openForm } });
    expect(shown(await open('edit tidy-docs'))).toContain('*daily at 02:00*');
  });
});

describe('what is wrong', () => {
  test('is shown at its fields, all at once, with what was typed', async () => {
    const { slack } = await start({
      handlers: {
        onForm: async () => ({
          message: [line('two faults')],
          isRefusal: true,
          faults: [
            { field: 'when', message: 'I can’t read `weekdyas`.' },
            { field: 'budget', message: 'No budget.' },
            { field: 'budget', message: 'None at all.' },
          ],
        }),
      },
    });
    const view = await open();
    await slack.submitView(view, { 'nd-form:goal': 'a thing', 'nd-form:project': 'api', 'nd-form:when': 'weekdyas' });
    expect(view).toMatchObject({
      isOpen: true,
      errors: { 'nd-form:when': 'I can’t read `weekdyas`.', 'nd-form:budget': 'No budget.\nNone at all.' },
    });
    expect(valueOf(view, 'when')).toBe('weekdyas');
  });

  test('about the whole stands at the top, with the others at their fields; mended, it goes', async () => {
    let isMended = false;
    const { slack } = await start({
      handlers: {
        onForm: async () =>
          isMended
            ? { message: [line('done')] }
            : {
                message: [line('no')],
                isRefusal: true,
                faults: [
                  { field: null, message: 'You may not.' },
                  { field: 'name', message: 'Taken.' },
                ],
              },
      },
    });
    const view = await open();
    await slack.submitView(view, { 'nd-form:goal': 'a thing', 'nd-form:project': 'api', 'nd-form:name': 'tidy' });
    expect(shown(view)[0]).toBe('⚠️ You may not.');
    expect(shown(view)[shown(view).indexOf('Name') + 1]).toBe('⚠️ Taken.');
    expect([valueOf(view, 'goal'), valueOf(view, 'name')]).toEqual(['a thing', 'tidy']);
    await slack.enter(view, 'nd-form:when', 'daily');
    await slack.until('a preview', () => shown(view).includes('*daily at 02:00*'));
    isMended = true;
    await slack.submitView(view);
    expect(view.isOpen).toBe(false);
  });

  test('without a field, a refusal is shown in the form', async () => {
    const { slack } = await start({
      handlers: { onForm: async () => ({ message: [line('That failed inside nightdesk: f-1.')], isRefusal: true }) },
    });
    const view = await open();
    await slack.submitView(view, { 'nd-form:goal': 'a thing', 'nd-form:project': 'api' });
    expect(view.isOpen).toBe(true);
    expect(shown(view)[0]).toBe('⚠️ That failed inside nightdesk: f-1.');
  });

  test('is found in a form that took long to read, which comes back with everything', async () => {
    const late = Promise.withResolvers<void>();
    const { slack, asked } = await start({
      handlers: {
        async onForm() {
          await late.promise;
          return { message: [line('no')], isRefusal: true, faults: [{ field: 'when', message: 'I can’t read it.' }] };
        },
      },
    });
    const view = await open();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const submitted = slack.submitView(view, {
      'nd-form:goal': 'a thing',
      'nd-form:project': 'api',
      'nd-form:when': 'x',
    });
    await slack.until('the form', () => asked('onForm').length === 1);
    await vi.advanceTimersByTimeAsync(700);
    const act = await submitted;
    vi.useRealTimers();
    expect(act.ack.afterMs).toBeLessThan(1_000);
    expect(shown(view)).toEqual(['The host is busy; the form is being read.']);
    late.resolve();
    await slack.until('the form', () => shown(view).includes('⚠️ I can’t read it.'));
    expect([valueOf(view, 'goal'), valueOf(view, 'project'), valueOf(view, 'when')]).toEqual(['a thing', 'api', 'x']);
  });
});

describe('a form that is closed while the host is busy', () => {
  test('and refused after that is kept as a draft, which *Fix it* opens', async () => {
    const late = Promise.withResolvers<void>();
    const faults = [{ field: 'when' as const, message: 'I can’t read it.' }];
    const { slack, ada, channel, asked } = await start({
      handlers: {
        async onForm({ isClosed = false }) {
          await late.promise;
          const refusal = { message: [line('I can’t read it.')], isRefusal: true, faults };
          return isClosed ? { ...refusal, draft: { id: 17 } } : refusal;
        },
        openForm: async (source) => ({
          form: aForm('draft' in source ? { draft: 17, fields: { ...emptyForm, goal: 'a thing' } } : {}),
        }),
      },
    });
    const opened = await slack.slash('/claude', 'schedule', { user: ada, channel });
    const view = await opened.modal();
    const typed = { 'nd-form:goal': 'a thing', 'nd-form:project': 'api', 'nd-form:when': 'x' };
    await slack.submitView(view, typed);
    await slack.closeView(view);
    late.resolve();
    const answer = await opened.answer();
    const [first, second] = asked('onForm').map(({ given }) => given[0] as Record<string, unknown>);
    expect(first).toMatchObject({ fields: { goal: 'a thing', when: 'x' } });
    expect(second).toEqual({ ...first, faults, isClosed: true });
    expect(new Set(asked('onForm').map(({ actor }) => actor.eventId)).size).toBe(1);
    const again = await (await slack.clickButton(answer, 'nd:fix-it:17', ada)).modal();
    expect(valueOf(again, 'goal')).toBe('a thing');
  });

  test('and carried out after that is answered where it was asked for', async () => {
    const late = Promise.withResolvers<void>();
    const { slack, ada, channel, asked } = await start({
      handlers: {
        async onForm() {
          await late.promise;
          return { message: [line('scheduled')] };
        },
      },
    });
    const opened = await slack.slash('/claude', 'schedule', { user: ada, channel });
    const view = await opened.modal();
    await slack.submitView(view, { 'nd-form:goal': 'a thing', 'nd-form:project': 'api' });
    await slack.closeView(view);
    late.resolve();
    expect((await opened.answer()).text).toContain('scheduled');
    expect(asked('onForm')).toHaveLength(1);
  });
});

describe('a draft', () => {
  const draft = aForm({
    draft: 17,
    fields: { ...emptyForm, goal: 'mend it', project: 'gone', when: 'weekdyas' },
    faults: [
      { field: 'when', message: 'I can’t read `weekdyas`.' },
      { field: 'project', message: 'There is no project `gone`.' },
    ],
  });

  test('opens with *Fix it*, with everything that was typed and what is wrong with it, and is mended', async () => {
    const { slack, ada, channel, asked } = await start({
      handlers: {
        onText: async () => ({ message: [line('I can’t read it.')], isRefusal: true, draft: { id: 17 } }),
        openForm: async () => ({ form: draft }),
        previewWhen: async () => ({ ok: false, field: 'when', message: 'I can’t read `weekdyas`.' }),
      },
    });
    const act = await slack.slash('/claude', 'schedule mend it --when weekdyas', { user: ada, channel });
    const fixing = await slack.clickButton(await act.answer(), 'nd:fix-it:17', ada);
    const view = await fixing.modal();
    expect(asked('openForm')[0]!.given).toEqual([{ draft: 17 }]);
    expect(shown(view)[shown(view).indexOf('Project') + 1]).toBe('⚠️ There is no project `gone`.');
    expect([valueOf(view, 'goal'), valueOf(view, 'project'), valueOf(view, 'when')]).toEqual([
      'mend it',
      'gone',
      'weekdyas',
    ]);
    await slack.submitView(view, { 'nd-form:when': 'weekdays at 2am', 'nd-form:project': 'api' });
    expect(asked('onForm')[0]!.given).toMatchObject([
      { draft: 17, fields: { goal: 'mend it', project: 'api', when: 'weekdays at 2am' } },
    ]);
  });

  test('with a goal longer than an input takes keeps it', async () => {
    const goal = 'a long story. '.repeat(300).trim();
    const { slack, ada, channel, asked } = await start({
      handlers: {
        onText: async () => ({ message: [line('No.')], isRefusal: true, draft: { id: 17 } }),
        openForm: async () => ({ form: { ...draft, fields: { ...draft.fields, goal, project: 'api' } } }),
      },
    });
    const act = await slack.slash('/claude', 'schedule …', { user: ada, channel });
    const view = await (await slack.clickButton(await act.answer(), 'nd:fix-it:17', ada)).modal();
    expect(shown(view)[0]).toMatch(/^Goal: 4,199 characters/);
    await slack.submitView(view, { 'nd-form:when': 'daily' });
    expect(asked('onForm')[0]!.given).toMatchObject([{ draft: 17, fields: { goal, project: 'api', when: 'daily' } }]);
  });
});
