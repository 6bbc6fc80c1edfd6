import {
  IconAlertTriangle,
  IconBan,
  IconCheck,
  IconCircleCheck,
  IconCircleX,
  IconHourglass,
  IconLoader2,
  IconMinus,
  IconUserQuestion,
  type Icon,
} from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { CircuitKind } from "../../shared/circuit.ts";
import type { Invocation, InvocationOutcome } from "../../shared/invocation.ts";
import type { PermissionLevel } from "../../shared/policy.ts";
import { CircuitGlyph } from "./circuit-glyph.tsx";
import classes from "./badges.module.css";
import { outcomeWords, type Tone } from "./outcome-words.ts";

function Mark({ tone, icon, title, children }: { tone: Tone; icon: ReactNode; title?: string; children: ReactNode }) {
  return (
    <span className={classes.badge} data-tone={tone} title={title}>
      {icon}
      {children}
    </span>
  );
}

export const circuitWords: Record<CircuitKind, { label: string; tone: Tone; meaning: string }> = {
  closed: { label: "Closed", tone: "good", meaning: "Calls go through." },
  "half-open": { label: "Half-open", tone: "warn", meaning: "A few calls are let through as probes." },
  open: { label: "Open", tone: "bad", meaning: "Calls fail at once until the circuit is probed." },
};

/** A circuit's state: shape, word and colour. */
export function StateBadge({ kind }: { kind: CircuitKind }) {
  const { label, tone, meaning } = circuitWords[kind];
  return (
    <Mark tone={tone} icon={<CircuitGlyph kind={kind} size={14} />} title={meaning}>
      {label}
    </Mark>
  );
}

const toneIcons: Record<Tone, Icon> = {
  good: IconCircleCheck,
  warn: IconAlertTriangle,
  bad: IconCircleX,
  neutral: IconMinus,
};
const phaseWords: Record<Invocation["phase"], { label: string; icon: Icon }> = {
  deciding: { label: "Deciding", icon: IconLoader2 },
  waiting: { label: "Waiting for you", icon: IconHourglass },
  running: { label: "Running", icon: IconLoader2 },
  done: { label: "Done", icon: IconMinus },
};

/** How a call ended; while it has not, where it stands, if `phase` says. */
export function OutcomeBadge({ outcome, phase = "running" }: OutcomeBadgeProps) {
  if (outcome === null) {
    const { label, icon: PhaseIcon } = phaseWords[phase];
    return (
      <Mark tone="neutral" icon={<PhaseIcon size={14} aria-hidden />}>
        {label}
      </Mark>
    );
  }
  const { label, tone, meaning } = outcomeWords[outcome];
  const ToneIcon = toneIcons[tone];
  return (
    <Mark tone={tone} icon={<ToneIcon size={14} aria-hidden />} title={meaning}>
      {label}
    </Mark>
  );
}
type OutcomeBadgeProps = { outcome: InvocationOutcome | null; phase?: Invocation["phase"] };

export const levelWords: Record<PermissionLevel, { label: string; short: string; meaning: string }> = {
  ALWAYS: { label: "Always", short: "Always", meaning: "It runs without asking." },
  REQUIRE_APPROVAL: { label: "Needs approval", short: "Asks", meaning: "A person decides." },
  NEVER: { label: "Never", short: "Never", meaning: "It is refused." },
};
const levelIcons: Record<PermissionLevel, Icon> = {
  ALWAYS: IconCheck,
  REQUIRE_APPROVAL: IconUserQuestion,
  NEVER: IconBan,
};

type LevelBadgeProps = {
  /** `null` while the policy file is invalid: everything is refused. */
  level: PermissionLevel | null;
  /** In one word, where many stand below each other. */
  short?: boolean;
};

/** What the policy says of a call. */
export function LevelBadge({ level, short = false }: LevelBadgeProps) {
  if (level === null) {
    return (
      <Mark tone="neutral" icon={<IconBan size={14} aria-hidden />} title="The policy file is invalid: it is refused.">
        Refused
      </Mark>
    );
  }
  const LevelIcon = levelIcons[level];
  return (
    <span className={classes.badge} data-level={level} title={levelWords[level].meaning}>
      <LevelIcon size={14} aria-hidden />
      {short ? levelWords[level].short : levelWords[level].label}
    </span>
  );
}
