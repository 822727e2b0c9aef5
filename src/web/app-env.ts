import type { HttpBindings } from '@hono/node-server';

/** What the server's middleware leaves for the routes. */
export interface AppEnv {
  Bindings: HttpBindings;
  Variables: {
    /** Who asks: `web:ada`. Set on every route below /api. */
    person: string;
    /** Whether they may still come in with what they came with: what goes on for hours asks again. */
    isLetIn: () => boolean;
  };
}
