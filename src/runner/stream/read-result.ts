import type { DeniedTool, ResultEvent } from './claude-line.ts';
import { fieldsOf, listOf, numberOf, textOf, type Fields } from './json-fields.ts';
import { readModelUsage } from './read-usage.ts';

export function readResult(fields: Fields): ResultEvent {
  return {
    kind: 'result',
    subtype: textOf(fields['subtype']) ?? 'unknown',
    isError: fields['is_error'] === true,
    apiErrorStatus: numberOf(fields['api_error_status']) ?? null,
    terminalReason: textOf(fields['terminal_reason']) ?? null,
    text: textOf(fields['result']) ?? errorsOf(fields),
    structuredOutput: fields['structured_output'],
    costUsd: numberOf(fields['total_cost_usd']) ?? null,
    tokens: readModelUsage(fields['modelUsage']),
    turns: numberOf(fields['num_turns']) ?? 0,
    durationMs: numberOf(fields['duration_ms']) ?? null,
    denials: listOf(fields['permission_denials']).map(fieldsOf).map(readDenial),
  };
}

/** Without the lines that the CLI writes for its own developers. */
function errorsOf(fields: Fields): string {
  return listOf(fields['errors'])
    .filter((error) => typeof error === 'string' && !error.startsWith('[ede_diagnostic]'))
    .join('\n');
}

function readDenial(denial: Fields): DeniedTool {
  return {
    toolUseId: textOf(denial['tool_use_id']) ?? '',
    tool: textOf(denial['tool_name']) ?? 'a tool',
    input: fieldsOf(denial['tool_input']),
  };
}
