import type { LevelCell, LevelTable } from "../../../shared/level-table.ts";
import type { PolicyQuestion } from "../../../shared/policy.ts";
import { PreparedDecision } from "./evaluate.ts";
import type { LoadedPolicy } from "./loaded-policy.ts";

/** A tool that is asked about, whatever its arguments. */
export type AskedTool = Omit<PolicyQuestion, "args" | "environment">;

/** @param environment the active one, which the file need not name */
export function levelTable(
  policy: LoadedPolicy,
  tools: readonly AskedTool[],
  { file, environment }: { file: string; environment: string },
): LevelTable {
  const environments = [...new Set([environment, ...policy.environments.keys()])];
  const rules: LevelTable["rules"] = [];
  const places = new Map<string, number>();
  const placeOf = (name: string, line: number | null) => {
    const key = `${line} ${name}`;
    let place = places.get(key);
    if (place === undefined) places.set(key, (place = rules.push({ name, line }) - 1));
    return place;
  };
  const rows = tools.map((asked) => ({
    server: asked.server,
    tool: asked.tool,
    cells: environments.map((each): LevelCell => {
      const prepared = new PreparedDecision(policy, { ...asked, environment: each });
      const { level, rule, line } = prepared.decide({});
      return { level, rule: placeOf(rule, line), conditional: prepared.dependsOnArguments };
    }),
  }));
  return { ok: true, file, environments, rules, rows };
}
