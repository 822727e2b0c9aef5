import type { World } from './world.ts';

/** What Slack does some time after it has answered. */
export function createLater(world: World, delayMs: number): { later(task: () => void): void; close(): void } {
  const timers = new Set<NodeJS.Timeout>();
  return {
    later: (task) => {
      const timer = setTimeout(() => {
        timers.delete(timer);
        task();
        world.signal.touch();
      }, delayMs);
      timers.add(timer);
    },
    close: () => timers.forEach((timer) => clearTimeout(timer)),
  };
}
