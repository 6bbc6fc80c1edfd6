import { formatAgo, formatMoment } from "./format.ts";
import { useNow } from "./use-now.ts";

/** How long ago a wall-clock millisecond was, kept up to date; the exact moment on hover. */
export function TimeAgo({ at }: { at: number }) {
  const isRecent = useNow(15_000) - at < 60_000;
  const now = useNow(isRecent ? 1000 : 15_000);
  return (
    <time dateTime={new Date(at).toISOString()} title={formatMoment(at)}>
      {formatAgo(now - at)}
    </time>
  );
}
