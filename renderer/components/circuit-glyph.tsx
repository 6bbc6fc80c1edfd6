import type { CircuitKind } from "../../shared/circuit.ts";

/** The blade's end in a 16-unit square, hinged at the left contact. */
const bladeEnd: Record<CircuitKind, { x: number; y: number }> = {
  closed: { x: 13, y: 8 },
  "half-open": { x: 12, y: 5 },
  open: { x: 9.5, y: 2.5 },
};

/** The switch symbol of a circuit diagram: two contacts and a blade. Decoration beside a word. */
export function CircuitGlyph({ kind, size = 16 }: { kind: CircuitKind; size?: number }) {
  const end = bladeEnd[kind];
  return (
    <svg width={size} height={size} viewBox="0 0 16 16" fill="none" stroke="currentColor" aria-hidden>
      <path d={`M3 8 L${end.x} ${end.y}`} strokeWidth="1.75" strokeLinecap="round" />
      <circle cx="3" cy="8" r="1.75" fill="currentColor" stroke="none" />
      <circle cx="13" cy="8" r="1.75" fill={kind === "closed" ? "currentColor" : "none"} strokeWidth="1.25" />
    </svg>
  );
}
