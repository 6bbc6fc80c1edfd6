import type { SessionEnd } from "../../../shared/web-console.ts";

export type SessionWhy = SessionEnd | "refused";

/** Why nobody is logged in, in words. */
export function sessionWords(why: SessionWhy): { title: string; text: string } {
  switch (why) {
    case "logged-out":
      return { title: "Logged out", text: "This session is over, on every page of it." };
    case "idle":
      return {
        title: "Logged out, as nobody was here",
        text: "No key was pressed and no pointer moved on this page for the time that a session may be idle.",
      };
    case "stopped":
      return { title: "Switchgear was stopped", text: "Sessions end with the core. It may be running again by now." };
    case "refused":
      return {
        title: "This address does not log in any more",
        text: "Each address does so once, and within ten minutes. If it was not you who opened it before, look at Audit.",
      };
    case "unknown":
      return {
        title: "Log in to Switchgear",
        text: "This browser has no session here, or the core was started anew since it had one.",
      };
  }
}
