import { IconCircleCheck } from "@tabler/icons-react";
import { useMemo } from "react";
import classes from "./output-check.module.css";
import { judge } from "./schema-judge.ts";
import type { JsonSchema } from "./schema-problem.ts";

/** Tells that what a tool answered is what its output schema promises. An answer that is not never gets here: the call failed, and says why. */
export function OutputCheck({ schema, content }: { schema: JsonSchema; content: unknown }) {
  const verdict = useMemo(() => judge(schema, content), [schema, content]);
  if (verdict.kind === "unjudgeable") {
    return <p className={classes.check}>Not checked: the output schema cannot be used ({verdict.reason}).</p>;
  }
  if (verdict.problems.length > 0) return null;
  return (
    <p className={classes.check}>
      <IconCircleCheck size={14} aria-hidden /> Fits the tool’s output schema
    </p>
  );
}
