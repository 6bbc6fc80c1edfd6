/** What Switchgear shows outside its window: the tray, the count on its icon, notifications. */
import { app, BrowserWindow, Menu, nativeImage, Notification, Tray, type NativeImage } from "electron";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { NotificationState } from "../shared/desktop.ts";
import type { AppStatus } from "../shared/status.ts";
import type { DesktopNotice, NoticeAction } from "./desktop/ticket-notices.ts";
import { trayFace, type TrayFace } from "./desktop/tray-face.ts";

export type TrayOrders = {
  /** Brings the window to the front, at this address of the page where one is given. */
  open: (route?: string) => void;
  turnMcp: (on: boolean) => void;
  quit: () => void;
};

/** The icon beside the clock: which circuits are not closed, who waits, and the master switch. */
export class StatusTray {
  #folder: string;
  #orders: TrayOrders;
  #tray: Tray;
  #shown = "";

  /** @param folder the pictures. @throws Error on a desktop that has no tray and says so */
  constructor(folder: string, status: AppStatus, orders: TrayOrders) {
    this.#folder = folder;
    this.#orders = orders;
    this.#tray = new Tray(this.#picture(trayFace(status)));
    // A menu that opens on a click leaves none for this.
    this.#tray.on("click", () => orders.open());
    this.show(status);
  }

  show(status: AppStatus): void {
    const face = trayFace(status);
    const shown = JSON.stringify(face);
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#tray.setImage(this.#picture(face));
    this.#tray.setToolTip(face.tooltip);
    this.#tray.setContextMenu(this.#menu(face));
  }

  #menu({ waiting, circuits, circuitsRoute, turn }: TrayFace): Menu {
    const { open, turnMcp, quit } = this.#orders;
    return Menu.buildFromTemplate([
      { label: "Open Switchgear", click: () => open() },
      { type: "separator" },
      { label: waiting, click: () => open("/approvals") },
      { label: circuits, click: () => open(circuitsRoute) },
      { type: "separator" },
      {
        label: turn ?? "MAGSAG_MCP_ENABLED governs MCP",
        enabled: turn !== null,
        click: () => turnMcp(turn === "Turn MCP on"),
      },
      { type: "separator" },
      { label: "Quit Switchgear", click: () => quit() },
    ]);
  }

  /** A menu bar wants one colour, its own; a panel scales the picture that it is given; Windows takes the one that fits. */
  #picture({ picture }: TrayFace): NativeImage {
    const read = (name: string) => readFileSync(join(this.#folder, `${name}.png`));
    if (process.platform === "linux") return nativeImage.createFromBuffer(read(`colour-${picture}-48`));
    const [kind, side] = process.platform === "darwin" ? ["template", 18] : ["colour", 16];
    const image = nativeImage.createFromBuffer(read(`${kind}-${picture}-${side}`));
    image.addRepresentation({ scaleFactor: 2, buffer: read(`${kind}-${picture}-${side * 2}`) });
    image.setTemplateImage(kind === "template");
    return image;
  }
}

/** Shows how many calls wait on the application's icon in the dock or the taskbar. */
export function showCount(count: number, folder: string): void {
  if (process.platform !== "win32") {
    app.setBadgeCount(count);
    return;
  }
  const dot = count > 0 ? nativeImage.createFromPath(join(folder, "colour-closed-waiting-16.png")) : null;
  for (const window of BrowserWindow.getAllWindows())
    window.setOverlayIcon(dot, count > 0 ? `${count} calls wait for you` : "");
}

/** Whether notifications have buttons here. */
export const offersActions = process.platform === "darwin";

const buttons: Record<NoticeAction, string> = { approve: "Approve", deny: "Deny" };

/** What the desktop says of itself before it is asked to show anything. */
export function notificationsAtFirst(): NotificationState {
  return Notification.isSupported()
    ? { state: "offered" }
    : { state: "refused", reason: "There is no notification service on this desktop." };
}

/** Notifications, and whether the desktop shows them. */
export class Notifier {
  /** Told after each one, when the desktop has said whether it showed it. */
  onState: (state: NotificationState) => void = () => {};
  /** Held, as what nobody holds is collected, and its click with it. */
  #live = new Set<Notification>();

  /** @returns what takes it away again; `null` where the desktop offers none */
  show({ title, text, actions, onClick, onAction }: DesktopNotice): Disposable | null {
    const atFirst = notificationsAtFirst();
    if (atFirst.state === "refused") {
      this.onState(atFirst);
      return null;
    }
    const notification = new Notification({
      title,
      // Some desktops read mark-up in the text, and names come from servers and clients.
      body: text.replaceAll("<", "‹").replaceAll("&", "＆"),
      actions: actions.map((action) => ({ type: "button", text: buttons[action] })),
    });
    this.#live.add(notification);
    const drop = () => void this.#live.delete(notification);
    notification.on("show", () => this.onState({ state: "offered" }));
    notification.on("failed", (_event, reason) => {
      drop();
      this.onState({ state: "refused", reason });
    });
    notification.on("close", drop);
    notification.on("click", onClick);
    notification.on("action", (_event, index) => {
      const action = actions[index];
      if (action) onAction(action);
    });
    notification.show();
    return {
      [Symbol.dispose]: () => {
        drop();
        notification.close();
      },
    };
  }
}
