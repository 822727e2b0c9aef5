import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { claudeSays, line } from '../../src/model/message.ts';
import { openPage } from '../support/browser.ts';
import { chromiumPath } from '../support/chromium.ts';
import { openWebChat, outgoing, startWeb } from '../support/running-web.ts';
import {
  checkOutput,
  failed,
  mentioned,
  scheduled,
  succeeded,
  wrongCommand,
  withButtons,
} from '../support/web-texts.ts';

async function open(given: Parameters<typeof openWebChat>[0] = {}, settings: Parameters<typeof startWeb>[2] = {}) {
  const opened = await openWebChat(given);
  const web = await startWeb(opened.folder, opened.chat, settings);
  const signIn = async (name: 'ada' | 'grace' = 'ada', options: Parameters<typeof openPage>[0] = {}) => {
    const page = await openPage(options);
    await page.goto(`${web.url}/?token=${web.tokens.tokenFor(name)}`);
    await page.locator('.live[data-state=live]').waitFor();
    return page;
  };
  return { ...opened, ...web, signIn };
}

describe.skipIf(chromiumPath === undefined)('the page', () => {
  test('asks who comes without a token to open the link, and lets in who does', async () => {
    const { url, token } = await open();
    const page = await openPage();
    await page.goto(url);
    await page.getByRole('heading', { name: 'nightdesk' }).waitFor();
    await page.getByLabel('Token').fill(token);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: '# general' }).waitFor();
    expect(page.url()).toBe(`${url}/`);
    await page.reload();
    await page.getByText('Nothing here yet').waitFor();
  });

  test('names the channels that could not be told something, with why, until they are', async () => {
    let channels = [{ channel: 'slack:C012', count: 3, lastError: 'channel_not_found <b>' }];
    const { signIn } = await open({}, { desk: { undelivered: () => channels } });
    const ada = await signIn();
    const notice = ada.getByRole('complementary', { name: 'Not delivered' });
    await notice.getByText('3 messages wait for slack:C012: channel_not_found <b>').waitFor();
    const [strip, header] = [
      await notice.boundingBox(),
      await ada.getByRole('heading', { name: '# general' }).boundingBox(),
    ];
    expect((strip?.y ?? 0) + (strip?.height ?? 0), 'it covers nothing').toBeLessThanOrEqual(header?.y ?? 0);
    channels = [];
    await ada.reload();
    await ada.locator('.live[data-state=live]').waitFor();
    await ada.getByRole('heading', { name: '# general' }).waitFor();
    expect(await notice.isVisible()).toBe(false);
  });

  test('sends a command, and shows it with its answer to the asker alone until it is put away', async () => {
    const { signIn, heard } = await open({ handlers: { onText: async () => ({ message: scheduled }) } });
    const [ada, grace] = [await signIn('ada'), await signIn('grace')];
    const field = ada.getByLabel('Command, after /claude');
    await field.fill('schedule "raise the dependencies');
    await field.press('Shift+Enter');
    await field.pressSequentially('and mend what breaks" --when "weekdays at 2am"');
    await field.press('Enter');

    const answer = ada.getByRole('article', { name: 'Answer that only you see' });
    await answer.getByText('scheduled by @ada: weekdays at 02:00 Berlin').waitFor();
    expect(await answer.locator('time').allInnerTexts()).toEqual([
      'Mon 23 Nov, 02:00',
      'Tue 24 Nov, 02:00',
      'Wed 25 Nov, 02:00',
    ]);
    const words = 'schedule "raise the dependencies\nand mend what breaks" --when "weekdays at 2am"';
    expect(heard.texts.map(([text]) => text)).toEqual([words]);
    expect(await field.inputValue()).toBe('');

    expect(await answer.locator('.asked').innerText()).toBe(`/claude ${words}`);
    expect(await grace.locator('.message').count()).toBe(0);
    expect(await grace.locator('.private').count()).toBe(0);

    await answer.getByRole('button', { name: 'Put this answer away' }).click();
    await answer.waitFor({ state: 'detached' });
    expect([...ada.faults, ...grace.faults]).toEqual([]);
  });

  test('does not show an answer that stands in the channel already', async () => {
    const { signIn, chat } = await open({
      handlers: {
        onText: async () => {
          await chat.post(outgoing({ message: scheduled }));
          return { message: scheduled, isInChannel: true };
        },
      },
    });
    const ada = await signIn('ada');
    await ada.getByLabel('Command, after /claude').fill('schedule it');
    await ada.getByLabel('Command, after /claude').press('Enter');
    await ada.locator('.message', { hasText: 'scheduled by @ada' }).waitFor();
    expect(await ada.locator('.private').count()).toBe(0);
  });

  test('keeps a command that was refused in the field, to be mended', async () => {
    const { signIn } = await open({ handlers: { onText: async () => ({ message: wrongCommand, isRefusal: true }) } });
    const page = await signIn();
    const field = page.getByLabel('Command, after /claude');
    await field.fill('schedule x --when "weekdyas 2am"');
    await page.getByRole('button', { name: 'Send' }).click();
    await page.locator('.private').getByText('Did you mean').waitFor();
    expect(await field.inputValue()).toBe('schedule x --when "weekdyas 2am"');
  });

  test('shows what is posted and edited while it is open; the focus stays through an edit', async () => {
    const { signIn, chat } = await open();
    const page = await signIn();
    const ref = await chat.post(outgoing({ message: withButtons([line('⏳ attempt 1')], 'cancel') }));
    const message = page.locator(`.message[data-id="${ref}"]`);
    await message.getByText('attempt 1').waitFor();
    await message.getByRole('button', { name: 'Cancel' }).focus();
    await chat.edit(ref, withButtons([line('⏳ attempt 2')], 'cancel'));
    await message.getByText('attempt 2').waitFor();
    expect(await page.evaluate('document.activeElement.dataset.key')).toBe('🛑');
    await chat.edit(ref, withButtons(succeeded, 'retry'));
    await message.getByText('r142 succeeded on attempt 2').waitFor();
    expect(await message.getByRole('button', { name: 'Cancel' }).count()).toBe(0);
    expect(await message.getByRole('button', { name: 'Retry' }).count()).toBe(1);
  });

  test('a click on a control reaches the desk, is seen by everybody, and a second click takes it back', async () => {
    const { signIn, chat, heard } = await open();
    const ref = await chat.post(outgoing({ message: withButtons(failed, 'retry') }));
    const [ada, grace] = [await signIn('ada'), await signIn('grace')];
    const button = ada.getByRole('button', { name: 'Retry' });
    await button.click();
    await grace.getByRole('button', { name: 'Retry: ada' }).waitFor();
    await ada.getByRole('button', { name: 'Retry: you', pressed: true }).click();
    await ada.getByRole('button', { name: 'Retry', pressed: false }).waitFor();
    expect(heard.reactions.map(([change, control, on, { person }]) => [change, control, on, person])).toEqual([
      ['added', 'retry', ref, 'web:ada'],
      ['removed', 'retry', ref, 'web:ada'],
    ]);
  });

  test('opens a thread by keyboard, calls who is mentioned there, and gives its files', async () => {
    const { signIn, chat, folder } = await open();
    writeFileSync(join(folder, 'attempt-1.log'), 'what happened in the night');
    const attachments = [{ name: 'attempt-1.log', path: join(folder, 'attempt-1.log') }];
    const ref = await chat.post(outgoing({ message: failed }));
    await chat.post(outgoing({ message: mentioned, thread: ref, attachments, mention: 'web:ada' }));
    const page = await signIn();
    await page.getByRole('button', { name: '1 reply' }).press('Enter');
    const thread = page.getByRole('complementary', { name: 'Thread' });
    await thread.locator('.calls-me').getByText('@ada').waitFor();

    const opening = page.context().waitForEvent('page');
    await thread.getByRole('link', { name: 'attempt-1.log 26 bytes' }).click();
    expect(await (await opening).innerText('body')).toBe('what happened in the night');
    const saving = page.waitForEvent('download');
    await thread.getByRole('link', { name: 'Download attempt-1.log' }).click();
    const download = await saving;
    expect(download.suggestedFilename()).toBe('attempt-1.log');
    expect(readFileSync(await download.path(), 'utf8')).toBe('what happened in the night');

    await chat.post(outgoing({ message: [line('one more')], thread: ref }));
    await thread.getByText('one more').waitFor();
    await page.keyboard.press('Escape');
    await thread.waitFor({ state: 'hidden' });
    expect(await page.evaluate('document.activeElement.textContent')).toBe('2 replies');
  });

  test('shows what Claude wrote as its words, as text, with its line breaks', async () => {
    const { signIn, chat } = await open();
    const words = 'Done.\n\n<img src=x onerror="document.title=`owned`"> [here](javascript:alert(1))';
    const trick = line({ kind: 'link', url: 'javascript:alert(1)', text: 'the run' });
    await chat.post(outgoing({ message: [claudeSays(words), trick] }));
    const page = await signIn();
    const figure = page.getByRole('figure', { name: 'Claude says' });
    expect(await figure.locator('blockquote').innerText()).toBe(words);
    expect(await page.locator('.body img, .body a').count()).toBe(0);
    expect(await page.title()).toBe('#general · nightdesk');
    expect(page.faults).toEqual([]);
  });

  test('comes back by itself after the server was away, with what it missed', async () => {
    const { signIn, chat, folder, stop, url } = await open();
    const page = await signIn();
    await chat.post(outgoing({ message: [line('before')] }));
    await page.locator('.message', { hasText: 'before' }).waitFor();
    await stop();
    await page.getByText('Reconnecting…').waitFor();
    await chat.post(outgoing({ message: [line('meanwhile')] }));
    await startWeb(folder, chat, { port: Number(new URL(url).port) });
    await page.locator('.message', { hasText: 'meanwhile' }).waitFor();
    await page.getByText('Live', { exact: true }).waitFor();
    expect(await page.locator('.message').count()).toBe(2);
  });

  test('holds no connection while nobody sees it, and goes on where it was when somebody does', async () => {
    const { signIn, chat } = await open();
    const page = await signIn();
    await chat.post(outgoing({ message: [line('before')] }));
    await page.locator('.message', { hasText: 'before' }).waitFor();
    const hide = async (isHidden: boolean) => {
      await page.evaluate(
        `Object.defineProperty(document, 'hidden', { configurable: true, value: ${isHidden} });
         document.dispatchEvent(new Event('visibilitychange'));`,
      );
    };
    const isOver = page.waitForEvent('requestfailed', (request) => request.url().endsWith('/api/events'));
    await hide(true);
    await isOver;
    await chat.post(outgoing({ message: [line('meanwhile')] }));
    const loads: string[] = [];
    page.on('request', (request) => loads.push(new URL(request.url()).pathname));
    await hide(false);
    await page.locator('.message', { hasText: 'meanwhile' }).waitFor();
    expect(loads.filter((path) => path.endsWith('/messages'))).toEqual([]);
  });

  test('asks who is let in no more for a token', async () => {
    const { signIn, tokens } = await open({}, { heartbeatMs: 10 });
    const page = await signIn();
    tokens.admit(['grace']);
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    expect(await page.getByRole('button', { name: 'Send' }).isVisible()).toBe(false);
  });

  test('stays where the reader is while others write, and at the end for who is there', async () => {
    const { signIn, chat } = await open();
    for (let i = 0; i < 80; i += 1) await chat.post(outgoing({ message: [line(`message ${i}`)] }));
    const page = await signIn();
    await page.getByText('message 79').waitFor();
    const place =
      '[document.querySelector("#channel-scroll")].map((it) => [it.scrollTop, it.scrollHeight - it.clientHeight])[0]';
    const [top, end] = await page.evaluate<number[]>(place);
    expect(Math.abs(end! - top!)).toBeLessThan(2);

    await page.getByText('message 45', { exact: true }).scrollIntoViewIfNeeded();
    const [read] = await page.evaluate<number[]>(place);
    await chat.post(outgoing({ message: [line('news')] }));
    await page.getByRole('button', { name: 'New messages below' }).waitFor();
    expect((await page.evaluate<number[]>(place))[0]).toBe(read);
    await page.getByRole('button', { name: 'New messages below' }).click();
    await page.getByRole('button', { name: 'New messages below' }).waitFor({ state: 'hidden' });
    const [after, newEnd] = await page.evaluate<number[]>(place);
    expect(Math.abs(newEnd! - after!)).toBeLessThan(2);

    await page.getByRole('button', { name: 'Show earlier messages' }).click();
    await page.getByText('message 0', { exact: true }).waitFor();
    expect(await page.locator('.message').count()).toBe(81);
  });

  test('earlier messages that come late are not put into the channel that was opened meanwhile', async () => {
    const { signIn, chat } = await open();
    for (let i = 0; i < 60; i += 1) await chat.post(outgoing({ message: [line(`message ${i}`)] }));
    await chat.post(outgoing({ channel: 'web:other', message: [line('elsewhere')] }));
    const page = await signIn();
    await page.getByText('message 59').waitFor();
    const wait = Promise.withResolvers<void>();
    await page.route(/\?before=/, async (route) => {
      await wait.promise;
      await route.continue();
    });
    const answered = page.waitForResponse(/\?before=/);
    await page.getByRole('button', { name: 'Show earlier messages' }).click();
    await page.locator('#channels').getByText('other').click();
    await page.getByText('elsewhere').waitFor();
    wait.resolve();
    await (await answered).finished();
    await page.evaluate('new Promise(requestAnimationFrame)');
    expect(await page.locator('.message').count()).toBe(1);
  });

  test.each(['light', 'dark'] as const)('fits a phone and has a theme: %s', async (colorScheme) => {
    const { signIn, chat } = await open({ channels: ['web:general', 'web:the-other-one', 'web:and-yet-another'] });
    const ref = await chat.post(outgoing({ message: withButtons(succeeded, 'retry') }));
    await chat.post(outgoing({ message: checkOutput, thread: ref }));
    const page = await signIn('ada', { colorScheme, viewport: { width: 360, height: 740 }, hasTouch: true });
    const widths =
      '[document.documentElement, ...document.querySelectorAll(".scroll, .composer, .field")].filter((it) => it.scrollWidth > it.clientWidth + 1).map((it) => it.className)';
    expect(await page.evaluate(widths)).toEqual([]);
    const send = (await page.getByRole('button', { name: 'Send' }).boundingBox())!;
    expect(send.x + send.width).toBeLessThanOrEqual(360);
    await page.getByRole('button', { name: '1 reply' }).tap();
    await page.getByRole('heading', { name: 'Thread' }).waitFor();
    expect(await page.evaluate(widths)).toEqual([]);
    const paper = await page.evaluate<string>('getComputedStyle(document.documentElement).backgroundColor');
    expect(Number(/\d+/.exec(paper)?.[0]) < 128).toBe(colorScheme === 'dark');
    await page.getByRole('button', { name: 'Close the thread' }).tap();
    await page.getByRole('button', { name: 'Retry' }).waitFor();
  });
});
