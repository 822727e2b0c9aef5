import type { CommandOutcome } from '../../model/attempt.ts';
import { formatDuration } from '../../model/duration.ts';
import type { ClaudeLine, ContentBlock, ResultEvent } from './claude-line.ts';
import { excerpt, plainText, type ExcerptLimits } from './excerpt.ts';
import type { TextMask } from './mask.ts';
import { sealContent } from './mask-seams.ts';
import { describeInput } from './tool-input.ts';
import { isAgentTool, readableName, subjectOf, type SummaryContext } from './tool-summary.ts';
import { createPage } from './transcript-page.ts';
import { describeEnd, describeNotice, formatUtc } from './transcript-words.ts';

export interface TranscriptOptions {
  /** The first line: `upgrade-deps · r142 · attempt 1`. */
  title: string;
  startedAtMs: number;
  /** Appends to the file; called once an entry. */
  write: (text: string) => void;
  /** Takes secrets out of a text; called before anything is cut. */
  mask: TextMask;
}

export interface Transcript {
  /** `nowMs` is when the line was read; it counts where the line has no time of its own. */
  push(line: ClaudeLine, nowMs: number): void;
  /** A line that was too long to parse. */
  pushLong(type: string | undefined, bytes: number, nowMs: number): void;
  end(outcome: CommandOutcome): void;
}

type Answer = Extract<ClaudeLine, { kind: 'assistant' }>;
type Block<Kind> = Extract<ContentBlock, { kind: Kind }>;

const saidLimits = { headLines: 200, tailLines: 50, lineCharacters: 2000 };
const inputLimits = { headLines: 12, tailLines: 6, lineCharacters: 300 };
const resultLimits = { headLines: 20, tailLines: 20, lineCharacters: 300 };

/**
 * Tells Claude Code's stream as text for people: what Claude said, each tool call with head and tail of its result, what
 * went wrong on the way, and the end. Of the stream it holds no more than the names of open calls.
 */
