import type { Notice } from "../../../shared/status.ts";
import type { CoreEvents } from "../events.ts";
import type { ToolPins } from "./tool-pins.ts";

type Parts = {
  pins: Pick<ToolPins, "quarantined">;
  notices: { add(notice: Notice): void; dismiss(id: string): void };
  events: CoreEvents;
};

const namesTold = 3;

/** Tells of each server that has tools in quarantine, again whenever they are others, until they are none. */
export function tellQuarantine({ pins, notices, events }: Parts): void {
  const told = new Map<string, string>();
  events.on("pins.changed", ({ server }) => {
    const names = pins.quarantined().get(server) ?? [];
    const text = JSON.stringify(names);
    if (text === (told.get(server) ?? "[]")) return;
    told.set(server, text);
    const id = `quarantine-${server}`;
    if (names.length === 0) return notices.dismiss(id);
    const listed = names.slice(0, namesTold).map((name) => JSON.stringify(name));
    const more = names.length - listed.length;
    notices.add({
      id,
      level: "warning",
      message: `${names.length === 1 ? "A tool" : `${names.length} tools`} of "${server}" ${names.length === 1 ? "is" : "are"} in quarantine, and refused until somebody has looked: ${listed.join(", ")}${more > 0 ? ` and ${more} more` : ""}.`,
      hint: "Compare the definitions under Pins, then accept or block them.",
    });
  });
}
