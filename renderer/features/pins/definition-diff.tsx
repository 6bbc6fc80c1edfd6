import type { ToolDefinition } from "../../../shared/pin.ts";
import { SameLine, SideBySide, TextRow, ValueRow } from "../../components/side-by-side.tsx";

type DefinitionDiffProps = {
  /** What was accepted; `null` where nothing was. */
  accepted: ToolDefinition | null;
  /** What the server gives now. */
  offered: ToolDefinition;
};

const sides = ["accepted", "now"] as const;
const texts = ["title", "description"] as const;
const structures = [
  ["inputSchema", "Arguments"],
  ["outputSchema", "Answer"],
  ["annotations", "Claims"],
] as const;

/** Two definitions side by side, with what differs marked; what is the same in both is told in one line. */
export function DefinitionDiff({ accepted, offered }: DefinitionDiffProps) {
  const isSame = (key: keyof ToolDefinition) =>
    accepted !== null && JSON.stringify(accepted[key]) === JSON.stringify(offered[key]);
  const same = [...texts, ...structures.map(([key]) => key)].filter((key) => isSame(key) && offered[key] !== undefined);
  return (
    <SideBySide heads={accepted ? ["Accepted", "Now"] : ["What the server says"]}>
      {texts.map((key) => {
        if (isSame(key) || (accepted?.[key] === undefined && offered[key] === undefined)) return null;
        const label = key === "title" ? "Title" : "Description";
        return (
          <TextRow
            key={key}
            {...{ label, sides }}
            before={accepted && (accepted[key] ?? "")}
            after={offered[key] ?? ""}
          />
        );
      })}
      {structures.map(([key, label]) => {
        if (isSame(key) || (accepted?.[key] === undefined && offered[key] === undefined)) return null;
        return (
          <ValueRow
            key={key}
            {...{ label, sides }}
            before={accepted && (accepted[key] ?? {})}
            after={offered[key] ?? {}}
          />
        );
      })}
      {same.length > 0 && <SameLine>The same as accepted: {same.map(nameOf).join(", ")}.</SameLine>}
    </SideBySide>
  );
}

function nameOf(key: string): string {
  return (structures.find(([name]) => name === key)?.[1] ?? key).toLowerCase();
}
