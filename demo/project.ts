import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const files: Record<string, string> = {
  'package.json': `${JSON.stringify({ name: 'shop', version: '1.0.0', type: 'module', scripts: { test: 'node test/cart.test.js' } }, null, 2)}\n`,
  'README.md': '# shop\n\nA cart and its total.\n',
  'src/cart.js': `/** The sum of a cart in cents, less a discount in percent. */
export function total(items, discountPercent = 0) {
  const sum = items.reduce((cents, item) => cents + item.price * item.count, 0);
  return sum - discountPercent;
}
`,
  'test/cart.test.js': `import { total } from '../src/cart.js';

const cases = [
  ['adds up prices', total([{ price: 250, count: 2 }]), 500],
  ['takes a discount off in percent', total([{ price: 1000, count: 1 }], 10), 900],
  ['rounds half a cent up', total([{ price: 99, count: 1 }], 50), 50],
];
const wrong = cases.filter(([, got, wanted]) => got !== wanted);
for (const [name, got, wanted] of wrong) console.log(\`not ok: \${name}: \${got} is not \${wanted}\`);
console.log(\`\${cases.length} tests, \${wrong.length} failed\`);
process.exitCode = wrong.length === 0 ? 0 : 1;
`,
};

/** Makes a small git repository whose tests fail: the discount is taken off as cents, not as percent. */
export function makeShop(folder: string): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=Demo', '-c', 'user.email=demo@localhost', ...args], { cwd: folder });
  git('init', '--quiet', '--initial-branch=main');
  git('add', '.');
  git('commit', '--quiet', '--message=A cart');
}
