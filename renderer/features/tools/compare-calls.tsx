import { CloseButton } from "@mantine/core";
import type { InvocationDetail } from "../../../shared/invocation.ts";
import { useInvocation } from "../../api/use-invocations.ts";
import { ErrorState } from "../../components/error-state.tsx";
import { formatDuration, formatMoment } from "../../components/format.ts";
import { outcomeWords } from "../../components/outcome-words.ts";
import { SameLine, SideBySide, TextRow, ValueRow } from "../../components/side-by-side.tsx";
import classes from "./call-panel.module.css";
import { storyOf, type CallStory } from "./call-story.ts";

/** Two calls of a tool side by side: what was sent, and what came back. The earlier one is at the left. */
export function CompareCalls({ ids, onClose }: { ids: readonly [string, string]; onClose: () => void }) {
  const first = useInvocation(ids[0]);
  const second = useInvocation(ids[1]);
  const failed = [first, second].find((call) => call.isError);
  return (
    <section className={classes.panel} aria-label="Comparison">
      <header className={classes.head}>
        <h2 className={classes.heading}>Comparison</h2>
        <CloseButton className={classes.close} size="sm" aria-label="Close the comparison" onClick={onClose} />
      </header>
      {failed?.error && <ErrorState error={failed.error} onRetry={() => void failed.refetch()} />}
      {first.data && second.data && <Sides calls={inOrder(first.data, second.data)} />}
    </section>
  );
}

const sides = ["earlier", "later"] as const;
const members = [
  ["args", "Arguments"],
  ["structured", "Structured content"],
  ["rest", "Other content"],
  ["error", "Error"],
] as const satisfies readonly (readonly [keyof CallStory, string])[];

function Sides({ calls }: { calls: readonly [InvocationDetail, InvocationDetail] }) {
  const [before, after] = [storyOf(calls[0]), storyOf(calls[1])];
  const isSame = (key: keyof CallStory) => JSON.stringify(before[key]) === JSON.stringify(after[key]);
  const isThere = (key: keyof CallStory) => before[key] !== undefined || after[key] !== undefined;
  const same = [["text", "Text"] as const, ...members].filter(([key]) => isThere(key) && isSame(key));
  return (
    <SideBySide heads={calls.map(headOf)}>
      {members
        .slice(0, 1)
        .map(
          ([key, label]) =>
            !isSame(key) && (
              <ValueRow key={key} {...{ label, sides }} before={before[key] ?? {}} after={after[key] ?? {}} />
            ),
        )}
      {!isSame("text") && <TextRow label="Text" sides={sides} before={before.text ?? ""} after={after.text ?? ""} />}
      {members
        .slice(1)
        .map(
          ([key, label]) =>
            !isSame(key) && (
              <ValueRow key={key} {...{ label, sides }} before={before[key] ?? {}} after={after[key] ?? {}} />
            ),
        )}
      {same.length > 0 && (
        <SameLine>The same in both: {same.map(([, label]) => label.toLowerCase()).join(", ")}.</SameLine>
      )}
    </SideBySide>
  );
}

function headOf({ invocation }: InvocationDetail): string {
  const { outcome, durationMs, startedAt } = invocation;
  const ended = outcome === null ? "on its way" : outcomeWords[outcome].label;
  return `${formatMoment(startedAt)} · ${ended}${durationMs === null ? "" : ` · ${formatDuration(durationMs)}`}`;
}

function inOrder(a: InvocationDetail, b: InvocationDetail): readonly [InvocationDetail, InvocationDetail] {
  return a.invocation.startedAt <= b.invocation.startedAt ? [a, b] : [b, a];
}
