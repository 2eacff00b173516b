// One socket per page, which comes back by itself.
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15000;
const SIGN_IN_FIRST = 4401;

export function connect({ opened, closed, signedOut, received }) {
  let socket = null;
  let wait = FIRST_WAIT_MS;
  let timer = 0;

  function open() {
    clearTimeout(timer);
    if (socket && socket.readyState < WebSocket.CLOSING) return;
    socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws/`);
    socket.addEventListener("open", () => {
      wait = FIRST_WAIT_MS;
      opened();
    });
    socket.addEventListener("message", ({ data }) => received(JSON.parse(data)));
    socket.addEventListener("close", ({ code }) => {
      if (code === SIGN_IN_FIRST) return signedOut();
      closed();
      timer = setTimeout(open, wait * (0.5 + Math.random()));
      wait = Math.min(2 * wait, LONGEST_WAIT_MS);
    });
  }

  // An open line keeps a page out of the browser's memory of pages.
  addEventListener("pagehide", () => socket?.readyState === WebSocket.OPEN && socket.close());
  addEventListener("pageshow", ({ persisted }) => persisted && open());
  addEventListener("online", open);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && open());
  open();
  return {
    isOpen: () => socket?.readyState === WebSocket.OPEN,
    send: (message) => socket?.readyState === WebSocket.OPEN && socket.send(JSON.stringify(message)),
  };
}
