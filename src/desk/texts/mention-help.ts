import { code, line, type Message } from '../../model/message.ts';

/** What a mention takes in the thread of a run. */
export function renderMentionHelp(commandName: string): Message {
  return [
    line('In the thread of a run, mention me with one of these:'),
    line(code('status'), ' · How the run stands now; so does any other text.'),
    line(code('log'), ' · Its log, as a file.'),
    line(code('attempts'), ' · Its attempts, a line each.'),
    line(code('retry [note]'), ' · Runs it again, with what failed and your note.'),
    line(code('cancel'), ' · Ends it.'),
    line('Everything else is a command: ', code(`${commandName} help`), ' in the channel lists them.'),
  ];
}

/** Outside of the thread of a run there is nothing to say it of. */
export function renderMentionOutside(commandName: string): Message {
  return [
    line(
      'In the thread of a run a mention takes ',
      ...['status', 'log', 'attempts', 'retry [note]', 'cancel'].flatMap((word, index) => [
        ...(index === 0 ? [] : [', ']),
        code(word),
      ]),
      ' and ',
      code('help'),
      '. This is not one.',
    ),
    line(code(`${commandName} help`), ' lists the commands, which work in every channel that I am in.'),
  ];
}
