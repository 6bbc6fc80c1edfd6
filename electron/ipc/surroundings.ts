import type { Surroundings as SurroundingsView, DesktopView } from "../../shared/desktop.ts";
import type { Operator } from "../../shared/operator.ts";

/** A file that a person chose: one of this machine by its path, or one that came from elsewhere with its text. */
export type ChosenFile = { path: string } | { name: string; text: string };

/** What the handlers ask of what stands around a page: the desktop, or a browser somewhere. */
export type Surroundings = {
  /** How the person there is named in records. */
  operator: Operator;
  /** Opens a web address in the person's browser, after they have seen it whole. @returns whether they wanted it */
  openLink(url: string): Promise<boolean>;
  /** Opens an address of the core's own in the person's browser. */
  openBrowser(url: string): Promise<void>;
  revealFolder(path: string): Promise<void>;
  /**
   * Lets the person have a new file.
   * @param name what it is called unless they say otherwise
   * @param write makes it at a path
   * @returns what it is called, and what `write` returned; `null` where they think better of it
   */
  saveFile<T>(name: string, write: (path: string) => Promise<T>): Promise<{ file: string; written: T } | null>;
  /** Asks the person for a file; `null` where none was chosen. */
  chooseFile(): Promise<ChosenFile | null>;
  view(): SurroundingsView;
  /** @throws MCPClientError where the system does not take it */
  startAtLogin(on: boolean): DesktopView;
  updates: { check(): Promise<void>; download(): Promise<void>; install(): void };
  /** Masks the secrets in what a page is shown. */
  mask<T>(value: T): T;
};
