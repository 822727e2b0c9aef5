const reconnectMs = 3000;

/**
 * Watches the server's events and goes on for ever. `onHello({resumed})` comes first and after every gap, `onMessage` with
 * each message that changed, `onState` with `live` or `lost`, `onRefused` where the server gives no stream. A page that nobody
 * sees has none: of all its tabs together a browser opens six connections to a server, and then nothing more.
 */
export function watch({ onHello, onMessage, onState, onRefused }) {
  let source;
  let last = '';
  let isHeard = false;
  let isResting = false;

  const hear = (use) => (event) => {
    last = event.lastEventId;
    use(JSON.parse(event.data));
  };
  const open = () => {
    isHeard = false;
    isResting = false;
    source = new EventSource(last === '' ? '/api/events' : `/api/events?${new URLSearchParams({ after: last })}`);
    source.addEventListener(
      'hello',
      hear((hello) => {
        isHeard = true;
        onState('live');
        onHello(hello);
        restIfHidden();
      }),
    );
    source.addEventListener('message', hear(onMessage));
    source.addEventListener('error', () => {
      isHeard = false;
      onState('lost');
      if (source.readyState !== EventSource.CLOSED) return;
      // The browser connects again by itself, but for an answer that is no stream.
      onRefused();
      setTimeout(open, reconnectMs);
    });
  };
  const restIfHidden = () => {
    if (!document.hidden || !isHeard) return;
    source.close();
    isHeard = false;
    isResting = true;
  };
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) restIfHidden();
    else if (isResting) open();
  });
  open();
}
