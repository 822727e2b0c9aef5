import { refuseOldNode } from '../../refuse-old-node.ts';
import { findProgram } from '../../find-program.ts';
import { runProgram } from '../run-program.ts';
import { fault, ok, type Finding } from './finding.ts';
import { versionIn } from './version-at-least.ts';

/** Node as it runs now; main.ts refuses an old one before anything else is loaded. */
export const checkNode = (): Finding => ok('Node', process.versions.node);

/**
 * Node as the first line of the command finds it. `path` is that of the service; `start` is how the service could start
 * nightdesk whatever its PATH.
 */
export async function checkServiceNode(path: string, start: string): Promise<Finding> {
  const node = findProgram('node', path);
  const toDo = `start it by absolute paths: ${start}`;
  if (node === undefined) return fault('Node', `there is no node in the service's PATH, ${path}`, toDo);
  const asked = await runProgram([node, '--version'], { env: { PATH: path }, timeoutMs: 5_000 });
  const version = versionIn(asked.stdout);
  if (version === undefined) return fault('Node', `${node} can't be asked for its version: ${asked.failure}`, toDo);
  if (refuseOldNode(version) !== undefined) {
    return fault('Node', `the service's PATH has Node ${version}, in ${node}, which is too old`, toDo);
  }
  return ok('Node', `${version}, ${node}`);
}
