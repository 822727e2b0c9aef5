import { textOf, type Fields } from './json-fields.ts';
import { isAgentTool, subjectField } from './tool-summary.ts';

/** What a tool call's input holds beyond its summary, for reading; empty where that is nothing. */
export function describeInput(name: string, input: Fields): string {
  if (name === 'Edit') return [...marked('- ', input['old_string']), ...marked('+ ', input['new_string'])].join('\n');
  if (name === 'Write') return textOf(input['content']) ?? '';
  if (name === 'Bash') return wholeCommand(textOf(input['command']) ?? '');
  if (isAgentTool(name)) return textOf(input['prompt']) ?? '';
  return Object.entries(input)
    .filter(([key]) => key !== subjectField(name))
    .map(([key, value]) => `${key}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join('\n');
}

const wholeCommand = (command: string): string => (command.includes('\n') ? command : '');

function marked(mark: string, value: unknown): string[] {
  const text = textOf(value) ?? '';
  return text === '' ? [] : text.split('\n').map((line) => `${mark}${line}`);
}