export function createTranscript(options: TranscriptOptions): Transcript {
  const page = createPage(options.startedAtMs, options.write);
  const context: SummaryContext = { cwd: null, clean: (text) => options.mask(plainText(text)) };
  const calls = new Map<string, { heading: string; atMs: number }>();
  // Kept for good: a subagent in the background works on after the call that began it has its result.
  const agentDepths = new Map<string, number>();
  const backgroundTasks = new Set<string>();
  const backgroundCalls = new Set<string>();
  let isHeaderWritten = false;
  let last: ResultEvent | undefined;
  /** Words that a further block of the same message may go on with, and so hold the rest of a secret. */
  const held: { line: Answer; atMs: number }[] = [];

  const linesOf = (text: string, limits: ExcerptLimits): string[] =>
    excerpt(context.clean(text).replace(/^\n+/, '').trimEnd(), limits).split('\n');
  const depthOf = (parent: string | null): number => (parent === null ? 0 : (agentDepths.get(parent) ?? 1));

  function tellCall({ id, name, input }: Block<'tool-use'>, depth: number, atMs: number): void {
    const heading = `${readableName(name)}  ${subjectOf(name, input, context)}`.trimEnd();
    const detail = describeInput(name, input);
    calls.set(id, { heading, atMs });
    if (isAgentTool(name)) agentDepths.set(id, depth + 1);
    const body = detail.trim() === '' ? [] : linesOf(detail, inputLimits).map((line) => `    ${line}`);
    page.add({ key: id, atMs, depth, lines: [`▸ ${heading}`, ...body] });
  }

  function tellResult(block: Block<'tool-result'>, depth: number, atMs: number): void {
    const call = calls.get(block.toolUseId) ?? { heading: 'a tool', atMs };
    calls.delete(block.toolUseId);
    const mark = block.wasInterrupted ? '■ stopped' : block.isError ? '✗' : '✓';
    const isBelowCall = page.endsWith(block.toolUseId);
    const isBackground = backgroundCalls.delete(block.toolUseId);
    const tookMs = atMs - call.atMs;
    const facts = [
      ...(isBelowCall ? [] : [call.heading]),
      ...(tookMs < 1000 ? [] : [`after ${formatDuration(tookMs)}`]),
      ...(isBackground ? ['runs in the background'] : []),
    ];
    const text = block.wasInterrupted || isBackground ? [] : linesOf(reportOf(block.text), resultLimits);
    const first = `${mark} ${facts.length === 0 ? (text.shift() ?? '') : facts.join(' · ')}`;
    page.add({ key: block.toolUseId, atMs, depth, lines: [first, ...text.map((line) => `  ${line}`)] });
  }

  // A label and a margin: what Claude writes can't be taken for what happened.
  function tellWords(text: string, depth: number, atMs: number): void {
    const [first = '', ...rest] = linesOf(text, saidLimits);
    const speaker = depth === 0 ? 'Claude' : 'Subagent';
    page.add({ atMs, depth, lines: [`${speaker}: ${first}`, ...rest.map((line) => `  ${line}`)] });
  }

  function tellAnswer(line: Answer, atMs: number): void {
    const [first] = line.content;
    const goesOn = first?.kind === 'text' && held.at(-1)?.line.messageId === line.messageId;
    if (!goesOn) tellHeld();
    held.push({ line, atMs });
    const last = line.content.at(-1);
    // Most words end with a full stop, and the log is followed while Claude works.
    if (last?.kind !== 'text' || !/[\w+/=-]$/.test(last.text)) tellHeld();
  }

  function tellHeld(): void {
    const lines = held.splice(0);
    const sealed = sealContent(
      lines.flatMap(({ line }) => line.content),
      options.mask.across,
    );
    for (const { line, atMs } of lines) {
      tellContent(sealed.splice(0, line.content.length), depthOf(line.parent), atMs);
    }
  }

  function tellContent(content: ContentBlock[], depth: number, atMs: number): void {
    for (const block of content) {
      if (block.kind === 'tool-use') tellCall(block, depth, atMs);
      else if (block.kind === 'tool-result') tellResult(block, depth, atMs);
      else if (block.text.trim() !== '') tellWords(block.text, depth, atMs);
    }
  }

  function tellTaskEnd(line: Extract<ClaudeLine, { kind: 'task-ended' }>, atMs: number): void {
    if (line.summary === '' || !backgroundTasks.delete(line.taskId)) return;
    const [first = ''] = linesOf(line.summary, resultLimits);
    page.add({ atMs, depth: 0, lines: [`· In the background, ${line.status}: ${first}`] });
  }

  function writeHeader(line: Extract<ClaudeLine, { kind: 'init' }>): void {
    context.cwd = line.cwd;
    if (isHeaderWritten) return;
    isHeaderWritten = true;
    const facts = [
      line.model,
      `Claude Code ${line.cliVersion ?? '?'}`,
      `key: ${line.keySource ?? '?'}`,
      line.sessionId,
    ];
    options.write(`${context.clean(facts.filter((fact) => fact !== null).join(' · '))}\n`);
  }

  options.write(`${context.clean(options.title)}\nstarted ${formatUtc(options.startedAtMs)}\n`);

  return {
    push(line, nowMs) {
      const atMs = line.atMs ?? nowMs;
      if (line.kind === 'init') writeHeader(line);
      if (line.kind === 'assistant') tellAnswer(line, atMs);
      else if (line.kind !== 'partial') tellHeld();
      if (line.kind === 'user') {
        const results = line.content.filter((block) => block.kind === 'tool-result');
        tellContent(sealContent(results, options.mask.across), depthOf(line.parent), atMs);
      }
      if (line.kind === 'task-started' && line.isBackground) {
        backgroundTasks.add(line.task.taskId);
        if (line.toolUseId !== undefined && calls.has(line.toolUseId)) backgroundCalls.add(line.toolUseId);
      }
      if (line.kind === 'task-ended') tellTaskEnd(line, atMs);
      if (line.kind === 'result') last = line;
      const notice = describeNotice(line);
      if (notice !== undefined) page.add({ atMs, depth: 0, lines: linesOf(notice, saidLimits) });
    },
    pushLong(type, bytes, nowMs) {
      tellHeld();
      const what = type === undefined ? 'A line' : `A line of type ${context.clean(type)}`;
      const size = (bytes / 1_000_000).toLocaleString('en-US', { maximumFractionDigits: 1 });
      page.add({ atMs: nowMs, depth: 0, lines: [`· ${what} is left out: ${size} MB.`] });
    },
    end(outcome) {
      tellHeld();
      page.add({
        atMs: outcome.endedAtMs,
        depth: 0,
        lines: describeEnd(outcome, last).map((line) => context.clean(line)),
      });
    },
  };
}

/** A subagent's report without the frame that Claude Code 2.1 puts around it for the model. */
function reportOf(text: string): string {
  // Most results are no reports, and this is many times faster than the expression.
  if (!text.includes('[Subagent hand-back]')) return text;
  const framed = /^\[Subagent hand-back\].*The report follows:\n/m.exec(text);
  if (framed === null) return text;
  return text
    .slice(framed.index + framed[0].length)
    .replace(/\nagentId: [\s\S]*$/, '')
    .replace(/^ {2}/gm, '');
}
