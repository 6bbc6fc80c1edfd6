import { describe, expect, it } from "vitest";
import { callerCard, feederPaths, hubCard, layoutMap } from "./map-layout.ts";

const room = { width: 1040, height: 600 };

/** How large it is shown where all of it is. */
function scaleOf(callers: number, servers: number): number {
  const { servers: places, card, callers: left } = layoutMap(callers, servers, room);
  const right = Math.max(...places.map(({ x }) => x)) + card.width;
  const bottom = Math.max(...places.map(({ y }) => y + card.height), ...left.map(({ y }) => y + callerCard.height));
  const top = Math.min(...places.map(({ y }) => y), ...left.map(({ y }) => y));
  return Math.min(1, room.width / right, room.height / (bottom - top));
}

describe("layoutMap", () => {
  it("shows five servers at full size, and sixty still legibly", () => {
    expect(scaleOf(3, 5)).toBe(1);
    expect(scaleOf(4, 60)).toBeGreaterThan(0.75);
  });

  it.each([0, 1, 5, 18, 19, 60, 200])("lets no two of %i servers touch", (count) => {
    const { servers, card, hub } = layoutMap(3, count, room);
    expect(servers).toHaveLength(count);
    for (const [index, a] of servers.entries()) {
      expect(a.busX).toBeGreaterThan(hub.x + hubCard.width);
      for (const b of servers.slice(index + 1)) {
        expect(Math.abs(a.x - b.x) >= card.width || Math.abs(a.y - b.y) >= card.height).toBe(true);
      }
    }
  });

  it("leads a feeder over the columns and never through a card", () => {
    const layout = layoutMap(1, 60, room);
    const last = layout.servers.at(-1)!;
    expect(layout.crossY).toBeLessThan(Math.min(...layout.servers.map(({ y }) => y)));
    expect(feederPaths(layout, last).bus).toContain(`V${layout.crossY}H${last.busX}`);
    expect(feederPaths(layout, layout.servers[0]!).bus).not.toContain(`V${layout.crossY}H`);
  });
});
