import { z } from "zod";

/** What the application does on the desktop besides its window. */
export const desktopSettingsSchema = z.object({
  /** Goes on in the tray when its window is closed; otherwise it quits, macOS aside. */
  keepRunning: z.boolean().default(false),
  /** Tells of each call that waits for a person. */
  notifyWaiting: z.boolean().default(true),
});
export type DesktopSettings = z.infer<typeof desktopSettingsSchema>;

/** Whether the application is opened when its user logs in: the system's own record of it. */
export const startAtLoginSchema = z.discriminatedUnion("state", [
  z.object({ state: z.literal("on") }),
  z.object({ state: z.literal("off") }),
  z.object({ state: z.literal("unavailable"), reason: z.string() }),
]);
export type StartAtLogin = z.infer<typeof startAtLoginSchema>;

/** Whether the desktop shows what it is asked to show. */
export const notificationStateSchema = z.discriminatedUnion("state", [
  /** None was refused so far. */
  z.object({ state: z.literal("offered") }),
  z.object({ state: z.literal("refused"), reason: z.string() }),
]);
export type NotificationState = z.infer<typeof notificationStateSchema>;

/** How a newer version stands. */
export const updateStateSchema = z.discriminatedUnion("state", [
  /** No feed is set, so nobody is asked. */
  z.object({ state: z.literal("off") }),
  z.object({ state: z.literal("idle") }),
  z.object({ state: z.literal("checking") }),
  /** This is the newest; `at` is when that was found out. */
  z.object({ state: z.literal("current"), at: z.number() }),
  z.object({ state: z.literal("available"), version: z.string() }),
  z.object({ state: z.literal("downloading"), version: z.string(), percent: z.number() }),
  /** Fetched and checked, to be installed. */
  z.object({ state: z.literal("ready"), version: z.string() }),
  z.object({ state: z.literal("failed"), message: z.string(), reason: z.string() }),
]);
export type UpdateState = z.infer<typeof updateStateSchema>;

/** What a window knows of the desktop around it. */
export const desktopViewSchema = z.object({
  kind: z.literal("desktop"),
  startAtLogin: startAtLoginSchema,
  notifications: notificationStateSchema,
  updates: updateStateSchema,
});
export type DesktopView = z.infer<typeof desktopViewSchema>;

/** What a page knows of the browser that it is in, which may be on another machine than the core. */
const browserViewSchema = z.object({
  kind: z.literal("browser"),
  /** How long nobody may be there before they have to log in again. */
  idleMinutes: z.number().int(),
});

/** What stands around a page. In a browser nothing of a desktop is there: no tray, no notifications, no folder to show, no updates. */
export const surroundingsSchema = z.discriminatedUnion("kind", [desktopViewSchema, browserViewSchema]);
export type Surroundings = z.infer<typeof surroundingsSchema>;

const none = z.undefined().optional();

/** What a window may ask of the desktop: a part of the contract. */
export const desktopProcedures = {
  "desktop.get": { input: none, output: surroundingsSchema },
  "desktop.startAtLogin": { input: z.strictObject({ on: z.boolean() }), output: desktopViewSchema },
  "updates.check": { input: none, output: z.void() },
  /** Fetches the version that was found, and installs nothing. */
  "updates.download": { input: none, output: z.void() },
  /** Quits, and starts again as the version that was fetched. */
  "updates.install": { input: none, output: z.void() },
} as const;
