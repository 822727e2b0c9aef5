import type { ClaudeEvent, ContentBlock } from './claude-line.ts';
import { fieldsOf, listOf, numberOf, textOf, type Fields } from './json-fields.ts';
import { readUsage } from './read-usage.ts';

/** An `assistant` line: a piece of an answer, or the CLI's own words where the API gave an error. */
export function readAnswer(fields: Fields): ClaudeEvent {
  const message = fieldsOf(fields['message']);
  const content = readContent(message['content'], new Set());
  if (fields['is_api_error_message'] === true || message['model'] === '<synthetic>') {
    return {
      kind: 'api-error',
      status: numberOf(fields['api_error_status']) ?? null,
      error: textOf(fields['error']) ?? 'unknown',
      text: content.map((block) => (block.kind === 'text' ? block.text : '')).join('\n'),
    };
  }
  return {
    kind: 'assistant',
    messageId: textOf(message['id']) ?? '',
    parent: parentOf(fields),
    content,
    usage: readUsage(message['usage']),
  };
}

/** A `user` line: results of tools, or a word of the CLI to the model. */
export function readUser(fields: Fields): ClaudeEvent {
  const interrupted = listOf(fields['tool_result_meta'])
    .map(fieldsOf)
    .filter((meta) => meta['non_execution_kind'] === 'user-rejected')
    .map((meta) => meta['id']);
  const content = readContent(fieldsOf(fields['message'])['content'], new Set(interrupted));
  return { kind: 'user', parent: parentOf(fields), content };
}

/** A `stream_event` line. `message_start` names the answer, `message_delta` says at its end how long it was. */
export function readPartial(fields: Fields): ClaudeEvent {
  const event = fieldsOf(fields['event']);
  const message = fieldsOf(event['message']);
  const usage = event['usage'] ?? message['usage'];
  return {
    kind: 'partial',
    parent: parentOf(fields),
    messageId: textOf(message['id']) ?? textOf(fields['api_message_id']),
    usage: usage === undefined ? undefined : readUsage(usage),
  };
}

const parentOf = (fields: Fields): string | null => textOf(fields['parent_tool_use_id']) ?? null;

function readContent(content: unknown, interrupted: Set<unknown>): ContentBlock[] {
  if (typeof content === 'string') return [{ kind: 'text', text: content }];
  return listOf(content).flatMap((value): ContentBlock[] => {
    const block = fieldsOf(value);
    switch (block['type']) {
      case 'text':
        return [{ kind: 'text', text: textOf(block['text']) ?? '' }];
      case 'tool_use':
      case 'server_tool_use':
        return [
          {
            kind: 'tool-use',
            id: textOf(block['id']) ?? '',
            name: textOf(block['name']) ?? 'a tool',
            input: fieldsOf(block['input']),
          },
        ];
      case 'tool_result':
        return [readToolResult(block, interrupted)];
      default:
        return [];
    }
  });
}

// What 2.1.197 says of a tool that was stopped by SIGINT; later versions say so in `tool_result_meta` as well.
const interruptedText = "The user doesn't want to proceed with this tool use.";

function readToolResult(block: Fields, interrupted: Set<unknown>): ContentBlock {
  const toolUseId = textOf(block['tool_use_id']) ?? '';
  const parts = resultTexts(block['content']);
  const text = parts.join('\n');
  const wasInterrupted = interrupted.has(toolUseId) || text.startsWith(interruptedText);
  return { kind: 'tool-result', toolUseId, isError: block['is_error'] === true, wasInterrupted, parts, text };
}

function resultTexts(content: unknown): string[] {
  if (typeof content === 'string') return [content];
  return listOf(content)
    .map(fieldsOf)
    .map((part) => textOf(part['text']) ?? `[${textOf(part['type']) ?? 'something'}]`);
}
