type Environment = Record<string, string | undefined>;

/** What a service manager sets for a service of this user, and nothing else. */
export interface ServiceManager {
  name: 'launchd' | 'systemd';
  env: Environment;
}

/**
 * systemd: https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html, for a unit with `User=`.
 * launchd: what `launchctl print` shows of an agent that sets no `EnvironmentVariables`.
 */
export function serviceManager(
  platform: NodeJS.Platform,
  user: { name: string; home: string; shell: string | undefined },
): ServiceManager {
  const login: Environment = { HOME: user.home, USER: user.name, LOGNAME: user.name, SHELL: user.shell };
  return platform === 'darwin'
    ? { name: 'launchd', env: { ...login, PATH: '/usr/bin:/bin:/usr/sbin:/sbin' } }
    : { name: 'systemd', env: { ...login, PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin' } };
}
