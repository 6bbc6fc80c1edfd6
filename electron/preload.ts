import { contextBridge, ipcRenderer, type IpcRendererEvent } from "electron";
import { callChannel, eventChannel } from "../shared/channels.ts";
import type { Bridge, EventMessage } from "../shared/contract.ts";

const bridge: Bridge = {
  invoke: (name, input) => ipcRenderer.invoke(callChannel, name, input),
  subscribe: (listener) => {
    const hear = (_event: IpcRendererEvent, events: EventMessage[]) => listener(events);
    ipcRenderer.on(eventChannel, hear);
    return () => void ipcRenderer.off(eventChannel, hear);
  },
};

contextBridge.exposeInMainWorld("switchgear", bridge);
