import { ipcMain } from "electron";
import { serveProcedures, type RouterOptions } from "./router.ts";

/** Serves the contract to the console's windows. */
export function serveWindows(options: RouterOptions): Disposable {
  return serveProcedures(ipcMain, options);
}
