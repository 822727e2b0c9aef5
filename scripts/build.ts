import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname, join, resolve } from 'node:path';

const root = join(import.meta.dirname, '..');
const out = resolve(process.argv[2] ?? join(root, 'dist'));

rmSync(out, { recursive: true, force: true });
if (compile()) {
  copyAssets();
  // npm makes a bin executable when it installs it; a checkout's own dist has to be so too.
  chmodSync(join(out, 'main.js'), 0o755);
} else {
  process.exitCode = 1;
}

/** Whether tsc was content; what it is not content with it prints itself. */
function compile(): boolean {
  const typescript = dirname(createRequire(import.meta.url).resolve('typescript/package.json'));
  const project = join(root, 'tsconfig.build.json');
  const compiler = [join(typescript, 'bin/tsc'), '--project', project, '--outDir', out];
  return spawnSync(process.execPath, compiler, { stdio: 'inherit' }).status === 0;
}

/** Pages, styles and whatever else the source reads beside itself. */
function copyAssets(): void {
  cpSync(join(root, 'src'), out, { recursive: true, filter: (path) => extname(path) !== '.ts' });
}
