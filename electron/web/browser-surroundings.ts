import { sentFileSchema } from "../../shared/socket-frames.ts";
import { MCPClientError } from "../core/errors.ts";
import type { Surroundings } from "../ipc/surroundings.ts";
import type { BrowserSession } from "./browser-sessions.ts";
import type { Downloads } from "./downloads.ts";
import type { PageAsks } from "./page-asks.ts";

export type BrowserSurroundingsDeps = {
  asks: PageAsks;
  downloads: Downloads;
  session: BrowserSession;
  idleMinutes: number;
  mask: <T>(value: T) => T;
};

/** A browser in the place of the desktop: it opens links, and takes and gives files, by its own means; the rest it has not. */
export function browserSurroundings(deps: BrowserSurroundingsDeps): Surroundings {
  const { asks, downloads, session, idleMinutes, mask } = deps;
  return {
    operator: "browser",
    openLink: async (url) => isWebAddress(url) && (await asks.ask({ do: "open", url, confirm: true })) === true,
    openBrowser: async (url) => void (await asks.ask({ do: "open", url, confirm: false })),
    revealFolder: (path) => {
      throw notHere(`The folder is on the machine where Switchgear runs: ${path}`);
    },
    saveFile: async (name, write) => {
      const path = await downloads.place();
      try {
        const written = await write(path);
        const id = downloads.offer(path, name, session);
        await asks.ask({ do: "download", path: `downloads/${id}`, name });
        return { file: name, written };
      } catch (error) {
        downloads.withdraw(path);
        throw error;
      }
    },
    chooseFile: async () => {
      const chosen = await asks.ask({ do: "choose" });
      return chosen === null ? null : sentFileSchema.parse(chosen);
    },
    view: () => ({ kind: "browser", idleMinutes }),
    startAtLogin: () => {
      throw notHere("A browser has no desktop to start Switchgear on.");
    },
    updates: { check: noUpdates, download: noUpdates, install: noUpdates },
    mask,
  };
}

function isWebAddress(url: string): boolean {
  return URL.canParse(url) && ["http:", "https:"].includes(new URL(url).protocol);
}

function noUpdates(): never {
  throw notHere("A browser cannot update the Switchgear that it is served by.");
}

function notHere(message: string): MCPClientError {
  return new MCPClientError("bad_request", message, { hint: "Do that where Switchgear runs." });
}
