/**
 * An address as it may stand between angle brackets, where nothing of it can be markup or a mention. Undefined for what is no
 * web address, or has a name before its host, which looks like the host.
 */
export function toSafeHref(url: URL): string | undefined {
  if ((url.protocol !== 'https:' && url.protocol !== 'http:') || url.username !== '' || url.password !== '')
    return undefined;
  return url.href
    .replaceAll(/[\s<>`|\\]/g, encodeURIComponent)
    .replaceAll('*', '%2A')
    .replaceAll(/@(?=everyone|here)/gi, '%40');
}
