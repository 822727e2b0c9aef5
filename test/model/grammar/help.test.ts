import { describe, expect, test } from 'vitest';

import { renderHelp } from '../../../src/model/grammar/help.ts';
import { parseCommand } from '../../../src/model/grammar/parse-command.ts';
import { helpTopics } from '../../../src/model/grammar/parse-help.ts';
import { commandUsage, subcommands } from '../../../src/model/grammar/subcommands.ts';
import { messageSchema, type Inline, type Message } from '../../../src/model/message.ts';

const context = { commandName: '/night' };

const inlines = (message: Message): Inline[] =>
  message.flatMap((block) => (block.kind === 'line' ? block.content : []));
const codes = (message: Message): string[] =>
  inlines(message).flatMap((part) => (typeof part === 'object' && part.kind === 'code' ? [part.text] : []));

describe('renderHelp', () => {
  test('the overview names every command and fits a message of 2,000 characters', () => {
    const overview = renderHelp(context);
    for (const name of subcommands)
      expect(codes(overview).join('\n')).toContain(name === 'help' ? 'help when' : commandUsage(name));
    const length = inlines(overview)
      .map((part) => (typeof part === 'string' ? part : 'text' in part ? part.text : ''))
      .join('').length;
    expect(length).toBeLessThan(1800);
  });

  test.each([undefined, ...helpTopics])('each example in the help on %s can be typed', (topic) => {
    const message = renderHelp(context, topic);
    expect(messageSchema.parse(message)).toEqual(message);
    const examples = codes(message).filter(
      (text) => text.startsWith('/night ') && !text.includes('<') && !text.includes('['),
    );
    expect(examples.length).toBeGreaterThan(0);
    for (const example of examples) expect(parseCommand(example, context).name).toBeTypeOf('string');
  });

  test.each([
    'project',
    'when',
    'zone',
    'accept',
    'timeout',
    'retries',
    'budget',
    'model',
    'name',
    'notify',
    'overlap',
    'catch-up',
    'catch-up-within',
  ])('the help on schedule shows a --%s that can be typed', (flag) => {
    const example = codes(renderHelp(context, 'schedule')).find((text) => text.startsWith(`--${flag} `));
    expect(parseCommand(`schedule fix it ${example}`, context).name).toBe('schedule');
  });

  test('a topic is found by an alias, and an unknown one is refused with the nearest', () => {
    expect(renderHelp(context, 'ls')).toEqual(renderHelp(context, 'list'));
    expect(() => renderHelp(context, 'scedule')).toThrow('Did you mean `schedule`?');
  });
});
