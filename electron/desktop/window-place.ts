/** Where the window stood and how large it was, from one start to the next. */
import { readFileSync, writeFileSync } from "node:fs";
import { z } from "zod";

const bounds = z.object({
  x: z.number().int(),
  y: z.number().int(),
  width: z.number().int().positive(),
  height: z.number().int().positive(),
});
export type Bounds = z.infer<typeof bounds>;

const windowPlaceSchema = z.object({ bounds, maximized: z.boolean() });
/** `bounds` are those that the window goes back to when it is no longer maximised. */
export type WindowPlace = z.infer<typeof windowPlaceSchema>;

/** How much of the window's upper edge has to be on a display, so that it can be seen and dragged, pixels. */
const grip = { width: 120, height: 32 };
const usual = { width: 1280, height: 800 };

/** Where to open: no position means the middle of the main display. */
export type Opening = { x?: number; y?: number; width: number; height: number; maximized: boolean };

/**
 * Where a window opens that stood at `saved`: there, if enough of it is still on a display; else at the same size, or less, where it fits.
 * @param displays what each display has to offer, the main one first.
 */
export function openingOf(saved: WindowPlace | null, displays: readonly Bounds[]): Opening {
  const main = displays[0] ?? { x: 0, y: 0, ...usual };
  const { width, height } = saved?.bounds ?? usual;
  const maximized = saved?.maximized ?? false;
  const home = saved && displays.find((display) => holdsGrip(display, saved.bounds));
  const { width: most, height: highest } = home ?? main;
  const size = { width: Math.min(width, most), height: Math.min(height, highest) };
  return home ? { x: saved.bounds.x, y: saved.bounds.y, ...size, maximized } : { ...size, maximized };
}

function holdsGrip(display: Bounds, window: Bounds): boolean {
  const width = Math.min(display.x + display.width, window.x + window.width) - Math.max(display.x, window.x);
  const below = window.y - display.y;
  return width >= Math.min(grip.width, window.width) && below >= 0 && display.height - below >= grip.height;
}

/** The place as a file keeps it; `null` where there is none of use. */
export function readWindowPlace(file: string): WindowPlace | null {
  try {
    return windowPlaceSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    return null;
  }
}

/** It is a convenience: what cannot be written is forgotten. */
export function writeWindowPlace(file: string, place: WindowPlace): void {
  try {
    writeFileSync(file, `${JSON.stringify(place)}\n`, { mode: 0o600 });
  } catch {
    // The next start opens in the middle.
  }
}
