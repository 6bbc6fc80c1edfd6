import { useLayoutEffect, useState, type RefObject } from "react";

/** How wide the columns of a laid out row are, as a grid's template in pixels. */
export function useColumnWidths(row: RefObject<HTMLDivElement | null>): string | undefined {
  const [widths, setWidths] = useState<string>();
  useLayoutEffect(() => {
    const element = row.current;
    if (!element) return;
    const measure = () => setWidths(getComputedStyle(element).gridTemplateColumns);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [row]);
  return widths;
}
