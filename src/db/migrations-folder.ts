import { fileURLToPath } from 'node:url';

/** The same place beside src/ in a checkout and beside dist/ in the package. */
export const migrationsFolder = fileURLToPath(new URL('../../migrations', import.meta.url));
