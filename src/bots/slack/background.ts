/** Work that nobody waits for but the end. */
export interface Background {
  /** Starts it; what it throws goes to `onFault`. */
  run(where: string, work: () => Promise<void>): void;
  settled(): Promise<void>;
}

export function createBackground(onFault: (error: unknown, where: string) => unknown): Background {
  const open = new Set<Promise<void>>();
  return {
    run(where, work) {
      const running = work()
        .catch((error: unknown) => void onFault(error, where))
        .finally(() => void open.delete(running));
      open.add(running);
    },
    async settled() {
      while (open.size > 0) await Promise.all(open);
    },
  };
}
