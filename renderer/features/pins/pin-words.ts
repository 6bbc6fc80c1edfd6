import type { PinStanding, PinView } from "../../../shared/pin.ts";

export const standingWords: Readonly<Record<PinStanding, { label: string; meaning: string }>> = {
  accepted: { label: "Accepted", meaning: "Its definition is the one that was accepted last." },
  new: { label: "New", meaning: "It came to a known server, and nobody has accepted it: each call asks a person." },
  changed: { label: "Changed", meaning: "Its definition is not the one that was accepted: calls are refused." },
  suspect: { label: "Suspect", meaning: "Its definition raises a serious warning: calls are refused." },
  blocked: { label: "Blocked", meaning: "A person blocked it: calls are refused." },
};

export const presenceWords: Readonly<Record<PinView["presence"], string | null>> = {
  listed: null,
  gone: "its server lists it no more",
  unseen: "its server has not listed it since the start",
};

/** Whether a person's verdict is still to come. */
export function isUndecided({ standing }: Pick<PinView, "standing">): boolean {
  return standing === "new" || standing === "changed" || standing === "suspect";
}

/** Servers by name, each with its tools: those that wait for a verdict first, then by name. */
export function groupPins(pins: readonly PinView[]): { server: string; waiting: PinView[]; settled: PinView[] }[] {
  const byServer = new Map<string, PinView[]>();
  for (const pin of pins) byServer.set(pin.server, [...(byServer.get(pin.server) ?? []), pin]);
  return [...byServer]
    .map(([server, all]) => {
      const inOrder = all.toSorted((a, b) => a.tool.localeCompare(b.tool));
      const settled = inOrder.filter((pin) => !isUndecided(pin));
      return { server, waiting: inOrder.filter(isUndecided), settled };
    })
    .toSorted(
      (a, b) => Number(b.waiting.length > 0) - Number(a.waiting.length > 0) || a.server.localeCompare(b.server),
    );
}

export function pinPath({ server, tool }: { server: string; tool?: string }): string {
  const where = new URLSearchParams(tool === undefined ? { server } : { server, tool });
  return `/pins?${where.toString()}`;
}
