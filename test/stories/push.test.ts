import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { expect, test } from 'vitest';

import { bash, say } from '../support/script.ts';
import { check, startStory, type Story } from '../support/story.ts';
import { git, giveOrigin } from '../support/temp-repository.ts';

const rightAnswer = [bash('echo 42 > answer.txt'), say('The answer is 42 now.')];

async function pushingStory(push: 'success' | 'always', makeOrigin: (story: Story) => void): Promise<Story> {
  const story = await startStory({ script: [rightAnswer], project: { push } });
  makeOrigin(story);
  await story.say(`schedule set the answer right --name answer ${check}`);
  await story.say('run answer');
  await story.until(1);
  return story;
}

const originOf = (story: Story): string => giveOrigin(story.projectPath, path.join(story.directory, 'origin.git'));

test('a pushed branch is in the headline, with its page in the thread', async () => {
  const story = await pushingStory('success', (story) => {
    const address = 'git@github.com:ada/engine.git';
    git(story.projectPath, 'config', `url.${originOf(story)}.insteadOf`, address);
    git(story.projectPath, 'remote', 'set-url', 'origin', address);
  });
  const told = await story.told();
  expect(told).toContain('✅ answer r1 succeeded');
  expect(told).toContain('branch `nightdesk/answer/r1` (pushed) · 1 file, +1 −1');
  expect(told).toContain('    Pushed to `origin`: https://github.com/ada/engine/tree/nightdesk/answer/r1');
});

test('a refused push is told in the thread, and the run has succeeded all the same', async () => {
  const story = await pushingStory('success', (story) => {
    const hook = path.join(originOf(story), 'hooks/pre-receive');
    writeFileSync(hook, '#!/bin/sh\necho "the branch is protected at night" >&2\nexit 1\n');
    chmodSync(hook, 0o755);
  });
  const told = await story.told();
  expect(told).toContain('✅ answer r1 succeeded');
  expect(told).toContain('branch `nightdesk/answer/r1` · 1 file, +1 −1');
  expect(told).toContain(
    'The branch could not be pushed to `origin`: pre-receive hook declined: the branch is protected at night',
  );
});

test('without a push the thread says how to get at the work, and what it says works', async () => {
  const story = await startStory({ script: [rightAnswer] });
  await story.say(`schedule set the answer right --name answer ${check}`);
  await story.say('run answer');
  await story.until(1);
  const commands = /In the project, `git (.+)` shows it and `git (.+)` takes it over\./.exec(await story.told());
  expect(git(story.projectPath, ...(commands?.[1] ?? '').split(' '))).toContain('+42');
  git(story.projectPath, ...(commands?.[2] ?? '').split(' '));
  expect(readFileSync(`${story.projectPath}/answer.txt`, 'utf8')).toBe('42\n');
});
