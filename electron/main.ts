import { app, BrowserWindow, dialog, nativeTheme, shell, type IpcMainInvokeEvent } from "electron";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { eventChannel } from "../shared/channels.ts";
import { createCore, type Core } from "./core/core.ts";
import { toClientError } from "./core/errors.ts";
import { createFileLogger } from "./core/logger.ts";
import type { Logger } from "./core/ports.ts";
import { Redactor } from "./core/secrets/redact.ts";
import { linkAmong, linkScheme, routeOfLink } from "./desktop/deep-link.ts";
import { DesktopBoard } from "./desktop/desktop-board.ts";
import { TicketNotices } from "./desktop/ticket-notices.ts";
import { broadcastEvents } from "./ipc/broadcast.ts";
import { createHandlers } from "./ipc/handlers.ts";
import { serveWindows } from "./ipc/serve.ts";
import {
  electronLoginItem,
  electronPaths,
  electronPorts,
  electronUpdateFeed,
  onWake,
  startedAtLogin,
} from "./platform.ts";
import { notificationsAtFirst, Notifier, offersActions, showCount, StatusTray } from "./tray.ts";
import {
  appOrigin,
  chooseFile,
  denyPermissions,
  nameFile,
  openLink,
  openWindow,
  registerAppScheme,
  serveRenderer,
  showRoute,
} from "./window.ts";

/** The development server's page, where `npm run dev` names one. A packaged application never looks. */
const developmentUrl = app.isPackaged ? undefined : process.env.ELECTRON_RENDERER_URL;
/** The console's own page; the address of every page of ours begins with it. */
const pageUrl = new URL("/", developmentUrl ?? appOrigin).href;

registerAppScheme();
const paths = electronPaths();
const redactor = new Redactor();

if (app.requestSingleInstanceLock()) {
  start().catch((error: unknown) => {
    tellFailure("Switchgear cannot start", error);
    app.exit(1);
  });
} else {
  process.stderr.write("Switchgear is already open with this data folder; its window was brought to the front.\n");
  app.exit(0);
}

async function start(): Promise<void> {
  // A link may come before there is a window; whatever it says, nothing but a screen comes of it.
  let route = routeOfLink(linkAmong(process.argv) ?? "") ?? "/";
  let open = (wanted?: string): void => {
    route = wanted ?? route;
  };
  const openLinked = (link: string | undefined) => open(routeOfLink(link ?? "") ?? undefined);
  app.on("open-url", (event, link) => {
    event.preventDefault();
    openLinked(link);
  });
  app.on("second-instance", (_event, args) => openLinked(linkAmong(args)));
  // Elsewhere the package says so to the system.
  if (app.isPackaged && process.platform === "win32") app.setAsDefaultProtocolClient(linkScheme);

  mkdirSync(paths.data, { recursive: true });
  const logger = createFileLogger(paths.data, (line) => redactor.text(line));
  process.on("uncaughtException", (error) => {
    logger.error("Something in Switchgear failed.", { error });
    tellFailure("Something in Switchgear failed", error);
  });
  const notifier = new Notifier();
  const notify = ({ title, text }: { title: string; text: string }) =>
    app.isReady() && notifier.show({ title, text, actions: [], onClick: () => open(), onAction: () => {} }) !== null;
  // The core needs nothing of Electron, so both get ready at once.
  const [core] = await Promise.all([
    createCore(electronPorts(paths, logger, notify), redactor, { listen: true }),
    app.whenReady(),
  ]);
  const board = new DesktopBoard({
    ...{ events: core.events, clock: core.clock, logger },
    loginItem: electronLoginItem(),
    notifications: notificationsAtFirst(),
    feed: await electronUpdateFeed(paths.data).catch((error: unknown) => {
      logger.error("The feed of updates cannot be used.", { error });
      return null;
    }),
  });
  notifier.onState = (state) => board.notificationsAre(state);
  denyPermissions();
  serveRenderer(join(app.getAppPath(), "out/renderer"));
  open = (wanted) => showWindow(core, logger, wanted);
  const tray = openTray(core, logger, (wanted) => open(wanted));
  const isWanted = !(startedAtLogin() && tray && core.settings.view().desktop.keepRunning);
  if (isWanted) open(route);

  serve(core, logger, board);
  const notices = new TicketNotices({
    ...{ core, offersActions },
    show: (notice) => notifier.show(notice),
    isWatched: () => BrowserWindow.getFocusedWindow() !== null,
    openScreen: (wanted) => open(wanted),
    mask: (value) => redactor.value(value),
  });

  core.events.on("settings.changed", ({ theme }) => (nativeTheme.themeSource = theme));
  onWake(() => core.wake());
  app.on("activate", () => {
    if (BrowserWindow.getAllWindows().length === 0) open();
  });
  app.on("window-all-closed", () => {
    const staysInTray = tray !== null && core.settings.view().desktop.keepRunning;
    if (process.platform !== "darwin" && !staysInTray) app.quit();
  });
  closeBeforeQuit(core, notices);
}

