/** What Discord itself does not see change, as the store of a desk, is looked at so often. */
const lookEveryMs = 25;

/** Conditions that are looked at again after each change. */
export function createWaits() {
  const looks = new Set<() => void>();

  return {
    changed: (): void => looks.forEach((look) => look()),

    /** Resolves to what `find` finds, as soon as it finds something; rejects after `timeoutMs` with what was looked for. */
    until<Found>(find: () => Found | undefined | null | false, what = String(find), timeoutMs = 5000): Promise<Found> {
      return new Promise((resolve, reject) => {
        const end = () => {
          looks.delete(look);
          clearTimeout(timer);
          clearInterval(looking);
        };
        const look = () => {
          try {
            const found = find();
            if (found === undefined || found === null || found === false) return;
            end();
            resolve(found);
          } catch (error) {
            end();
            reject(error instanceof Error ? error : new Error(String(error)));
          }
        };
        const timer = setTimeout(() => {
          end();
          reject(new Error(`not seen within ${timeoutMs} ms: ${what}`));
        }, timeoutMs);
        const looking = setInterval(look, lookEveryMs);
        looks.add(look);
        look();
      });
    },
  };
}

export type Waits = ReturnType<typeof createWaits>;
