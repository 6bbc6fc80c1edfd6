/** Whether an argument is what a rule asks for, with a third answer for what cannot be judged. */

import type { ArgumentMatcher, Operators, Scalar } from "../../../shared/policy.ts";
import { matchesPath, parseGlob } from "./glob.ts";
import { isUnresolved, uriGlob, uriScheme } from "./uri-glob.ts";

export type Judgement = "holds" | "fails" | "indeterminate";

/** Judges an argument's value; `undefined` is an argument that is missing. */
export type Judge = (value: unknown) => Judgement;

export function compileMatcher(matcher: ArgumentMatcher): Judge {
  if (Array.isArray(matcher)) return anyOf(matcher.map(compileMatcher));
  if (typeof matcher === "string") return glob(matcher);
  if (typeof matcher === "object" && matcher !== null) return operators(matcher);
  return equalTo(matcher);
}

/** Of several that must all hold, one that fails settles it. */
export function allHold(judgements: readonly Judgement[]): Judgement {
  if (judgements.includes("fails")) return "fails";
  return judgements.includes("indeterminate") ? "indeterminate" : "holds";
}

/** Of several of which one must hold, one that holds settles it. */
function anyOf(judges: readonly Judge[]): Judge {
  return (value) => {
    const judgements = judges.map((judge) => judge(value));
    if (judgements.includes("holds")) return "holds";
    return judgements.includes("indeterminate") ? "indeterminate" : "fails";
  };
}

function not(judge: Judge): Judge {
  const opposite = { holds: "fails", fails: "holds", indeterminate: "indeterminate" } as const;
  return (value) => opposite[judge(value)];
}

function operators(given: Operators): Judge {
  const judges = (Object.keys(given) as OperatorName[]).map((name) =>
    operator(name, given[name] as Operand<typeof name>),
  );
  return (value) => allHold(judges.map((judge) => judge(value)));
}

type OperatorName = keyof Operators;
type Operand<Name extends OperatorName> = Exclude<Operators[Name], undefined>;

function operator<Name extends OperatorName>(name: Name, operand: Operand<Name>): Judge {
  return operatorTable[name](operand);
}

const operatorTable: { readonly [Name in OperatorName]: (operand: Operand<Name>) => Judge } = {
  equals: equalTo,
  not_equals: (operand) => not(equalTo(operand)),
  one_of: (operands) => anyOf(operands.map(equalTo)),
  not_one_of: (operands) => not(anyOf(operands.map(equalTo))),
  less_than: (bound) => ifNumber((value) => value < bound),
  less_than_or_equal: (bound) => ifNumber((value) => value <= bound),
  greater_than: (bound) => ifNumber((value) => value > bound),
  greater_than_or_equal: (bound) => ifNumber((value) => value >= bound),
  pattern: glob,
  starts_with: (part) => ifString((value) => value.startsWith(part)),
  ends_with: (part) => ifString((value) => value.endsWith(part)),
  contains: (part) => ifString((value) => value.includes(part)),
  exists: (wanted) => (value) => verdict((value !== undefined) === wanted),
};

/** A value of another type may be read as this one by the tool, so it cannot be judged; whether it is `null` always can. */
function equalTo(operand: Scalar): Judge {
  if (operand === null) return (value) => (value === undefined ? "indeterminate" : verdict(value === null));
  const judges = { string: ifString, number: ifNumber, boolean: ifBoolean };
  const judge = judges[typeof operand as keyof typeof judges];
  return judge((value: Scalar) => value === operand);
}

function glob(pattern: string): Judge {
  const scheme = uriScheme(pattern);
  if (scheme !== null) return ifString(uriGlob(pattern, scheme));
  const tokens = parseGlob(pattern);
  const hasSegments = pattern.includes("/");
  return ifString((value) => (hasSegments && isUnresolved(value) ? "indeterminate" : matchesPath(tokens, value)));
}

function ifString(test: (value: string) => boolean | "indeterminate"): Judge {
  return (value) => (typeof value === "string" ? verdict(test(value)) : "indeterminate");
}

function ifNumber(test: (value: number) => boolean): Judge {
  return (value) => (Number.isFinite(value) ? verdict(test(value as number)) : "indeterminate");
}

function ifBoolean(test: (value: boolean) => boolean): Judge {
  return (value) => (typeof value === "boolean" ? verdict(test(value)) : "indeterminate");
}

function verdict(answer: boolean | "indeterminate"): Judgement {
  if (answer === "indeterminate") return answer;
  return answer ? "holds" : "fails";
}
