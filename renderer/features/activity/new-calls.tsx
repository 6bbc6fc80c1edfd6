import { Button } from "@mantine/core";
import { IconArrowUp } from "@tabler/icons-react";
import { useEffect, useRef } from "react";
import type { Invocation, InvocationFilter } from "../../../shared/invocation.ts";
import { useNewCalls } from "../../api/use-new-calls.ts";

/** How often new rows join at most, milliseconds. */
const joinEveryMs = 300;

type NewCallsProps = {
  filter: InvocationFilter;
  /** The first page of the log, once it is loaded. */
  rows: readonly Invocation[];
  isLoaded: boolean;
  /** Whether new calls join the log by themselves. */
  follows: boolean;
  showNew: () => Promise<unknown>;
  /** Shows them, and goes to them. */
  onShow: () => void;
  className: string | undefined;
};

/** Lets new calls join the log, or says how many wait. Apart from the log, as under load their number changes all the time. */
export function NewCalls({ filter, rows, isLoaded, follows, showNew, onShow, className }: NewCallsProps) {
  const count = useNewCalls(filter, rows, isLoaded);
  const waits = count > 0;
  const lastJoin = useRef(0);
  useEffect(() => {
    if (!follows || !waits) return;
    const timer = setTimeout(
      () => {
        lastJoin.current = performance.now();
        void showNew();
      },
      Math.max(0, lastJoin.current + joinEveryMs - performance.now()),
    );
    return () => clearTimeout(timer);
  }, [follows, waits, count, showNew]);
  if (follows || !waits) return null;
  return (
    <Button className={className} radius="xl" leftSection={<IconArrowUp size={14} aria-hidden />} onClick={onShow}>
      {count.toLocaleString("en")} new
    </Button>
  );
}
