import { describe, expect, test } from 'vitest';

import { emptyForm } from '../../src/model/job-form.ts';
import { startFormWeb } from '../support/form-web.ts';
import { usualPolicyFields } from '../support/usual-policies.ts';

async function start() {
  const { fixture, web } = await startFormWeb();
  const ask = async (method: string, path: string, body?: unknown, headers = {}) => {
    const response = await web.ask(method, path, body, headers);
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  const asGrace = { authorization: `Bearer ${web.tokens.tokenFor('grace')}` };
  return { fixture, ask, asGrace };
}

const when = (words: string, zone = '') =>
  `/api/when?${new URLSearchParams({ words, zone, channel: 'general' }).toString()}`;

describe('a form', () => {
  test('for a new job opens with the channel’s project and what holds without an answer', async () => {
    const { ask } = await start();
    expect(await ask('GET', '/api/form?channel=general')).toEqual({
      status: 200,
      body: {
        form: {
          target: null,
          draft: null,
          fields: { ...emptyForm, project: 'api' },
          base: emptyForm,
          usual: {
            zone: 'Europe/Berlin',
            timeout: '2 h',
            retries: '2',
            budget: '',
            model: '',
            notify: 'failure',
            ...usualPolicyFields,
          },
          faults: [],
          projects: ['api', 'shop'],
        },
      },
    });
    expect((await ask('GET', '/api/projects')).body).toEqual({
      projects: [
        { name: 'api', role: 'member' },
        { name: 'shop', role: 'member' },
      ],
    });
  });

  test('makes a job that stands in the channel, once for its key', async () => {
    const { ask, fixture } = await start();
    const body = { channel: 'general', fields: { goal: 'fix the login', project: 'shop', when: 'nightly' } };
    const first = await ask('POST', '/api/forms', body, { 'idempotency-key': 'k1' });
    expect(first).toMatchObject({ status: 200, body: { ok: true, isInChannel: true } });
    expect(first.body['text']).toContain('fix-login scheduled by @ada: every day at 02:00 Berlin');
    await ask('POST', '/api/forms', body, { 'idempotency-key': 'k1' });
    expect(fixture.store.jobs.list().map(({ name, channel }) => [name, channel])).toEqual([
      ['fix-login', 'web:general'],
    ]);
    expect(await fixture.told()).toContain('fix-login scheduled by @ada');
  });

  test('is answered with all of its faults, each at its field', async () => {
    const { ask, fixture } = await start();
    const fields = { goal: '', project: 'shopp', when: 'weekdyas 2am', timeout: '2' };
    const { status, body } = await ask('POST', '/api/forms', { channel: 'general', fields });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      ok: false,
      faults: [
        { field: 'goal', message: expect.stringContaining('The goal is missing.') },
        { field: 'timeout', message: expect.stringContaining('the unit is missing') },
        { field: 'project', message: expect.stringContaining('Did you mean `shop`?') },
        { field: 'when', message: expect.stringContaining('Did you mean `weekdays at 2am`?') },
      ],
    });
    expect(fixture.store.jobs.list()).toEqual([]);
  });

  test.each([
    [{ channel: 'general', fields: { gaol: 'x' } }, /gaol/],
    [{ channel: 'general', fields: { accept: '$ npm test' } }, /body\.fields\.accept/],
    [{ channel: 'general' }, /body\.fields/],
    [{ channel: 'a b', fields: {} }, /can't be a channel/],
    [{ channel: 'general', fields: { goal: 'x'.repeat(20_001) } }, /body\.fields\.goal/],
  ])('that is no form is refused: %j', async (body, message) => {
    const { ask } = await start();
    expect(await ask('POST', '/api/forms', body)).toMatchObject({
      status: 400,
      body: { error: { message: expect.stringMatching(message) } },
    });
  });

  test('of a job opens for its owner, not for another member, and edits what it has', async () => {
    const { ask, asGrace, fixture } = await start();
    await fixture.say('schedule fix it --name deps --budget 5 --when "weekdays at 2am"');
    const { body } = await ask('GET', '/api/jobs/deps/form');
    expect(body).toMatchObject({ form: { target: 'deps', fields: { when: 'weekdays at 02:00', budget: '5' } } });
    expect(await ask('GET', '/api/jobs/deps/form', undefined, asGrace)).toMatchObject({
      status: 400,
      body: { error: { message: expect.stringContaining('You need to be a maintainer of `api`') } },
    });
    expect((await ask('GET', '/api/jobs/nothing/form')).status).toBe(404);
    const edit = { channel: 'general', target: 'deps', fields: { budget: '' } };
    expect((await ask('POST', '/api/forms', edit)).body['text']).toBe('deps is edited.\nbudget: $5 → none');
    expect((await ask('POST', '/api/forms', edit, asGrace)).body).toMatchObject({ ok: false });
  });
});