/** Answers the windows' questions, and tells them what happens. */
function serve(core: Core, logger: Logger, board: DesktopBoard): void {
  serveWindows({
    logger,
    mask: (value) => redactor.tokens(value),
    isTrustedSender,
    handlers: createHandlers(core, {
      operator: "console",
      openLink: (url) => openLink(BrowserWindow.getFocusedWindow() ?? undefined, url),
      openBrowser: (url) => shell.openExternal(url),
      revealFolder: async (path) => {
        const problem = await shell.openPath(path);
        if (problem) logger.warn("A folder could not be shown.", { path, problem });
      },
      saveFile: async (name, write) => {
        const file = await nameFile(BrowserWindow.getFocusedWindow() ?? undefined, name);
        return file === null ? null : { file, written: await write(file) };
      },
      chooseFile: () => chooseFile(BrowserWindow.getFocusedWindow() ?? undefined),
      view: () => board.view(),
      startAtLogin: (on) => board.startAtLogin(on),
      updates: board.updates,
      mask: (value) => redactor.value(value),
    }),
  });
  broadcastEvents(core.events, core.clock, (batch) => {
    const masked = redactor.tokens(batch);
    for (const each of BrowserWindow.getAllWindows()) each.webContents.send(eventChannel, masked);
  });
}

/** Shows the state beside the clock and on the application's icon; `null` on a desktop without a tray, which lacks nothing else. */
function openTray(core: Core, logger: Logger, open: (route?: string) => void): StatusTray | null {
  const pictures = join(app.getAppPath(), "electron/icons/tray");
  const turnMcp = (mcpEnabled: boolean) => {
    try {
      core.settings.set({ mcpEnabled });
    } catch (error) {
      const { message, hint } = toClientError(error);
      core.notices.add({ id: "tray-switch", level: "error", message, ...(hint !== undefined && { hint }) });
      open();
    }
  };
  let tray: StatusTray | null = null;
  try {
    tray = new StatusTray(pictures, core.status(), { open, turnMcp, quit: () => app.quit() });
  } catch (error) {
    logger.warn("This desktop has no tray.", { error });
  }
  core.events.on("status.changed", (status) => {
    tray?.show(status);
    showCount(status.pendingApprovals, pictures);
  });
  return tray;
}

/** What failed may repeat what was sent to a server. */
function tellFailure(what: string, error: unknown): void {
  const message = redactor.text(error instanceof Error ? error.message : String(error));
  process.stderr.write(`${what}: ${message}\n`);
  dialog.showErrorBox(what, message);
}

/** Brings the window to the front, opened where there is none, and leads it to an address of the page where one is given. */
function showWindow(core: Core, logger: Logger, route?: string): void {
  const first = BrowserWindow.getAllWindows()[0];
  if (first) {
    if (route !== undefined) showRoute(first, pageUrl, route);
    if (first.isMinimized()) first.restore();
    first.show();
    first.focus();
    return;
  }
  nativeTheme.themeSource = core.settings.view().theme;
  openWindow({
    pageUrl,
    route: route ?? "/",
    preload: join(app.getAppPath(), "out/preload/preload.cjs"),
    icon: join(app.getAppPath(), "electron/icons/window.png"),
    placeFile: join(paths.data, "window.json"),
    dark: nativeTheme.shouldUseDarkColors,
    clock: core.clock,
    onCrash: (details) => logger.error("The window's page ended.", { details }),
  });
}

/** Only the top frame of a window of ours, showing the console's own page, may ask. */
function isTrustedSender(event: IpcMainInvokeEvent): boolean {
  const frame = event.senderFrame;
  return frame !== null && frame.parent === null && frame.url.startsWith(pageUrl);
}

/** Holds the exit until sessions are closed and the journal is written. */
function closeBeforeQuit(core: Core, notices: Disposable): void {
  let closing = false;
  app.on("before-quit", (event) => {
    if (closing) return;
    event.preventDefault();
    closing = true;
    notices[Symbol.dispose]();
    void core.close().finally(() => app.exit(0));
  });
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => app.quit());
}
