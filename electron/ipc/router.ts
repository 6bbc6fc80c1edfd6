import type { IpcMain, IpcMainInvokeEvent } from "electron";
import { callChannel } from "../../shared/channels.ts";
import { refused, runProcedure, type ProcedureParts } from "./run-procedure.ts";

export type RouterOptions = ProcedureParts & {
  /** Whether the frame that asks is a page of ours. */
  isTrustedSender: (event: IpcMainInvokeEvent) => boolean;
};

/** Serves the contract on the bridge: checks who asks, parses what is asked, and answers with a value however it ends. */
export function serveProcedures(ipcMain: IpcMain, options: RouterOptions): Disposable {
  ipcMain.handle(callChannel, (event, name: unknown, input: unknown) => {
    if (!options.isTrustedSender(event)) {
      options.logger.warn("A frame that is not the console's asked for a procedure.", { url: event.senderFrame?.url });
      return refused("This page may not talk to Switchgear.");
    }
    return runProcedure(options, name, input);
  });
  return { [Symbol.dispose]: () => ipcMain.removeHandler(callChannel) };
}
