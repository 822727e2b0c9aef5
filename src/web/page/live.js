const reconnectMs = 3000;

/**
 * Watches the server's events and goes on for ever. `onHello({resumed})` comes first and after every gap, `onMessage` with
 * each message that changed, `onState` with `live` or `lost`.
 */
export function watch({ onHello, onMessage, onState }) {
  const source = new EventSource('/api/events');
  source.addEventListener('hello', (event) => {
    onState('live');
    onHello(JSON.parse(event.data));
  });
  source.addEventListener('message', (event) => onMessage(JSON.parse(event.data)));
  source.addEventListener('error', () => {
    onState('lost');
    // The browser connects again by itself, but for an answer that is no stream.
    if (source.readyState === EventSource.CLOSED) setTimeout(() => watch({ onHello, onMessage, onState }), reconnectMs);
  });
}
