import type { World } from './world.ts';

export interface Later {
  later(task: () => void): void;
  /** Lets nothing of it happen from now on; ends that, with all that has waited. */
  hold(): () => void;
  close(): void;
}

/** What Slack does some time after it has answered. */
export function createLater(world: World, delayMs: number): Later {
  const timers = new Set<NodeJS.Timeout>();
  let held: (() => void)[] | undefined;
  return {
    later: (task) => {
      const timer = setTimeout(() => {
        timers.delete(timer);
        if (held !== undefined) return void held.push(task);
        task();
        world.signal.touch();
      }, delayMs);
      timers.add(timer);
    },
    hold: () => {
      held ??= [];
      return () => {
        const tasks = held ?? [];
        held = undefined;
        for (const task of tasks) task();
        world.signal.touch();
      };
    },
    close: () => timers.forEach((timer) => clearTimeout(timer)),
  };
}
