import {
  app,
  BrowserWindow,
  dialog,
  type BrowserWindowConstructorOptions,
  protocol,
  type RenderProcessGoneDetails,
  screen,
  session,
  shell,
} from "electron";
import { readFile } from "node:fs/promises";
import { join, normalize, sep } from "node:path";
import type { Clock } from "./core/ports.ts";
import { CrashCount } from "./desktop/crash-count.ts";
import { openingOf, readWindowPlace, writeWindowPlace } from "./desktop/window-place.ts";
import { pageHeaders } from "./web/page-headers.ts";

/** The console's only origin. */
export const appOrigin = "app://console";

/** Must run before the app is ready. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: "app", privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}

/** Serves the built renderer as `app://console/…`, and nothing outside its folder. */
export function serveRenderer(folder: string): void {
  protocol.handle("app", async (request) => {
    const url = new URL(request.url);
    try {
      const path = url.pathname === "/" ? "/index.html" : decodeURIComponent(url.pathname);
      const file = normalize(join(folder, path));
      if (url.host !== "console" || !file.startsWith(folder + sep)) return new Response("Not found", { status: 404 });
      return new Response(await readFile(file), {
        headers: pageHeaders(file),
      });
    } catch {
      return new Response("Not found", { status: 404 });
    }
  });
}

/** Denies every permission that a page could ask for. */
export function denyPermissions(): void {
  session.defaultSession.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  session.defaultSession.setPermissionCheckHandler(() => false);
  session.defaultSession.setDevicePermissionHandler(() => false);
}

export type WindowOptions = {
  preload: string;
  /** Where the page comes from: the app's own origin, or the development server. */
  pageUrl: string;
  /** The page's own address to open at: `/approvals`. */
  route: string;
  /** The picture that Linux shows for the window; elsewhere it is the application's own. */
  icon: string;
  /** Keeps where the window stood. */
  placeFile: string;
  dark: boolean;
  clock: Clock;
  /** Told of each crash of the page. */
  onCrash: (details: RenderProcessGoneDetails) => void;
};

/** Opens the console's window: isolated, sandboxed, locked to its own page. */
export function openWindow(options: WindowOptions): BrowserWindow {
  const { preload, pageUrl, route, icon, placeFile, dark, clock } = options;
  const main = screen.getPrimaryDisplay();
  const displays = [main, ...screen.getAllDisplays().filter(({ id }) => id !== main.id)];
  const { maximized, ...bounds } = openingOf(
    readWindowPlace(placeFile),
    displays.map(({ workArea }) => workArea),
  );
  const shape: BrowserWindowConstructorOptions = {
    title: "Switchgear",
    ...bounds,
    minWidth: 880,
    minHeight: 560,
    show: false,
    icon,
    backgroundColor: dark ? "#16181d" : "#f6f7f9",
    autoHideMenuBar: true,
    webPreferences: {
      preload,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
    },
  };
  const window = new BrowserWindow(shape);
  window.once("ready-to-show", () => {
    if (maximized) window.maximize();
    window.show();
  });
  keepPlace(window, placeFile, clock);
  lockIn(window, pageUrl);
  watchCrashes(window, options);
  showRoute(window, pageUrl, route);
  return window;
}

/** How long a window has to stand still before its place is kept. */
const stillMs = 300;

function keepPlace(window: BrowserWindow, file: string, clock: Clock): void {
  let timer: Disposable | undefined;
  const keep = () => writeWindowPlace(file, { bounds: window.getNormalBounds(), maximized: window.isMaximized() });
  const keepSoon = () => {
    timer?.[Symbol.dispose]();
    timer = clock.schedule(stillMs, keep);
  };
  window.on("resize", keepSoon);
  window.on("move", keepSoon);
  window.on("close", () => {
    timer?.[Symbol.dispose]();
    keep();
  });
  window.on("closed", () => timer?.[Symbol.dispose]());
}

/** Leads the window to an address of its page. The page goes there as by a link of its own, and is loaded only where it is not there. */
export function showRoute(window: BrowserWindow, pageUrl: string, route: string): void {
  const url = `${pageUrl}#${route}`;
  // The same address once more would load the page anew.
  if (window.webContents.getURL() !== url) load(window, url);
}

