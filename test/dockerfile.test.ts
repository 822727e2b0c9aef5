import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';

import { describe, expect, test } from 'vitest';

interface Instruction {
  name: string;
  text: string;
}

/** The instructions of each stage, with their continued lines joined and comments dropped. */
function readStages(dockerfile: string): Instruction[][] {
  const lines = dockerfile
    .split('\n')
    .filter((line) => !/^\s*#/.test(line))
    .join('\n')
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => line.trim() !== '');
  const stages: Instruction[][] = [];
  for (const line of lines) {
    const [name = '', ...rest] = line.trim().split(/\s+/);
    if (name === 'FROM') stages.push([]);
    stages.at(-1)?.push({ name, text: rest.join(' ') });
  }
  return stages;
}

const stages = readStages(readFileSync('Dockerfile', 'utf8'));
const image = stages.at(-1) ?? [];
const all = (name: string): string[] => image.filter((each) => each.name === name).map(({ text }) => text);
const last = (name: string): string => all(name).at(-1) ?? '';
const commandOf = (text: string): string[] => JSON.parse(text.slice(text.indexOf('['))) as string[];

describe('the image', () => {
  test('is made in two stages, both of the slim Node that the package asks for', () => {
    const { engines } = JSON.parse(readFileSync('package.json', 'utf8')) as { engines: { node: string } };
    const base = `node:${engines.node.replace('>=', '')}-slim`;
    expect(stages.map(([from]) => from?.text.split(' ')[0])).toEqual([base, base]);
  });

  test('runs as somebody else than root, from before its entry point on', () => {
    expect(last('USER')).toBe('node');
    expect(image.findLastIndex(({ name }) => name === 'RUN')).toBeLessThan(
      image.findIndex(({ name }) => name === 'USER'),
    );
  });

  test('has tini as process 1, which starts nightdesk', () => {
    expect(commandOf(last('ENTRYPOINT'))).toEqual(['/usr/bin/tini', '--', 'nightdesk']);
    expect(commandOf(last('CMD'))).toEqual(['start']);
    expect(all('RUN').join('\n')).toMatch(/apt-get install .*\btini\b/);
    expect(all('RUN').join('\n')).toContain('ln -s /opt/nightdesk/dist/main.js /usr/local/bin/nightdesk');
  });

  test('keeps its data in a volume that its user owns, where the configuration is looked for', () => {
    const volumes = commandOf(last('VOLUME'));
    expect(volumes).toEqual(['/data']);
    expect(all('RUN').join('\n')).toContain('--owner=node --group=node --mode=0700 /data');
    expect(last('ENV')).toContain('NIGHTDESK_CONFIG=/data/nightdesk.yaml');
  });

  test('is healthy as long as nightdesk says so', async () => {
    const [program, flag, script = ''] = commandOf(last('HEALTHCHECK'));
    expect([program, flag]).toEqual(['node', '-e']);
    expect(script).toContain(`http://127.0.0.1:${last('EXPOSE')}/healthz`);
    const server = createServer((request, response) => {
      response.statusCode = request.url === '/healthz' && isWell ? 200 : 503;
      response.end();
    });
    let isWell = true;
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    const check = async (): Promise<unknown> => {
      const child = spawn(process.execPath, ['-e', script.replace(last('EXPOSE'), String(port))]);
      return (await once(child, 'exit'))[0];
    };
    expect(await check()).toBe(0);
    isWell = false;
    expect(await check()).toBe(1);
    await promisify(server.close.bind(server))();
    expect(await check()).toBe(1);
  });

  test('has git and the claude command, in the version that the tests run', () => {
    const { devDependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as {
      devDependencies: Record<string, string>;
    };
    expect(all('RUN').join('\n')).toMatch(/apt-get install .*\bgit\b/);
    expect(all('RUN').join('\n')).toContain('@anthropic-ai/claude-code@${CLAUDE_CODE_VERSION}');
    expect(`^${last('ARG').split('=')[1]}`).toBe(devDependencies['@anthropic-ai/claude-code']);
  });

  test('has everything that the package has to run: the built code, the migrations, the dependencies', () => {
    const { files } = JSON.parse(readFileSync('package.json', 'utf8')) as { files: string[] };
    const copied = all('COPY').map((text) => text.split(' ').at(-1));
    expect(copied).toEqual(['./', './node_modules', './dist', './migrations']);
    expect(files).toEqual(expect.arrayContaining(['dist', 'migrations']));
  });
});

test('what may hold a secret or is made elsewhere stays out of the build', () => {
  const ignored = readFileSync('.dockerignore', 'utf8').split('\n');
  expect(ignored).toEqual(
    expect.arrayContaining(['.git', '.nightdesk', 'nightdesk.yaml', '.env*', 'node_modules', 'dist']),
  );
  const copied = (stages[0] ?? [])
    .filter(({ name }) => name === 'COPY')
    .flatMap(({ text }) => text.split(' ').slice(0, -1));
  for (const path of copied) expect(existsSync(path)).toBe(true);
});
