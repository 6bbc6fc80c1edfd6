import type { DesktopView, NotificationState, StartAtLogin } from "../../shared/desktop.ts";
import { MCPClientError } from "../core/errors.ts";
import type { CoreEvents } from "../core/events.ts";
import type { LoginItem } from "./login-item.ts";
import { Updates, type UpdatesDeps } from "./updates.ts";

export type DesktopBoardDeps = Omit<UpdatesDeps, "onChange"> & {
  events: CoreEvents;
  loginItem: LoginItem | null;
  notifications: NotificationState;
};

/** What a window is told of the desktop around it. */
export class DesktopBoard {
  #events: CoreEvents;
  #loginItem: LoginItem | null;
  #notifications: NotificationState;
  readonly updates: Updates;

  /** @param loginItem `null` where the application is not installed */
  constructor({ events, loginItem, notifications, ...deps }: DesktopBoardDeps) {
    this.#events = events;
    this.#loginItem = loginItem;
    this.#notifications = notifications;
    this.updates = new Updates({ ...deps, onChange: () => this.#tell() });
  }

  view(): DesktopView {
    const updates = this.updates.state();
    return { kind: "desktop", startAtLogin: this.#startAtLogin(), notifications: this.#notifications, updates };
  }

  /** @throws MCPClientError `config_invalid` where the system does not take it */
  startAtLogin(on: boolean): DesktopView {
    try {
      this.#loginItem?.set(on);
    } catch (cause) {
      const message = "The system does not take it: whether Switchgear opens at login was not changed.";
      throw new MCPClientError("config_invalid", message, { hint: (cause as Error).message, cause });
    }
    this.#tell();
    return this.view();
  }

  notificationsAre(state: NotificationState): void {
    if (state.state === this.#notifications.state) return;
    this.#notifications = state;
    this.#tell();
  }

  #startAtLogin(): StartAtLogin {
    if (!this.#loginItem)
      return { state: "unavailable", reason: "Only an installed Switchgear can be opened at login." };
    return { state: this.#loginItem.isOn() ? "on" : "off" };
  }

  #tell(): void {
    this.#events.emit("desktop.changed", this.view());
  }
}
