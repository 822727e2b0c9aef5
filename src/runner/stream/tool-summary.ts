import { relative } from 'node:path';

import { cutLine } from './excerpt.ts';
import { textOf, type Fields } from './json-fields.ts';

const maxCharacters = 160;

/** Which field of a tool's input says what it is about. */
const subjects: Record<string, string> = {
  Bash: 'command',
  Edit: 'file_path',
  MultiEdit: 'file_path',
  Write: 'file_path',
  Read: 'file_path',
  NotebookEdit: 'notebook_path',
  Grep: 'pattern',
  Glob: 'pattern',
  LS: 'path',
  WebFetch: 'url',
  WebSearch: 'query',
  Agent: 'description',
  Task: 'description',
  Skill: 'skill',
  ToolSearch: 'query',
};

export interface SummaryContext {
  /** Paths in it are told from here. */
  cwd: string | null;
  /** Masks and cleans a text; called before anything is cut. */
  clean(text: string): string;
}

/** The field of a tool's input that its summary shows, where it is a known tool. */
export const subjectField = (name: string): string | undefined => subjects[name];

/** What a tool call does, in a line: `npm test`, `Edit src/a.ts`, `Grep TODO`. */
export function summarizeTool(name: string, input: Fields, context: SummaryContext): string {
  const subject = subjectOf(name, input, context);
  return name === 'Bash' && subject !== '' ? subject : `${readableName(name)} ${subject}`.trim();
}

/** What a tool call is about, in a line: its command, file, or first text; empty where its input says nothing. */
export function subjectOf(name: string, input: Fields, context: SummaryContext): string {
  const field = subjects[name];
  const text = textOf(field === undefined ? undefined : input[field]) ?? Object.values(input).find(isText) ?? '';
  const isPath = field?.endsWith('path') === true;
  return cutLine(firstLine(context.clean(isPath ? fromFolder(text, context.cwd) : text)), maxCharacters);
}

/** `mcp__github__create_issue` is `github: create_issue`. */
export const readableName = (name: string): string => name.replace(/^mcp__(.+?)__/, '$1: ');

/** The tool that starts a subagent; `Task` before 2.1. */
export const isAgentTool = (name: string): boolean => name === 'Agent' || name === 'Task';

const isText = (value: unknown): value is string => typeof value === 'string';

function fromFolder(path: string, cwd: string | null): string {
  if (cwd === null || !path.startsWith('/')) return path;
  const inside = relative(cwd, path);
  return inside === '' || inside.startsWith('..') ? path : inside;
}

function firstLine(text: string): string {
  const [first, ...rest] = text.trim().split('\n', 2);
  return rest.length > 0 ? `${first?.trimEnd()} …` : (first ?? '');
}
