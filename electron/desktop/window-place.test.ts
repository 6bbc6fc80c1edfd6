import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { openingOf, readWindowPlace, writeWindowPlace, type WindowPlace } from "./window-place.ts";

const laptop = { x: 0, y: 25, width: 1440, height: 875 };
const right = { x: 1440, y: 0, width: 1920, height: 1080 };
const saved = (x: number, y: number, maximized = false): WindowPlace => ({
  bounds: { x, y, width: 1200, height: 800 },
  maximized,
});

it("opens in the middle at the usual size where nothing was kept", () => {
  expect(openingOf(null, [laptop, right])).toEqual({ width: 1280, height: 800, maximized: false });
});

it("opens where it stood, on whichever display that was", () => {
  expect(openingOf(saved(60, 40), [laptop, right])).toEqual({
    x: 60,
    y: 40,
    width: 1200,
    height: 800,
    maximized: false,
  });
  expect(openingOf(saved(1800, 100, true), [laptop, right])).toMatchObject({ x: 1800, y: 100, maximized: true });
});

it.each([
  ["its display is gone", saved(1800, 100)],
  ["only a sliver of it would be seen", saved(1400, 100)],
  ["its upper edge is above every display", saved(100, -40)],
  ["its upper edge is below every display", saved(100, 890)],
])("opens in the middle where %s", (_why, place) => {
  const opening = openingOf(place, [laptop]);
  expect(opening).toEqual({ width: 1200, height: 800, maximized: false });
});

it("stays maximised on the main display where its own is gone", () => {
  expect(openingOf(saved(1800, 100, true), [laptop])).toEqual({ width: 1200, height: 800, maximized: true });
});

it("is never larger than the display", () => {
  const large = { bounds: { x: 0, y: 25, width: 4000, height: 3000 }, maximized: false };
  expect(openingOf(large, [laptop])).toMatchObject({ width: 1440, height: 875 });
});

it("keeps a place in a file, and takes a damaged file for none", () => {
  const folder = mkdtempSync(join(tmpdir(), "window-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "place.json");
  expect(readWindowPlace(file)).toBeNull();
  writeWindowPlace(file, saved(1, 2, true));
  expect(readWindowPlace(file)).toEqual(saved(1, 2, true));
  for (const text of [
    "",
    "{",
    '{"bounds":{"x":"a"}}',
    '{"bounds":{"x":0,"y":0,"width":-5,"height":1},"maximized":false}',
  ]) {
    writeFileSync(file, text);
    expect(readWindowPlace(file)).toBeNull();
  }
  writeWindowPlace(join(folder, "no", "such", "folder.json"), saved(1, 2));
});
