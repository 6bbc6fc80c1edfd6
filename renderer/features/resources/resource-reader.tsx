import { Button } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { IconBell, IconBellOff, IconBellRinging, IconFileText, IconTestPipe } from "@tabler/icons-react";
import { useCallback, useState, type ReactNode } from "react";
import { call } from "../../api/client.ts";
import { useResourceChange, useSubscription } from "../../api/use-offers.ts";
import { ErrorState } from "../../components/error-state.tsx";
import { TimeAgo } from "../../components/time-ago.tsx";
import detail from "../offers/offer-detail.module.css";
import { modifierKey } from "../shell/modifier-key.ts";
import { CallPanel } from "../tools/call-panel.tsx";
import { resourceKey, useRun } from "../tools/call-store.ts";
import { ShownBlock } from "../tools/content-block.tsx";
import { DryRun } from "../tools/dry-run.tsx";
import { readResource } from "../tools/read-block.ts";
import { useStart } from "../tools/use-start.ts";
import classes from "./resource-reader.module.css";
import { readQuestion } from "./use-read-permission.ts";

type ResourceReaderProps = {
  server: string;
  uri: string;
  /** What the picture or the sound that it may hold is of. */
  name: string;
  /** Why it cannot be read yet; `null` where it can. */
  obstacle?: string | null;
  /** What says which resource it is, where that is still to be said. */
  children?: ReactNode;
};

/** Reads a resource, through the path that every call takes, and tells when it changes. */
export function ResourceReader({ server, uri, name, obstacle = null, children }: ResourceReaderProps) {
  const key = resourceKey(server, uri);
  const run = useRun(key);
  const send = useCallback((id: string) => call("resources.read", { id, server, uri }), [server, uri]);
  const start = useStart(key, send);
  const [previewed, setPreviewed] = useState<string | null>(null);
  const { isOn, set } = useSubscription({ server, uri });
  const changedAt = useResourceChange(server, uri);
  const isRunning = run?.state === "running";
  const read = () => {
    if (isRunning || obstacle !== null) return;
    setPreviewed(null);
    void start({ uri });
  };
  // Fields are not left out: a template's variables are what one types when one wants to read.
  useHotkeys([["mod+Enter", read]], []);
  return (
    <div className={children ? detail.columns : classes.reader}>
      <section className={children ? detail.card : classes.order} aria-label="Read">
        {children}
        <div className={detail.actions}>
          <Button
            leftSection={<IconFileText size={14} aria-hidden />}
            disabled={isRunning || obstacle !== null}
            onClick={read}
          >
            Read
          </Button>
          <Button
            variant="default"
            leftSection={<IconTestPipe size={14} aria-hidden />}
            disabled={obstacle !== null}
            onClick={() => setPreviewed(uri)}
          >
            Dry run
          </Button>
          <Button
            variant="default"
            leftSection={isOn ? <IconBellOff size={14} aria-hidden /> : <IconBell size={14} aria-hidden />}
            disabled={obstacle !== null}
            loading={set.isPending}
            onClick={() => set.mutate(!isOn)}
          >
            {isOn ? "Unsubscribe" : "Subscribe"}
          </Button>
          <span className={detail.note} role="status">
            {obstacle ?? (
              <>
                <kbd>{modifierKey}</kbd> <kbd>Enter</kbd> reads
                {isOn && " · Subscribed: the server tells when it changes"}
              </>
            )}
          </span>
        </div>
        {set.isError && <ErrorState error={set.error} />}
        {changedAt !== undefined && (!run || changedAt > run.startedAt) && (
          <p className={classes.changed} role="status">
            <IconBellRinging size={14} aria-hidden />
            <span>
              Changed <TimeAgo at={changedAt} />
              {run ? ", after it was read" : ""}
            </span>
            <Button variant="default" disabled={isRunning} onClick={read}>
              {run ? "Read it again" : "Read it"}
            </Button>
          </p>
        )}
      </section>
      <div className={detail.outcome}>
        {previewed === uri && (
          <DryRun asked={readQuestion(server, uri)} outdated={false} onClose={() => setPreviewed(null)} />
        )}
        {run && (
          <CallPanel runKey={key} run={run} title="Contents" again="Read again" onRunAgain={read}>
            {({ contents }) =>
              contents.length === 0 ? (
                <p className={classes.none}>It holds nothing.</p>
              ) : (
                contents.map((content, index) => (
                  <ShownBlock key={`${run.id} ${index}`} block={readResource(content)} origin={{ server, name }} />
                ))
              )
            }
          </CallPanel>
        )}
      </div>
    </div>
  );
}
