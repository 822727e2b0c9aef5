/** What a check found. A fault keeps runs from working; a warning is worth a look. */
export interface Finding {
  /** What was looked at: `git`, `project api`. */
  check: string;
  state: 'ok' | 'warning' | 'fault';
  /** What is the case, as one sentence without its full stop. */
  said: string;
  /** What to do about it; may have several lines. */
  toDo?: string;
}

export const ok = (check: string, said: string): Finding => ({ check, state: 'ok', said });
export const warning = (check: string, said: string, toDo: string): Finding => ({
  check,
  state: 'warning',
  said,
  toDo,
});
export const fault = (check: string, said: string, toDo: string): Finding => ({ check, state: 'fault', said, toDo });
