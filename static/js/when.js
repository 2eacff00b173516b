// Ages of things in the reader's own time zone and as short as a caption: 4 min, 18:42, 3 Dec.
const MINUTE_S = 60;
const HOUR_S = 3600;

export function age(moment, now = new Date()) {
  const seconds = (now - moment) / 1000;
  if (seconds < MINUTE_S) return "just now";
  if (seconds < HOUR_S) return `${Math.floor(seconds / MINUTE_S)} min`;
  if (moment.toDateString() === now.toDateString()) return moment.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  const year = moment.getFullYear() === now.getFullYear() ? undefined : "numeric";
  return moment.toLocaleDateString([], { day: "numeric", month: "short", year });
}

export function show(root = document) {
  for (const time of root.querySelectorAll("time[data-when]")) {
    const moment = new Date(time.dateTime);
    time.textContent = age(moment);
    time.title = moment.toLocaleString();
  }
}
