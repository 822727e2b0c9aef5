/** Reads the place that an address names: `#general/17` is the channel's name and the message whose thread is open. */
export function readPlace(hash) {
  const [name = '', thread = ''] = hash.slice(1).split('/').map(decode);
  return { name, thread: /^\d{1,15}$/.test(thread) ? Number(thread) : null };
}

/** Goes to a channel, and to a thread in it where one is given. */
export function goTo(name, thread) {
  location.hash = `${encodeURIComponent(name)}${thread === undefined ? '' : `/${thread}`}`;
}

function decode(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
