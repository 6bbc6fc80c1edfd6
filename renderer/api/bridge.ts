import type { Bridge } from "../../shared/contract.ts";

declare global {
  interface Window {
    /** Put there by the preload, before any script of the page runs. */
    readonly switchgear?: Bridge;
  }
}

/**
 * The way to the core.
 * @throws Error where the page was opened without one, as in a plain browser tab.
 */
export function getBridge(): Bridge {
  if (!window.switchgear) {
    throw new Error("This page has no connection to Switchgear. Open it from the app: run `npm start`.");
  }
  return window.switchgear;
}
