import type { PageAsk } from "../../shared/socket-frames.ts";
import { consolePath } from "../../shared/web-console.ts";
import type { BrowserPort } from "./socket-link.ts";

/** By origin, and so by port: other pages of this host cannot read it. */
export const keyName = "switchgear.session";
/** Bytes of a file that is read for the core; what is sent is bounded there. */
const largestFile = 3_000_000;

/** The browser, as the link to the core needs it. */
export function createBrowserPort(): BrowserPort {
  const { host, protocol } = location;
  return {
    fragment: () => location.hash,
    replaceFragment: (fragment) => history.replaceState(null, "", fragment),
    key: {
      read: () => localStorage.getItem(keyName),
      write: (key) => (key === null ? localStorage.removeItem(keyName) : localStorage.setItem(keyName, key)),
    },
    get: (path) => ask(path, { cache: "no-store" }),
    post: (path, body) =>
      ask(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
    connect: (path) => new WebSocket(`${protocol === "https:" ? "wss" : "ws"}://${host}${consolePath}${path}`),
    perform,
    now: Date.now,
    schedule: (delayMs, callback) => {
      const timer = setTimeout(callback, delayMs);
      return () => clearTimeout(timer);
    },
  };
}

async function ask(path: string, init: RequestInit): Promise<unknown> {
  const answer = await fetch(consolePath + path, init);
  return answer.ok ? answer.json() : null;
}

async function perform(wanted: PageAsk): Promise<unknown> {
  switch (wanted.do) {
    case "open":
      return openAddress(wanted.url, wanted.confirm);
    case "choose":
      return chooseFile();
    case "download":
      follow({ href: consolePath + wanted.path, download: wanted.name });
      return true;
  }
}

function openAddress(url: string, confirm: boolean): boolean {
  if (confirm && !window.confirm(`Open this address in a new tab?\n\n${url}`)) return false;
  follow({ href: url, target: "_blank", rel: "noopener noreferrer" });
  return true;
}

function follow(attributes: Partial<HTMLAnchorElement>): void {
  Object.assign(document.createElement("a"), attributes).click();
}

function chooseFile(): Promise<{ name: string; text: string } | null> {
  const input = Object.assign(document.createElement("input"), { type: "file", accept: ".json,.jsonc,.toml,.yaml" });
  return new Promise((resolve, reject) => {
    input.addEventListener("cancel", () => resolve(null));
    input.addEventListener("change", () => {
      const file = input.files?.[0];
      if (file) readText(file).then(resolve, reject);
      else resolve(null);
    });
    input.click();
  });
}

async function readText(file: File): Promise<{ name: string; text: string }> {
  if (file.size > largestFile) throw new Error(`${file.name} is larger than 3 MB.`);
  try {
    return { name: file.name, text: new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer()) };
  } catch {
    throw new Error(`${file.name} is not UTF-8 text.`);
  }
}
