import { loginFragment } from "../../shared/web-console.ts";
import { createBrowserPort, keyName } from "./browser-port.ts";
import { ipcLink } from "./ipc-link.ts";
import type { Link } from "./link.ts";
import { SocketLink } from "./socket-link.ts";

/** The way to the core: the bridge that the application put there, or else a WebSocket to where the page came from. */
export function openLink(): Link {
  if (window.switchgear) return ipcLink(window.switchgear);
  const link = new SocketLink(createBrowserPort());
  Object.defineProperty(window, "switchgear", { value: link.bridge });
  for (const sign of ["keydown", "pointerdown", "pointermove", "wheel"]) {
    window.addEventListener(sign, () => link.here(), { capture: true, passive: true });
  }
  window.addEventListener("online", link.retry);
  document.addEventListener("visibilitychange", link.retry);
  window.addEventListener("storage", ({ key, newValue }) => {
    if (key === keyName && newValue !== null) link.loggedInElsewhere();
  });
  // An address to log in by that was opened where the page is already does not load it.
  window.addEventListener("hashchange", () => {
    if (location.hash.startsWith(loginFragment)) location.reload();
  });
  void link.start();
  return link;
}
