import type { AttemptProgress } from '../model/attempt.ts';

/** Tells where an attempt is: a new step at once, the rest at most every 400 ms, the newest state last. */
export interface ProgressReporter {
  step(step: AttemptProgress['step'], detail?: string): void;
  claude(detail: string | undefined, toolCalls: number): void;
  stop(): void;
}

const intervalMs = 400;

export function createProgress(attemptId: string, emit: (progress: AttemptProgress) => void): ProgressReporter {
  let state: AttemptProgress = { attemptId, step: 'workspace', toolCalls: 0 };
  let told = '';
  let timer: NodeJS.Timeout | undefined;

  function tell(): void {
    clearTimeout(timer);
    timer = undefined;
    const text = JSON.stringify(state);
    if (text === told) return;
    told = text;
    emit(state);
    timer = setTimeout(() => {
      timer = undefined;
      tell();
    }, intervalMs);
  }

  return {
    step(step, detail) {
      state = { ...state, step, detail };
      tell();
    },
    claude(detail, toolCalls) {
      state = { ...state, detail, toolCalls };
      if (timer === undefined) tell();
    },
    stop() {
      clearTimeout(timer);
    },
  };
}
