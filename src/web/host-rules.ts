/** Which `Host` and `Origin` headers are this server's own. */
export interface HostRules {
  isOurHost(host: string | undefined): boolean;
  isOurOrigin(origin: string): boolean;
  /** What to say of a host that is not ours. */
  hosts: string[];
}

const loopbackNames = ['127.0.0.1', 'localhost', '[::1]'];

/**
 * A page elsewhere must not talk to this server in the name of a person who is signed in here, not even where its own name
 * is made to resolve to this machine (DNS rebinding). `url` is the configured outside address.
 */
export function createHostRules(host: string, port: number, url: string | undefined): HostRules {
  const outside = url === undefined ? undefined : new URL(url);
  // `::` and `0.0.0.0` are no names that a browser asks for.
  const own = ['0.0.0.0', '::', ''].includes(host) ? [] : [host.includes(':') ? `[${host}]` : host];
  const local = [...new Set([...loopbackNames, ...own])].map((name) => `http://${name}:${port}`);
  const urls = [...local.map((text) => new URL(text)), ...(outside === undefined ? [] : [outside])];
  const hosts = [...new Set(urls.map((each) => each.host))];
  const origins = new Set(urls.map((each) => each.origin));
  return {
    isOurHost: (given) => given !== undefined && hosts.includes(given.toLowerCase()),
    isOurOrigin: (origin) => origins.has(origin.toLowerCase()),
    hosts,
  };
}
