const shownMs = 8000;

/** `announce` tells screen readers; `warn` shows an error for a while. */
export function createNotices({ announcer, notice }) {
  let timer;
  return {
    announce(text) {
      announcer.textContent = text;
    },
    warn(text) {
      notice.textContent = text;
      notice.hidden = false;
      clearTimeout(timer);
      timer = setTimeout(() => {
        notice.hidden = true;
      }, shownMs);
    },
  };
}
