import { findConfigPath, homeOf, userNameOf } from '../../config.ts';
import { CliProblem } from '../cli-problem.ts';
import { examine } from './examine.ts';
import { renderFindings } from './render-findings.ts';
import { serviceManager } from './service-env.ts';

export interface DoctorOptions {
  configFlag: string | undefined;
  isService: boolean;
  isJson: boolean;
  env: Record<string, string | undefined>;
}

/** Prints what it found. Throws a `CliProblem` where something is a fault, so that the exit code says so too. */
export async function doctor({ configFlag, isService, isJson, env }: DoctorOptions): Promise<void> {
  const path = findConfigPath(configFlag, env, process.cwd());
  const user = { name: userNameOf(env), home: homeOf(env), shell: env['SHELL'] };
  const findings = await examine(path, {
    env,
    platform: process.platform,
    isRoot: process.getuid?.() === 0,
    service: isService ? serviceManager(process.platform, user) : undefined,
    now: new Date(),
  });
  const isOk = findings.every(({ state }) => state !== 'fault');
  process.stdout.write(
    isJson
      ? `${JSON.stringify({ isOk, isService, configuration: path, findings }, null, 2)}\n`
      : renderFindings(findings),
  );
  if (!isOk) throw new CliProblem('Runs will fail like this. Below each ❌ stands what to do.');
}
