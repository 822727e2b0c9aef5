import { enableCompileCache, registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';

// Preloaded into what tests start (`--import`). Node parses the `exports` of a package anew for each of its modules
// (`getPackageScopeConfig`, Node 24): drizzle-orm has 130 KB of them and over 100 modules, half a second for every process.
const isOfDrizzle = (url: string): boolean => url.includes('/node_modules/drizzle-orm/') && url.endsWith('.js');

registerHooks({
  resolve(specifier, context, next) {
    const { parentURL } = context;
    const isInside = specifier.startsWith('.') && parentURL !== undefined && isOfDrizzle(parentURL);
    if (!isInside || !specifier.endsWith('.js')) return next(specifier, context);
    return { url: new URL(specifier, parentURL).href, format: 'module', shortCircuit: true };
  },
});

enableCompileCache(fileURLToPath(new URL('../../node_modules/.cache/nightdesk', import.meta.url)));
