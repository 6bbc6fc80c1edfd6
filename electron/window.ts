import { BrowserWindow, dialog, type BrowserWindowConstructorOptions, protocol, session, shell } from "electron";
import { readFile } from "node:fs/promises";
import { extname, join, normalize, sep } from "node:path";

/** The console's only origin. */
export const appOrigin = "app://console";

const contentTypes: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".woff": "font/woff",
  ".woff2": "font/woff2",
  ".map": "application/json",
};

/** Mantine sets element styles, so styles may be inline; scripts may not, and nothing is evaluated or fetched from elsewhere. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self'",
  "img-src 'self' data:",
  "media-src data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

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
        headers: {
          "content-type": contentTypes[extname(file)] ?? "application/octet-stream",
          "content-security-policy": contentSecurityPolicy,
          "x-content-type-options": "nosniff",
        },
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
  /** The picture that Linux shows for the window; elsewhere it is the application's own. */
  icon: string;
  dark: boolean;
};

/** Opens the console's window: isolated, sandboxed, locked to its own page. */
export function openWindow({ preload, pageUrl, icon, dark }: WindowOptions): BrowserWindow {
  const options: BrowserWindowConstructorOptions = {
    title: "Switchgear",
    width: 1280,
    height: 800,
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
  const window = new BrowserWindow(options);
  window.once("ready-to-show", () => window.show());
  window.webContents.setWindowOpenHandler(() => ({ action: "deny" }));
  window.webContents.on("will-navigate", (event) => {
    // The page may load itself anew, and nothing else.
    if (event.url !== window.webContents.getURL()) event.preventDefault();
  });
  window.webContents.on("will-redirect", (event) => event.preventDefault());
  window.webContents.on("will-attach-webview", (event) => event.preventDefault());
  void window.loadURL(pageUrl);
  return window;
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
export async function chooseFile(window: BrowserWindow | undefined): Promise<string | null> {
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
  return filePaths[0] ?? null;
}
