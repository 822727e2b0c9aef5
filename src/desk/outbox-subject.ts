/** What a message or view of the outbox is about, by its key: `run:142:result`, `job:7`, `skipped:7:1764012345000`. */
export function subjectOf(key: string): { kind: 'run' | 'job'; id: number } | undefined {
  const [, kind, id] = /^(run|job|skipped|missed|owner-gone):(\d+)(?::|$)/.exec(key) ?? [];
  if (kind === undefined) return undefined;
  return { kind: kind === 'run' ? 'run' : 'job', id: Number(id) };
}
