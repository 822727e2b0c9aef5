interface Site {
  /** Of a host, without its port. */
  host: RegExp;
  /** The page of a branch, below the repository's own address. */
  page: (branch: string) => string;
}

const site = (host: RegExp, page: (branch: string) => string): Site => ({ host, page });

/** A company's own server is known by a label of its name: `gitlab.example.org`, `git.gitea.example.org`. */
const sites: readonly Site[] = [
  site(/(?:^|\.)github\./, (branch) => `tree/${branch}`),
  site(/(?:^|\.)gitlab\./, (branch) => `-/tree/${branch}`),
  // Only the public one: Bitbucket Server has other addresses.
  site(/^bitbucket\.org$/, (branch) => `branch/${branch}`),
  site(/(?:^|\.)(?:gitea|forgejo|codeberg)\./, (branch) => `src/branch/${branch}`),
];

/** Hosts that serve ssh on port 443, under another name than the web's. */
const sshHosts: Record<string, string> = {
  'ssh.github.com': 'github.com',
  'altssh.gitlab.com': 'gitlab.com',
  'altssh.bitbucket.org': 'bitbucket.org',
};

/**
 * The web page of a branch, from its remote's address: `https://…`, `ssh://…` or `git@host:path`. Credentials are left
 * out. `undefined` where the site is none of those whose addresses are known.
 */
export function branchWebUrl(remote: string, branch: string): string | undefined {
  const place = readRemote(remote);
  if (place === undefined) return undefined;
  const known = sites.find(({ host }) => host.test(place.host));
  if (known === undefined) return undefined;
  const page = known.page(branch.split('/').map(encodeURIComponent).join('/'));
  return `${place.origin}/${place.path}/${page}`;
}

interface Place {
  host: string;
  origin: string;
  path: string;
}

function readRemote(remote: string): Place | undefined {
  // Without a scheme it is ssh; a slash before the colon makes it a path. https://git-scm.com/docs/git-clone#_git_urls
  const short = /^(?:[^@/:\s]+@)?([^/:\s]+):(?!\/\/)(.+)$/.exec(remote);
  const text = short === null ? remote : `ssh://${short[1]}/${short[2]}`;
  const url = URL.parse(text);
  if (url === null || !['http:', 'https:', 'ssh:', 'git+ssh:'].includes(url.protocol)) return undefined;
  const host = url.hostname.toLowerCase();
  const webHost = sshHosts[host] ?? host;
  const path = url.pathname.replace(/^\/+|\/+$/g, '').replace(/\.git$/, '');
  if (path === '') return undefined;
  // The port of ssh says nothing about the web's.
  const isWeb = url.protocol.startsWith('http');
  return { host: webHost, path, origin: isWeb ? `${url.protocol}//${url.host.toLowerCase()}` : `https://${webHost}` };
}
