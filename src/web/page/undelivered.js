import { request } from './api.js';
import { el } from './dom.js';

const lookAgainMs = 60_000;

/** Shows which channels could not be told something so far, and why; looks again every minute. */
export function watchUndelivered(place) {
  const look = async () => {
    // What can't be asked now is asked again; that the server is away is shown elsewhere.
    const answer = await request('GET', '/api/undelivered').catch(() => undefined);
    if (answer !== undefined) render(place, answer.channels);
  };
  setInterval(() => void look(), lookAgainMs);
  return { look };
}

function render(place, channels) {
  place.hidden = channels.length === 0;
  place.replaceChildren(
    ...channels.map(({ channel, count, lastError }) =>
      el(
        'p',
        {},
        el('strong', {}, `${count} ${count === 1 ? 'message waits' : 'messages wait'} for ${channel}`),
        lastError === null ? null : `: ${lastError}`,
      ),
    ),
  );
}
