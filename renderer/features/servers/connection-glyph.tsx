import type { ConnectionShape } from "./connection-words.ts";

/** Decoration beside the words. */
export function ConnectionGlyph({ shape }: { shape: ConnectionShape }) {
  return (
    <svg width="10" height="10" viewBox="0 0 10 10" fill="none" stroke="currentColor" strokeWidth="1.5" aria-hidden>
      {shape === "bars" ? (
        <path d="M3 1.5 V8.5 M7 1.5 V8.5" strokeWidth="2" strokeLinecap="round" />
      ) : (
        <circle cx="5" cy="5" r="3.75" fill={shape === "full" ? "currentColor" : "none"} />
      )}
      {shape === "half" && <path d="M5 1.25 A3.75 3.75 0 0 1 5 8.75 Z" fill="currentColor" stroke="none" />}
    </svg>
  );
}
