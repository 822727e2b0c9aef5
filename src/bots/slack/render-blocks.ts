import type { types } from '@slack/bolt';

import { actionLabels, type Action, type Block, type Message } from '../../model/message.ts';
import { buttonId } from '../button-id.ts';
import { splitText } from '../split-text.ts';
import { codeBlock, unbroken, visible } from './mrkdwn.ts';
import { renderClaude } from './render-claude.ts';
import { renderInline, type RenderOptions } from './render-inline.ts';

export type SlackBlock = types.SectionBlock | types.ContextBlock | types.ActionsBlock;

/** See https://docs.slack.dev/reference/block-kit/blocks/section-block */
const maxSection = 3_000;
const maxButtons = 25;
/** More than all messages of an answer take. What is behind it is not even looked at. */
const maxShown = 50_000;

/** A message as blocks, each within its own limits. They can be more than one message of Slack's takes. */
export function renderBlocks(message: Message, options: RenderOptions): SlackBlock[] {
  const blocks: SlackBlock[] = [];
  let lines: string[] = [];
  const endLines = (): void => {
    blocks.push(...splitText(lines.join('\n'), maxSection, unbroken).flatMap(section));
    lines = [];
  };
  for (const block of message) {
    if (block.kind === 'line') {
      lines.push(block.content.map((inline) => renderInline(inline, options)).join(''));
    } else {
      endLines();
      blocks.push(...renderBlock(block));
    }
  }
  endLines();
  return blocks;
}

function renderBlock(block: Exclude<Block, { kind: 'line' }>): SlackBlock[] {
  switch (block.kind) {
    case 'output':
      return splitText(codeBlock(block.text.slice(0, maxShown)), maxSection, unbroken).flatMap(section);
    case 'claude':
      return renderClaude(block.markdown.slice(0, maxShown), maxSection).flatMap(section);
    case 'actions':
      return block.actions.length === 0 ? [] : [actionsBlock(block.actions)];
  }
}

// `verbatim`: nothing in it is turned into a link or a mention but what is written as one.
const section = (text: string): types.SectionBlock[] =>
  text.trim() === '' ? [] : [{ type: 'section', text: { type: 'mrkdwn', text, verbatim: true } }];

/** A line in small print. */
export const note = (mrkdwn: string): types.ContextBlock => ({
  type: 'context',
  elements: [{ type: 'mrkdwn', text: mrkdwn, verbatim: true }],
});

const actionsBlock = (actions: readonly Action[]): types.ActionsBlock => ({
  type: 'actions',
  elements: actions.slice(0, maxButtons).map(renderButton),
});

function renderButton(action: Action): types.Button {
  const label = plain(actionLabels[action.kind]);
  const button: types.Button = { type: 'button', text: label, action_id: buttonId(action) };
  if (action.kind === 'cancel') return { ...button, style: 'danger' };
  if (action.kind !== 'delete') return button;
  const confirm: types.ConfirmationDialog = {
    title: plain('Delete this job?'),
    text: plain(`${visible(action.target).slice(0, 200)} does not run again. Its past runs and their logs stay.`),
    confirm: label,
    deny: plain('Keep'),
    style: 'danger',
  };
  return { ...button, style: 'danger', confirm };
}

const plain = (text: string): types.PlainTextElement => ({ type: 'plain_text', text, emoji: true });

/** The button that opens the form with what was typed. */
export const fixIt = (draft: number): types.ActionsBlock => ({
  type: 'actions',
  elements: [
    {
      type: 'button',
      text: plain('Fix it'),
      style: 'primary',
      action_id: buttonId({ kind: 'fix-it', target: String(draft) }),
    },
  ],
});
