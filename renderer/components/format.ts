/** Numbers as a person reads them. Durations are milliseconds. */

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** `0.4 ms`, `340 ms`, `1.2 s`, `2 min 5 s`, `3 h 4 min`, `2 d 3 h`. */
export function formatDuration(ms: number): string {
  if (ms < 1) return `${ms <= 0 ? 0 : Math.max(0.1, Math.round(ms * 10) / 10)} ms`;
  if (Math.round(ms) < second) return `${Math.round(ms)} ms`;
  if (ms < 9.95 * second) return `${(ms / second).toFixed(1)} s`;
  return formatWhole(ms);
}

/** What is left, in whole seconds and never negative: `12 s`, `4 min 5 s`. */
export function formatCountdown(ms: number): string {
  return formatWhole(Math.max(0, Math.ceil(ms / second)) * second);
}

/** `just now`, `12 s ago`, `3 min ago`, `5 h ago`, `2 d ago`. */
export function formatAgo(ms: number): string {
  if (ms < 5 * second) return "just now";
  if (ms < minute) return `${Math.floor(ms / second)} s ago`;
  if (ms < hour) return `${Math.floor(ms / minute)} min ago`;
  if (ms < day) return `${Math.floor(ms / hour)} h ago`;
  return `${Math.floor(ms / day)} d ago`;
}

const clock = new Intl.DateTimeFormat(undefined, {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hour12: false,
});
const dateAndClock = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium", hour12: false });

/** The time of day of a wall-clock millisecond: `14:03:22`. */
export function formatClock(at: number): string {
  return clock.format(at);
}

const dayAndClock = new Intl.DateTimeFormat(undefined, {
  ...{ month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", hour12: false },
});
const wholeDay = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });

/** As short as it is clear: `14:03:22` of today, `Nov 3, 14:03` of this year, else the day. @param now wall-clock milliseconds */
export function formatRowTime(at: number, now: number): string {
  const [then, today] = [new Date(at), new Date(now)];
  if (then.toDateString() === today.toDateString()) return clock.format(at);
  return (then.getFullYear() === today.getFullYear() ? dayAndClock : wholeDay).format(at);
}

/** Date and time of a wall-clock millisecond. */
export function formatMoment(at: number): string {
  return dateAndClock.format(at);
}

/** `812 B`, `1.4 kB`, `3.0 MB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 999_950) return `${(bytes / 1000).toFixed(1)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** `1 circuit`, `3 circuits`. */
export function formatCount(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
}

function formatWhole(ms: number): string {
  const seconds = Math.round(ms / second);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return two(Math.floor(seconds / 60), "min", seconds % 60, "s");
  const minutes = Math.round(ms / minute);
  if (minutes < 24 * 60) return two(Math.floor(minutes / 60), "h", minutes % 60, "min");
  const hours = Math.round(ms / hour);
  return two(Math.floor(hours / 24), "d", hours % 24, "h");
}

function two(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}

/** Where in a file: `mcp_permissions.yaml:12:3`, the folder left out. */
export function formatPlace(file: string, line: number | null, column: number | null): string {
  const name = file.split(/[\\/]/).at(-1) ?? file;
  return [name, line, column].filter((part) => part !== null).join(":");
}
