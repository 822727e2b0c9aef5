import type { ClaudeLine, ContentBlock } from './claude-line.ts';
import { subjectOf, summarizeTool, type SummaryContext } from './tool-summary.ts';

export interface OpenTool {
  id: string;
  name: string;
  /** `npm test`, `Edit src/a.ts`. */
  summary: string;
  /** The summary without the tool's name. */
  subject: string;
  sinceMs: number;
  /** The tool call of the subagent that made this one. */
  parent: string | null;
}

interface BackgroundTask {
  description: string;
  /** A subagent; else a command. */
  isAgent: boolean;
}

export interface OpenWork {
  see(line: ClaudeLine, atMs: number): void;
  /** Open tool calls, the newest last. */
  tools(): OpenTool[];
  tasks(): BackgroundTask[];
  find(toolUseId: string): OpenTool | undefined;
  /** The newest call that was stopped from outside with nothing after it, and when. */
  interrupted(): { tool: OpenTool; atMs: number } | undefined;
}

/** Keeps which tool calls and background tasks are open; holds no more than those. */
export function createOpenWork(context: SummaryContext): OpenWork {
  const tools = new Map<string, OpenTool & { messageId: string }>();
  let tasks = new Map<string, BackgroundTask>();
  let interrupted: { tool: OpenTool; atMs: number } | undefined;

  const describe = ({ description, isAgent }: BackgroundTask): BackgroundTask => ({
    description: context.clean(description),
    isAgent,
  });

  function drop(isDropped: (tool: OpenTool & { messageId: string }) => boolean): void {
    for (const [id, tool] of tools) if (isDropped(tool)) tools.delete(id);
  }

  function close(block: ContentBlock, atMs: number): void {
    if (block.kind !== 'tool-result') return;
    const tool = tools.get(block.toolUseId);
    tools.delete(block.toolUseId);
    if (tool === undefined || !block.wasInterrupted) return;
    if (interrupted === undefined || tool.sinceMs >= interrupted.tool.sinceMs) interrupted = { tool, atMs };
  }

  function seeAnswer(line: Extract<ClaudeLine, { kind: 'assistant' }>, atMs: number): void {
    const { messageId, parent } = line;
    interrupted = undefined;
    // A thread's next answer comes only when the calls of the one before have their results, read or not.
    drop((tool) => tool.parent === parent && tool.messageId !== messageId);
    for (const block of line.content) {
      if (block.kind !== 'tool-use') continue;
      const { id, name, input } = block;
      const summary = summarizeTool(name, input, context);
      const subject = subjectOf(name, input, context);
      tools.set(id, { id, name, summary, subject, sinceMs: atMs, parent, messageId });
    }
  }

  return {
    see(line, atMs) {
      switch (line.kind) {
        case 'assistant':
          return seeAnswer(line, atMs);
        case 'user':
          return line.content.forEach((block) => close(block, atMs));
        case 'result':
          return drop((tool) => tool.parent === null);
        case 'task-started':
          if (line.isBackground) tasks.set(line.task.taskId, describe(line.task));
          return undefined;
        case 'task-ended':
          tasks.delete(line.taskId);
          // A task that was stopped leaves its subagent's calls without results.
          if (line.toolUseId !== undefined) drop((tool) => tool.parent === line.toolUseId);
          return undefined;
        case 'background-tasks':
          tasks = new Map(line.tasks.map((task) => [task.taskId, describe(task)]));
          return undefined;
        case 'api-error':
        case 'api-retry':
        case 'broken':
        case 'compacted':
        case 'init':
        case 'other':
        case 'partial':
        case 'permission-denied':
        case 'rate-limit':
          return undefined;
      }
    },
    tools: () => [...tools.values()],
    tasks: () => [...tasks.values()],
    find: (toolUseId) => tools.get(toolUseId),
    interrupted: () => interrupted,
  };
}
