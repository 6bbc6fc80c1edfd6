import { app, BrowserWindow, dialog, nativeTheme, shell, type IpcMainInvokeEvent } from "electron";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { eventChannel } from "../shared/channels.ts";
import { createCore, type Core } from "./core/core.ts";
import { createFileLogger } from "./core/logger.ts";
import { Redactor } from "./core/secrets/redact.ts";
import { broadcastEvents } from "./ipc/broadcast.ts";
import { createHandlers } from "./ipc/handlers.ts";
import { serveWindows } from "./ipc/serve.ts";
import { electronPaths, electronPorts, onWake } from "./platform.ts";
import {
  appOrigin,
  chooseFile,
  denyPermissions,
  openLink,
  openWindow,
  registerAppScheme,
  serveRenderer,
} from "./window.ts";

/** The development server's page, where `npm run dev` names one. A packaged application never looks. */
const developmentUrl = app.isPackaged ? undefined : process.env.ELECTRON_RENDERER_URL;
const pageUrl = developmentUrl ?? `${appOrigin}/`;
/** What the address of every page of ours begins with. */
const trustedPrefix = developmentUrl ? `${new URL(developmentUrl).origin}/` : pageUrl;

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
  mkdirSync(paths.data, { recursive: true });
  const logger = createFileLogger(paths.data, (line) => redactor.text(line));
  process.on("uncaughtException", (error) => {
    logger.error("Something in Switchgear failed.", { error });
    tellFailure("Something in Switchgear failed", error);
  });
  // The core needs nothing of Electron, so both get ready at once.
  const [core] = await Promise.all([
    createCore(electronPorts(paths, logger), redactor, { listen: true }),
    app.whenReady(),
  ]);
  denyPermissions();
  serveRenderer(join(app.getAppPath(), "out/renderer"));
  open(core);

  serveWindows({
    logger,
    mask: (value) => redactor.tokens(value),
    isTrustedSender,
    handlers: createHandlers(core, {
      openLink: (url) => openLink(BrowserWindow.getFocusedWindow() ?? undefined, url),
      openBrowser: (url) => shell.openExternal(url),
      revealFolder: async (path) => {
        const problem = await shell.openPath(path);
        if (problem) logger.warn("A folder could not be shown.", { path, problem });
      },
      nameFile: async (name) => {
        const parent = BrowserWindow.getFocusedWindow();
        const options = { defaultPath: join(app.getPath("documents"), name) };
        const { canceled, filePath } = await (parent
          ? dialog.showSaveDialog(parent, options)
          : dialog.showSaveDialog(options));
        return canceled ? null : filePath;
      },
      chooseFile: () => chooseFile(BrowserWindow.getFocusedWindow() ?? undefined),
      mask: (value) => redactor.value(value),
    }),
  });
  broadcastEvents(core.events, core.clock, (batch) => {
    const masked = redactor.tokens(batch);
    for (const each of BrowserWindow.getAllWindows()) each.webContents.send(eventChannel, masked);
  });

  core.events.on("settings.changed", ({ theme }) => (nativeTheme.themeSource = theme));
  onWake(() => core.wake());
  app.on("second-instance", () => {
    const first = BrowserWindow.getAllWindows()[0] ?? open(core);
    if (first.isMinimized()) first.restore();
    first.focus();
  });
  app.on("activate", () => {
    if (BrowserWindow.getAllWindows().length === 0) open(core);
  });
  app.on("window-all-closed", () => {
    if (process.platform !== "darwin") app.quit();
  });
  closeBeforeQuit(core);
}

/** What failed may repeat what was sent to a server. */
function tellFailure(what: string, error: unknown): void {
  const message = redactor.text(error instanceof Error ? error.message : String(error));
  process.stderr.write(`${what}: ${message}\n`);
  dialog.showErrorBox(what, message);
}

function open(core: Core): BrowserWindow {
  nativeTheme.themeSource = core.settings.view().theme;
  return openWindow({
    preload: join(app.getAppPath(), "out/preload/preload.cjs"),
    pageUrl,
    icon: join(app.getAppPath(), "electron/icons/window.png"),
    dark: nativeTheme.shouldUseDarkColors,
  });
}

/** Only the top frame of a window of ours, showing the console's own page, may ask. */
function isTrustedSender(event: IpcMainInvokeEvent): boolean {
  const frame = event.senderFrame;
  return frame !== null && frame.parent === null && frame.url.startsWith(trustedPrefix);
}

/** Holds the exit until sessions are closed and the journal is written. */
function closeBeforeQuit(core: Core): void {
  let closing = false;
  app.on("before-quit", (event) => {
    if (closing) return;
    event.preventDefault();
    closing = true;
    void core.close().finally(() => app.exit(0));
  });
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => app.quit());
}
