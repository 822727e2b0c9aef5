import type { Config } from '../../config/config-value.ts';
import type { DoctorContext } from './doctor-context.ts';
import { fault, ok, warning, type Finding } from './finding.ts';

const check = 'rights of runs';

/** What Claude may do: the permission mode, and the account that it works under. */
export function checkRights({ claude, path }: Config, { isRoot }: DoctorContext): Finding {
  // Claude Code lets root bypass where it is told that the machine is a sandbox.
  const isSandbox = claude.env['IS_SANDBOX'] === '1';
  if (isRoot && claude.permissionMode === 'bypassPermissions' && !isSandbox) {
    return fault(
      check,
      'Claude Code refuses to start with bypassPermissions as root',
      `run nightdesk under an account of its own, or write into ${path}:\nclaude:\n  permissionMode: acceptEdits`,
    );
  }
  const mode = `${claude.permissionMode}, allowed besides: ${claude.allowedTools.join(', ') || 'nothing'}`;
  return isRoot && !isSandbox
    ? warning(check, `${mode}; as root, so a run may change anything here`, 'run nightdesk under an account of its own')
    : ok(check, mode);
}
