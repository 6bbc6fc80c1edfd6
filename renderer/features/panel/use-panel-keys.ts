import { useEffect, type RefObject } from "react";
import { useKeys } from "../../components/use-keys.ts";

/** What a key presses in the module that has the focus. */
const orders: Readonly<Record<string, string>> = { r: "reset", t: "trip", p: "probe", e: "switch", l: "log" };

/** Moves from module to module, and gives their orders, by single keys. */
export function usePanelKeys(box: RefObject<HTMLElement | null>): void {
  const focusFirst = () => modulesIn(box.current)[0]?.focus();
  useKeys({ j: focusFirst, k: focusFirst });

  useEffect(() => {
    const element = box.current;
    const onKeyDown = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      const module = target.closest<HTMLElement>("[data-server]");
      if (!module || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      if (!press(event.key, module, target) && !move(event.key, module, modulesIn(element))) return;
      event.preventDefault();
    };
    element?.addEventListener("keydown", onKeyDown);
    return () => element?.removeEventListener("keydown", onKeyDown);
  }, [box]);
}

function modulesIn(box: HTMLElement | null): HTMLElement[] {
  return [...(box?.querySelectorAll<HTMLElement>("[data-server]") ?? [])];
}

function press(key: string, module: HTMLElement, target: HTMLElement): boolean {
  // On a button of the module, Enter is the button's.
  const order = key === "Enter" && target === module ? "open" : orders[key];
  const button = order && module.querySelector<HTMLElement>(`[data-order="${order}"]`);
  if (!button) return false;
  button.click();
  return true;
}

function move(key: string, from: HTMLElement, all: readonly HTMLElement[]): boolean {
  const place = all.indexOf(from);
  const to = key === "Home" ? all[0] : key === "End" ? all.at(-1) : stepTo(key, place, all);
  to?.focus();
  to?.scrollIntoView({ block: "nearest" });
  return to !== undefined;
}

function stepTo(key: string, place: number, all: readonly HTMLElement[]): HTMLElement | undefined {
  if (key === "j" || key === "ArrowRight") return all[place + 1];
  if (key === "k" || key === "ArrowLeft") return all[place - 1];
  if (key === "ArrowDown") return beside(all[place], all.slice(place + 1), 1);
  if (key === "ArrowUp") return beside(all[place], all.slice(0, Math.max(0, place)).toReversed(), -1);
  return undefined;
}

/** The one of the next row that is most nearly below, or above. */
function beside(from: HTMLElement | undefined, others: readonly HTMLElement[], direction: 1 | -1) {
  if (!from) return undefined;
  const start = from.getBoundingClientRect();
  let best: { element: HTMLElement; top: number; away: number } | undefined;
  for (const element of others) {
    const { top, left } = element.getBoundingClientRect();
    if ((top - start.top) * direction < 1) continue;
    if (best && Math.abs(top - best.top) > 1) break;
    const away = Math.abs(left - start.left);
    if (!best || away < best.away) best = { element, top, away };
  }
  return best?.element;
}
