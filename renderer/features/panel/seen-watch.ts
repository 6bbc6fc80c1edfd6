/** Tells each module once that it has come near what can be seen; until then it need not be drawn. */
import { createContext, use, useEffect, useRef, useState, type RefObject } from "react";

/** How far below the edge a module counts as near. */
const nearness = "600px 0px";

export class SeenWatch {
  #observer: IntersectionObserver | undefined;
  #listeners = new Map<Element, () => void>();

  /** @returns a function that ends it. */
  watch(element: Element, onSeen: () => void): () => void {
    this.#observer ??= new IntersectionObserver((entries) => this.#heard(entries), {
      root: element.closest("main"),
      rootMargin: nearness,
    });
    this.#listeners.set(element, onSeen);
    this.#observer.observe(element);
    return () => this.#end(element);
  }

  #heard(entries: readonly IntersectionObserverEntry[]): void {
    for (const { target, isIntersecting } of entries) {
      if (!isIntersecting) continue;
      this.#listeners.get(target)?.();
      this.#end(target);
    }
  }

  #end(element: Element): void {
    this.#listeners.delete(element);
    this.#observer?.unobserve(element);
    if (this.#listeners.size > 0) return;
    // What is scrolled may be another element next time.
    this.#observer?.disconnect();
    this.#observer = undefined;
  }
}

export const SeenWatchContext = createContext<SeenWatch | null>(null);

/** Whether the element has come near. @param fromTheStart it is drawn at once. */
export function useSeen(fromTheStart: boolean): [ref: RefObject<HTMLElement | null>, isSeen: boolean] {
  const watch = use(SeenWatchContext);
  if (!watch) throw new Error("useSeen needs a SeenWatchContext above it.");
  const ref = useRef<HTMLElement>(null);
  const [isSeen, setSeen] = useState(fromTheStart);
  useEffect(() => {
    if (isSeen || !ref.current) return;
    return watch.watch(ref.current, () => setSeen(true));
  }, [watch, isSeen]);
  return [ref, isSeen];
}
