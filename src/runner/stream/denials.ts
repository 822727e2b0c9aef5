import type { PermissionDenial } from '../../model/attempt.ts';
import type { DeniedTool } from './claude-line.ts';
import type { OpenWork } from './open-work.ts';
import { subjectOf, type SummaryContext } from './tool-summary.ts';

export interface Denials {
  see(denied: DeniedTool): void;
  all(): PermissionDenial[];
}

/** Each denied call once, although the stream tells of it as it happens and every `result` line after it again. */
export function createDenials(work: OpenWork, context: SummaryContext): Denials {
  const denials = new Map<string, PermissionDenial>();
  return {
    see(denied) {
      const { toolUseId, tool, input } = denied;
      const known = denials.get(toolUseId)?.detail ?? work.find(toolUseId)?.subject ?? '';
      denials.set(toolUseId, { tool, detail: input === undefined ? known : subjectOf(tool, input, context) });
    },
    all: () => [...denials.values()],
  };
}
