/** What only Claude Code itself needs: a check, a set-up command or git must not be able to print it. */
const claudeKeys = ['ANTHROPIC_API_KEY', 'ANTHROPIC_AUTH_TOKEN', 'CLAUDE_CODE_OAUTH_TOKEN'];

/** Claude Code refuses to start where it believes to run inside itself. */
const nestedSession = ['CLAUDECODE', 'CLAUDE_CODE_CHILD_SESSION'];

/** The environment of Claude Code: the configured allow-list and nothing of the bot's own. */
export const claudeEnv = (configured: Record<string, string>): Record<string, string> =>
  without(configured, nestedSession);

/** The environment of checks, set-up commands and git: that of Claude Code without its credentials. */
export const commandEnv = (configured: Record<string, string>): Record<string, string> =>
  without(configured, [...nestedSession, ...claudeKeys]);

const without = (env: Record<string, string>, names: string[]): Record<string, string> =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !names.includes(name)));

/**
 * Adds a git setting for every git that is started with the environment, without touching a configuration file.
 * https://git-scm.com/docs/git-config#ENVIRONMENT
 */
export function withGitSetting(env: Record<string, string>, key: string, value: string): Record<string, string> {
  const count = Number(env['GIT_CONFIG_COUNT'] ?? 0);
  return {
    ...env,
    GIT_CONFIG_COUNT: String(count + 1),
    [`GIT_CONFIG_KEY_${count}`]: key,
    [`GIT_CONFIG_VALUE_${count}`]: value,
  };
}
