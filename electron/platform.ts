import { app, powerMonitor, safeStorage } from "electron";
import { existsSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { createSystemClock } from "./core/clock.ts";
import { defaultPaths } from "./core/default-paths.ts";
import type { Keychain, Logger, Notify, Ports } from "./core/ports.ts";
import { autostartEntry, backgroundFlag, type LoginItem } from "./desktop/login-item.ts";
import { feedAddress, feedVariable, type UpdateFeed } from "./desktop/updates.ts";
import { startFaultLab } from "./fault-lab/start.ts";

/** Value of `--name VALUE` or `--name=VALUE` on the command line. */
function option(name: string): string | undefined {
  const flag = `--${name}`;
  const index = process.argv.findIndex((argument) => argument === flag || argument.startsWith(`${flag}=`));
  const argument = process.argv[index];
  return argument === flag ? process.argv[index + 1] : argument?.slice(flag.length + 1);
}

/** Electron's side of the core's paths; its own caches go below the data folder. */
export function electronPaths(): Ports["paths"] {
  const paths = defaultPaths(app.getAppPath(), process.env, option("catalog"));
  app.setPath("userData", join(paths.data, "window"));
  return paths;
}

/** Electron's side of what the core asks of the outside. */
export function electronPorts(paths: Ports["paths"], logger: Logger, notify: Notify): Ports {
  return {
    clock: createSystemClock(),
    logger,
    paths,
    // A copy: each look into the process's own costs far more.
    env: { ...process.env },
    keychain: electronKeychain(),
    nodeRuntime: { command: process.execPath, env: { ELECTRON_RUN_AS_NODE: "1" } },
    notify,
    startFaultLab,
    version: app.getVersion(),
    runtime: `Electron ${process.versions.electron}`,
  };
}

/** The system's keychain by way of Electron, once the application is ready. */
function electronKeychain(): Keychain {
  return {
    obstacle: async () => {
      await app.whenReady();
      // Where there is no keyring, Electron would seal with a password that anybody can read in its source.
      if (process.platform === "linux" && safeStorage.getSelectedStorageBackend() === "basic_text") {
        return {
          reason: "This desktop offers no keyring, so a secret would be sealed with a password that everybody knows.",
          hint: "Start a keyring (GNOME Keyring or KWallet) and open Switchgear again.",
        };
      }
      if (await isEncryptionAvailable()) return null;
      return { reason: "The system's keychain is locked, or not there.", hint: "Unlock it and try again." };
    },
    seal: (text) => safeStorage.encryptStringAsync(text),
    unseal: async (sealed) => (await safeStorage.decryptStringAsync(sealed)).result,
  };
}

/** Older runtimes do not know the question. */
async function isEncryptionAvailable(): Promise<boolean> {
  try {
    return await safeStorage.isAsyncEncryptionAvailable();
  } catch {
    return false;
  }
}

/** Calls back when the machine wakes up or is unlocked, as connections may have died in its sleep, and its keychain opened. */
export function onWake(callback: () => void): void {
  powerMonitor.on("resume", callback);
  powerMonitor.on("unlock-screen", callback);
}

/** What opens the application at login; `null` where it is not installed. */
export function electronLoginItem(): LoginItem | null {
  if (!app.isPackaged) return null;
  if (process.platform === "linux")
    return autostartEntry(process.env.APPIMAGE || process.execPath, process.env, homedir());
  const args = [backgroundFlag];
  return {
    isOn: () => app.getLoginItemSettings({ args }).openAtLogin,
    set: (on) => app.setLoginItemSettings({ openAtLogin: on, args }),
  };
}

/** Whether the system started the application at login, and no person did. */
export function startedAtLogin(): boolean {
  if (process.platform === "darwin") return app.getLoginItemSettings().wasOpenedAtLogin;
  return process.argv.includes(backgroundFlag);
}

/**
 * Where newer versions come from: the address that a variable names, or the feed that the package was built with; `null` where
 * there is neither.
 */
export async function electronUpdateFeed(data: string): Promise<UpdateFeed | null> {
  const address = feedAddress(process.env[feedVariable]);
  const builtIn = join(process.resourcesPath, "app-update.yml");
  if (address === null && !(app.isPackaged && existsSync(builtIn))) return null;
  const { autoUpdater } = (await import("electron-updater")).default;
  if (address !== null) {
    const file = join(data, "update-feed.yml");
    const feed = { provider: "generic", url: address, updaterCacheDirName: "switchgear-updater" };
    writeFileSync(file, JSON.stringify(feed), { mode: 0o600 });
    autoUpdater.updateConfigPath = file;
    autoUpdater.forceDevUpdateConfig = true;
  }
  Object.assign(autoUpdater, { autoDownload: false, autoInstallOnAppQuit: false, logger: null });
  // What it rejects with is told there.
  autoUpdater.on("error", () => {});
  return {
    check: async () => {
      const result = await autoUpdater.checkForUpdates();
      return result?.isUpdateAvailable ? result.updateInfo.version : null;
    },
    download: async (onProgress) => {
      const hear = ({ percent }: { percent: number }) => onProgress(percent);
      autoUpdater.on("download-progress", hear);
      try {
        await autoUpdater.downloadUpdate();
      } finally {
        autoUpdater.off("download-progress", hear);
      }
    },
    install: () => autoUpdater.quitAndInstall(),
  };
}
