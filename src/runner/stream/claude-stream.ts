import type { ClaudeReport } from '../../model/attempt.ts';
import type { ClaudeLine, ContentBlock } from './claude-line.ts';
import { createDenials } from './denials.ts';
import { excerpt, plainText } from './excerpt.ts';
import { longestToken, type TextMask } from './mask.ts';
import { sealContent } from './mask-seams.ts';
import { createOpenWork, type OpenTool } from './open-work.ts';
import { createTokenCount } from './token-count.ts';
import { isAgentTool, type SummaryContext } from './tool-summary.ts';

/** What of a `ClaudeReport` the stream alone can tell. */
export type StreamReport = Omit<ClaudeReport, 'outcome' | 'stderrTail'>;

interface ClaudeProgress {
  toolCalls: number;
  /** The newest open tool call, else a background task, in a line; `undefined` while Claude thinks. */
  current: string | undefined;
  /** The newest last. */
  openTools: OpenTool[];
  /** Subagents at work. */
  subagents: number;
  /** What runs in the background. */
  backgroundTasks: string[];
  /** Lines that were no JSON: the last line of a process that was killed. */
  brokenLines: number;
}

export interface ClaudeStream {
  /** `nowMs` is when the line was read; it counts where the line has no time of its own. */
  push(line: ClaudeLine, nowMs: number): void;
  progress(): ClaudeProgress;
  /** `endedAtMs`: when the process ended. */
  report(endedAtMs: number): StreamReport;
}

const words = { headLines: 100, tailLines: 100, lineCharacters: 4000 };
const errorWords = { headLines: 3, tailLines: 12, lineCharacters: 300 };
const maxApiRetries = 100;

/**
 * Folds Claude Code's stream into what is known of it, holding none of it. `mask` is applied to every text before it is
 * cut; without one the texts are as they came.
 */
export function createClaudeStream(mask: TextMask = (text) => text): ClaudeStream {
  const tokens = createTokenCount();
  const report: Omit<StreamReport, 'openTool' | 'tokens' | 'denials'> = {
    sessionId: null,
    model: null,
    cliVersion: null,
    keySource: null,
    result: null,
    costUsd: null,
    turns: 0,
    toolCalls: 0,
    assistantMessages: 0,
    lastWords: '',
    lastError: null,
    limitResetsAtMs: null,
    apiRetries: [],
  };
  let resultTokens: StreamReport['tokens'] | null = null;
  const context: SummaryContext = { cwd: null, clean: (text) => mask(plainText(text)) };
  const work = createOpenWork(context);
  const denials = createDenials(work, context);
  let lastMessageId: string | undefined;
  let turnsSinceResult = 0;
  let brokenLines = 0;
  /** The end of what Claude said in front of its last words, of the same message, as it came; and the last words. */
  let before = '';
  let last = '';
  let wordsOf: string | undefined;

  const clean = (text: string, limits = words): string => excerpt(context.clean(text), limits).trim();

  function seeAnswer(line: Extract<ClaudeLine, { kind: 'assistant' }>): void {
    tokens.see(line.parent, line.messageId, line.usage);
    report.toolCalls += line.content.filter((block) => block.kind === 'tool-use').length;
    if (line.parent !== null) return;
    if (line.content.length > 0 && line.messageId !== lastMessageId) {
      lastMessageId = line.messageId;
      report.assistantMessages += 1;
      turnsSinceResult += 1;
    }
    for (const block of line.content) {
      if (block.kind === 'text' && block.text.trim() !== '') seeWords(block.text, line.messageId);
    }
  }

  function seeWords(text: string, messageId: string): void {
    before = messageId === wordsOf ? (before + last).slice(-longestToken) : '';
    wordsOf = messageId;
    last = text;
    report.lastWords = clean(behind(before, text));
  }

  /** `text` without what is left in it of a secret that began in front of it. */
  const behind = (front: string, text: string): string => mask.across?.([front, text])[1] ?? text;

  function seeToolResult(block: ContentBlock): void {
    if (block.kind !== 'tool-result' || !block.isError || block.wasInterrupted) return;
    const what = work.find(block.toolUseId)?.summary;
    const said = clean(block.text, errorWords);
    report.lastError = what === undefined ? said : `${what}: ${said}`;
  }

  /** A result says Claude's last words once more. */
  const sayingOf = (text: string): string => (text.trim() === last.trim() ? behind(before, text) : text);

  function seeResult(line: Extract<ClaudeLine, { kind: 'result' }>): void {
    const { subtype, isError, apiErrorStatus, terminalReason } = line;
    report.result = { subtype, isError, apiErrorStatus, terminalReason, text: clean(sayingOf(line.text)) };
    report.costUsd = line.costUsd ?? report.costUsd;
    report.turns += line.turns;
    turnsSinceResult = 0;
    resultTokens = line.tokens ?? resultTokens;
    for (const denied of line.denials) denials.see(denied);
  }

  function see(line: ClaudeLine): void {
    switch (line.kind) {
      case 'init':
        report.sessionId = line.sessionId;
        report.model = line.model;
        report.cliVersion = line.cliVersion;
        report.keySource = line.keySource;
        context.cwd = line.cwd;
        break;
      case 'assistant':
        return seeAnswer(line);
      case 'api-error':
        report.lastError = clean(line.text, errorWords);
        break;
      case 'user':
        return sealContent(line.content, mask.across).forEach(seeToolResult);
      case 'partial':
        if (line.usage !== undefined) tokens.see(line.parent, line.messageId, line.usage);
        break;
      case 'api-retry':
        report.apiRetries.push({ status: line.status, error: line.error });
        if (report.apiRetries.length > maxApiRetries) report.apiRetries.shift();
        break;
      case 'rate-limit':
        report.limitResetsAtMs = line.isReached ? line.resetsAtMs : null;
        break;
      case 'permission-denied':
        return denials.see(line.denied);
      case 'result':
        return seeResult(line);
      case 'broken':
        brokenLines += 1;
        break;
      case 'background-tasks':
      case 'compacted':
      case 'other':
      case 'task-ended':
      case 'task-started':
    }
  }

  return {
    push(line, nowMs) {
      see(line);
      work.see(line, line.atMs ?? nowMs);
    },

    progress() {
      const openTools = work.tools();
      const tasks = work.tasks();
      return {
        toolCalls: report.toolCalls,
        current: openTools.at(-1)?.summary ?? tasks.at(-1)?.description,
        openTools,
        subagents:
          openTools.filter((tool) => isAgentTool(tool.name)).length + tasks.filter((task) => task.isAgent).length,
        backgroundTasks: tasks.map((task) => task.description),
        brokenLines,
      };
    },

    report(endedAtMs) {
      const interrupted = work.interrupted();
      const tool = work.tools().at(-1) ?? interrupted?.tool;
      const openUntilMs = tool === interrupted?.tool ? (interrupted?.atMs ?? endedAtMs) : endedAtMs;
      return {
        ...report,
        turns: report.turns + turnsSinceResult,
        tokens: resultTokens ?? tokens.total(),
        denials: denials.all(),
        openTool:
          tool === undefined ? null : { summary: tool.summary, openMs: Math.max(0, openUntilMs - tool.sinceMs) },
      };
    },
  };
}
