import type { AppStatus } from "../../shared/status.ts";

/** What the tray shows and says. */
export type TrayFace = {
  /** The picture's name in `electron/icons/tray`. */
  picture: "off" | "closed" | "open" | "closed-waiting" | "open-waiting";
  tooltip: string;
  waiting: string;
  circuits: string;
  /** Where a click on `circuits` leads. */
  circuitsRoute: string;
  /** What turning the master switch is called; `null` where a variable governs it. */
  turn: "Turn MCP on" | "Turn MCP off" | null;
};

/** The same words as in the window's top bar. */
export function trayFace({ mcp, pendingApprovals, circuitsNotClosed, policy }: AppStatus): TrayFace {
  const circuit = !mcp.enabled && pendingApprovals === 0 ? "off" : circuitsNotClosed > 0 ? "open" : "closed";
  const waiting =
    pendingApprovals === 0
      ? "No call waits"
      : `${pendingApprovals} ${pendingApprovals === 1 ? "call waits" : "calls wait"} for you`;
  const circuits =
    circuitsNotClosed > 0
      ? `${circuitsNotClosed} ${circuitsNotClosed === 1 ? "circuit" : "circuits"} not closed`
      : mcp.enabled
        ? "All circuits closed"
        : "MCP is off";
  const faults = policy.state === "invalid" ? ["Policy invalid"] : [];
  return {
    picture: circuit === "off" || pendingApprovals === 0 ? circuit : `${circuit}-waiting`,
    tooltip: ["Switchgear", waiting, circuits, ...faults].join("\n"),
    waiting,
    circuits,
    circuitsRoute: circuitsNotClosed > 0 ? "/?state=not-closed" : "/",
    turn: mcp.governedBy === "environment-variable" ? null : mcp.enabled ? "Turn MCP off" : "Turn MCP on",
  };
}
