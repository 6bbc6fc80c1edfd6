import { pinEntry } from "./audit-entries.ts";
import type { AuditChain } from "./journal/journal.ts";
import { ToolPins, type ToolPinsDeps } from "./pins/tool-pins.ts";
import type { SharedPins } from "./postgres/shared-pins.ts";

type PinParts = Pick<ToolPinsDeps, "database" | "clock" | "events" | "logger"> & {
  postgres: { pins: SharedPins } | null;
  audit: AuditChain;
};

/** The pins of this machine, which records what becomes of them and tells other machines what people decide. */
export function openPins({ postgres, audit, ...parts }: PinParts): ToolPins {
  const shared = postgres?.pins;
  const pins = new ToolPins({
    ...parts,
    record: (kind, changed) => {
      audit.append(kind, pinEntry(changed));
      shared?.given(changed);
    },
    ...(shared && { published: () => shared.published() }),
  });
  shared?.follow(pins);
  return pins;
}
