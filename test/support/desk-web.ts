import { createReadDesk } from '../../src/desk/read-desk.ts';
import { startDesk, type DeskFixtureOptions } from './desk-fixture.ts';
import { createFakeRunner, type FakeRunner } from './fake-runner.ts';
import { afterwards, startWeb } from './running-web.ts';

export interface LoggingRunner extends FakeRunner {
  /** What its attempts have written, by attempt and file: `r1-1 transcript`. A test writes on. */
  files: Map<string, string>;
}

/** A runner that runs nothing, and whose files the test writes. */
function createLoggingRunner(): LoggingRunner {
  const files = new Map<string, string>();
  const bytesOf = (attemptId: string, file: string) => Buffer.from(files.get(`${attemptId} ${file}`) ?? '');
  return {
    ...createFakeRunner(),
    files,
    read: async (attemptId, file, offset, maxBytes) => bytesOf(attemptId, file).subarray(offset, offset + maxBytes),
    size: async (attemptId, file) => bytesOf(attemptId, file).length,
  };
}

/** The real desk, store, chat and web server; the test's own time and runs. */
export async function startDeskWeb(options: Partial<DeskFixtureOptions> & { url?: string } = {}) {
  const runner = createLoggingRunner();
  const desk = await startDesk({ runner, ...options });
  afterwards(() => desk.stop());
  const { store, settings, clock } = desk;
  const web = await startWeb(desk.directory, desk.chat, {
    desk: { ...createReadDesk({ store, runner, settings, now: clock.now }), lookReady: desk.desk.lookReady },
    ...(options.url === undefined ? {} : { url: options.url }),
  });
  return { ...web, desk, runner };
}