test('a form for a channel that there is not is refused, and makes neither job nor channel', async () => {
  const { ask, fixture } = await start();
  const fields = { goal: 'fix it', project: 'api', when: 'nightly' };
  const { status, body } = await ask('POST', '/api/forms', { channel: 'nowhere', fields });
  expect([status, body]).toMatchObject([400, { error: { message: expect.stringContaining('There is no channel') } }]);
  await fixture.settle();
  expect(fixture.store.jobs.list()).toEqual([]);
  expect((await ask('GET', '/api/channels')).body).toMatchObject({ channels: [{ id: 'web:general' }] });
});

test('a refused command is kept, and its answer links to the form that has it', async () => {
  const { ask, asGrace } = await start();
  const text = 'schedule fix it --when "weekdyas 2am" --budget 5';
  const { body } = await ask('POST', '/api/command', { channel: 'general', text });
  expect(body).toMatchObject({ ok: false, draft: { id: 1, url: '/?draft=1' } });
  expect(body['text']).toMatch(/\nYour text is kept: Fix it opens the form with everything you typed\.$/);
  expect((await ask('GET', '/api/drafts/1')).body).toMatchObject({
    form: { draft: 1, fields: { goal: 'fix it', when: 'weekdyas 2am', budget: '5' }, faults: [{ field: 'when' }] },
  });
  expect((await ask('GET', '/api/drafts/1', undefined, asGrace)).status).toBe(404);
  const fields = { goal: 'fix it', project: 'api', when: 'weekdays at 2am', budget: '5' };
  expect((await ask('POST', '/api/forms', { channel: 'general', draft: 1, fields })).body).toMatchObject({ ok: true });
  expect(await ask('GET', '/api/drafts/1')).toMatchObject({
    status: 404,
    body: { error: { message: 'This draft is not there any more: it was mended, or is older than 7 days.' } },
  });
});

test('the words of a schedule are explained while they are typed', async () => {
  const { ask } = await start();
  expect((await ask('GET', when('weekdays at 2am'))).body).toEqual({
    ok: true,
    sentence: 'weekdays at 02:00 Berlin',
    zone: 'Europe/Berlin',
    instants: ['2026-11-24T01:00:00Z', '2026-11-25T01:00:00Z', '2026-11-26T01:00:00Z'],
  });
  expect(await ask('GET', when('weekdyas'))).toMatchObject({ status: 200, body: { ok: false, field: 'when' } });
  expect((await ask('GET', '/api/when?words=nightly')).status).toBe(400);
});

test('the buttons that one may use are told for each message; a click acts once for its key', async () => {
  const { ask, asGrace, fixture } = await start();
  await fixture.say('schedule fix it --name deps');
  await fixture.settle();
  const path = '/api/channels/general/actions?messages=1,2';
  const offered = ['run', 'pause', 'edit', 'delete'].map((kind) => ({ kind, target: 'deps' }));
  expect((await ask('GET', path)).body).toEqual({
    messages: [
      { id: 1, actions: offered },
      { id: 2, actions: [] },
    ],
  });
  expect((await ask('GET', path, undefined, asGrace)).body).toEqual({
    messages: [
      { id: 1, actions: [{ kind: 'run', target: 'deps' }] },
      { id: 2, actions: [] },
    ],
  });
  expect((await ask('GET', '/api/channels/general/actions?messages=x')).status).toBe(400);
  const click = { channel: 'general', kind: 'pause', target: 'deps' };
  const key = { 'idempotency-key': 'one' };
  expect((await ask('POST', '/api/actions', click, key)).body).toMatchObject({ ok: true, isInChannel: true });
  expect((await ask('POST', '/api/actions', click, key)).body).toMatchObject({ text: 'That was carried out before.' });
  expect((await ask('POST', '/api/actions', { ...click, kind: 'delete' }, asGrace)).body).toMatchObject({ ok: false });
  expect((await ask('POST', '/api/actions', { ...click, kind: 'explode' })).status).toBe(400);
  expect((await ask('POST', '/api/actions', { ...click, kind: 'edit' })).status).toBe(400);
  expect((await ask('POST', '/api/actions', { ...click, channel: 'nowhere' })).status).toBe(400);
});
