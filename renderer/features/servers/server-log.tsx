import { SegmentedControl } from "@mantine/core";
import { IconFileText } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import type { ServerLogLine } from "../../../shared/server.ts";
import { useServerLog } from "../../api/use-servers.ts";
import { EmptyState } from "../../components/empty-state.tsx";
import { ErrorState } from "../../components/error-state.tsx";
import { formatClock } from "../../components/format.ts";
import { InertText } from "../../components/inert-text.tsx";
import classes from "./server-log.module.css";

type Stream = ServerLogLine["stream"] | "all";
const streams: { value: Stream; label: string }[] = [
  { value: "all", label: "All" },
  { value: "stderr", label: "stderr" },
  { value: "protocol", label: "Protocol" },
  { value: "connection", label: "Connection" },
];

/** What a server printed and what happened to its connection, oldest first; it follows the end until someone scrolls away. */
export function ServerLog({ server }: { server: string }) {
  const log = useServerLog(server);
  const [stream, setStream] = useState<Stream>("all");
  const box = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  const lines = (log.data ?? []).filter((line) => stream === "all" || line.stream === stream);

  useEffect(() => {
    if (isAtEnd.current) box.current?.scrollTo({ top: box.current.scrollHeight });
  }, [log.data, stream]);

  return (
    <div className={classes.log}>
      <SegmentedControl aria-label="Which lines" data={streams} value={stream} onChange={setStream} />
      {log.isError && <ErrorState error={log.error} onRetry={() => void log.refetch()} />}
      {log.isSuccess && lines.length === 0 && (
        <EmptyState icon={IconFileText} title="Nothing here yet">
          What the server writes to stderr, lines that are not protocol, and what happens to its connection appear here.
        </EmptyState>
      )}
      <div
        ref={box}
        className={classes.lines}
        role="log"
        aria-label="Server log"
        hidden={lines.length === 0}
        onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
          isAtEnd.current = scrollHeight - scrollTop - clientHeight < 8;
        }}
      >
        {lines.map((line, index) => (
          <div key={index} className={classes.line}>
            <span className={classes.at}>{formatClock(line.at)}</span>
            <span className={classes.stream}>{line.stream}</span>
            <InertText text={line.text} multiline maxLength={1000} />
          </div>
        ))}
      </div>
    </div>
  );
}