/** A page that is led elsewhere before it has loaded has not failed. */
function load(window: BrowserWindow, url: string): void {
  void window.loadURL(url).catch(() => {});
}

function lockIn(window: BrowserWindow, pageUrl: string): void {
  window.webContents.setWindowOpenHandler(() => ({ action: "deny" }));
  window.webContents.on("will-navigate", (event) => {
    // The console may be loaded anew, and nothing else.
    if (event.url.replace(/#.*/s, "") !== pageUrl) event.preventDefault();
  });
  window.webContents.on("will-redirect", (event) => event.preventDefault());
  window.webContents.on("will-attach-webview", (event) => event.preventDefault());
}

/** How long the page that tells of a crash stands before the console is loaded anew. */
const crashPageMs = 4_000;

/** Puts a page in the place of one that crashed or hangs, and the console back in its place. */
function watchCrashes(window: BrowserWindow, { pageUrl, clock, onCrash }: WindowOptions): void {
  const { webContents } = window;
  const crashes = new CrashCount();
  const crashPage = new URL("crash.html", pageUrl).href;
  let hangs = false;
  // What hangs is ended, as nobody can reach it; what it showed is in the core.
  window.on("unresponsive", () => {
    hangs = true;
    webContents.forcefullyCrashRenderer();
  });
  webContents.on("render-process-gone", (_event, details) => {
    if (details.reason === "clean-exit" || window.isDestroyed()) return;
    onCrash(details);
    const { hash } = new URL(webContents.getURL());
    // A page without anything in it that crashes, too, would only crash again.
    if (webContents.getURL().startsWith(crashPage)) return;
    const why = hangs ? "hung" : details.reason === "oom" ? "memory" : "crashed";
    hangs = false;
    const next = crashes.note(clock.now());
    // Not inside the event, as the old process is still being taken down.
    clock.schedule(0, () => {
      if (!window.isDestroyed()) load(window, `${crashPage}?why=${why}&next=${next}${hash}`);
    });
    if (next === "wait") return;
    clock.schedule(crashPageMs, () => {
      const isThere = !window.isDestroyed() && webContents.getURL().startsWith(crashPage);
      if (isThere) load(window, pageUrl + hash);
    });
  });
}

/** Opens a web address in the person's browser, after they have seen it whole. Anything but http(s) is refused. */
export async function openLink(window: BrowserWindow | undefined, address: string): Promise<boolean> {
  if (!URL.canParse(address)) return false;
  const url = new URL(address);
  if (url.protocol !== "http:" && url.protocol !== "https:") return false;
  const question = {
    type: "question" as const,
    message: "Open this address in your browser?",
    detail: url.href,
    buttons: ["Open", "Cancel"],
    defaultId: 1,
    cancelId: 1,
  };
  const { response } = await (window ? dialog.showMessageBox(window, question) : dialog.showMessageBox(question));
  if (response !== 0) return false;
  await shell.openExternal(url.href);
  return true;
}

/** Lets the person choose one configuration file of another client; `null` where none was chosen. */
export async function chooseFile(window: BrowserWindow | undefined): Promise<{ path: string } | null> {
  const options = {
    title: "Import servers",
    message: "Choose a client's configuration file",
    // Clients keep theirs in folders that begin with a dot.
    properties: ["openFile" as const, "showHiddenFiles" as const],
    filters: [
      { name: "Configuration", extensions: ["json", "jsonc"] },
      { name: "All files", extensions: ["*"] },
    ],
  };
  const { filePaths } = await (window ? dialog.showOpenDialog(window, options) : dialog.showOpenDialog(options));
  return filePaths[0] === undefined ? null : { path: filePaths[0] };
}

/** Asks the person where a new file goes; `null` where they do not say. @param name what it is called unless they say otherwise */
export async function nameFile(window: BrowserWindow | undefined, name: string): Promise<string | null> {
  const options = { defaultPath: join(app.getPath("documents"), name) };
  const { canceled, filePath } = await (window
    ? dialog.showSaveDialog(window, options)
    : dialog.showSaveDialog(options));
  return canceled ? null : filePath;
}
