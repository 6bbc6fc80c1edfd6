import type { Bridge } from "../../shared/contract.ts";
import type { Link } from "./link.ts";

const open = { state: "open" } as const;

/** The application's own bridge, which is there for as long as the page is. */
export function ipcLink(bridge: Bridge): Link {
  return { bridge, state: () => open, watch: () => () => {}, retry: () => {}, stay: () => {}, logOut: null };
}
