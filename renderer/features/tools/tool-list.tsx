import { isQuarantined } from "../../../shared/pin.ts";
import type { ToolView } from "../../../shared/tool.ts";
import { OfferList } from "../offers/offer-list.tsx";
import { toolPath } from "../offers/offer-paths.ts";
import { PermissionMark } from "../offers/permission-mark.tsx";
import { StandingBadge } from "../pins/standing-badge.tsx";

type ToolListProps = {
  tools: readonly ToolView[];
  titles: ReadonlyMap<string, string>;
  /** What the address points to: a tool, or with no tool a server. */
  server: string | null;
  tool: string | null;
};

/** Every tool of every server. */
export function ToolList({ tools, titles, server, tool }: ToolListProps) {
  return (
    <OfferList
      noun="tool"
      offers={tools}
      titles={titles}
      server={server}
      current={server !== null && tool !== null ? toolPath({ server, name: tool }) : null}
      pathOf={toolPath}
      marksOf={marksOf}
    />
  );
}

function marksOf({ standing, permission }: ToolView) {
  // Its mark says already that it is refused.
  const isRefused = standing === "blocked" || isQuarantined(standing);
  return (
    <>
      {standing !== "accepted" && <StandingBadge standing={standing} />}
      {!isRefused && <PermissionMark permission={permission} />}
    </>
  );
}
