import { fileURLToPath } from 'node:url';

/** Arguments for Node that spare a process which runs the source most of its start. */
export const quickNode = ['--import', fileURLToPath(new URL('quick-imports.ts', import.meta.url))];
