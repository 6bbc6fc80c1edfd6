import { InvalidArgumentError } from "commander";
import { grantScopeSchema, type GrantScope } from "../../shared/grant.ts";
import { MCPClientError } from "../core/errors.ts";

/** The value of `--args`. @throws MCPClientError `bad_request` */
export function parseArguments(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw badArguments(`--args is not JSON: ${(error as Error).message}`);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw badArguments("--args is not a JSON object.");
  }
  return value as Record<string, unknown>;
}

/** The value of `--args` of a prompt, whose arguments are text. @throws MCPClientError `bad_request` */
export function parsePromptArguments(text: string): Record<string, string> {
  const args = parseArguments(text);
  const other = Object.keys(args).find((name) => typeof args[name] !== "string");
  if (other === undefined) return args as Record<string, string>;
  throw badArguments(`The argument ${JSON.stringify(other)} is not text, as those of a prompt are.`);
}

function badArguments(message: string): MCPClientError {
  return new MCPClientError("bad_request", message, { hint: `Write it like --args '{"message":"hello"}'.` });
}

/** A positive number of seconds, as milliseconds. @throws InvalidArgumentError */
export function parseSeconds(text: string): number {
  const seconds = Number(text);
  if (text.trim() === "" || !Number.isFinite(seconds) || seconds <= 0) {
    throw new InvalidArgumentError("It takes a positive number of seconds.");
  }
  return seconds * 1000;
}

/** A port to listen on; 0 takes any free one. @throws InvalidArgumentError */
export function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new InvalidArgumentError("It takes a port, 0 to 65535.");
  return port;
}

/** Days, as commander hands them in. @throws InvalidArgumentError */
export function parseDays(text: string): number {
  const days = Number(text);
  if (text.trim() === "" || !Number.isFinite(days) || days <= 0) {
    throw new InvalidArgumentError("It takes a positive number of days.");
  }
  return days;
}

/** `15m`, `session` or `always`. @throws InvalidArgumentError */
export function parseGrant(text: string): GrantScope {
  const minutes = /^(\d+(?:\.\d+)?)m$/.exec(text)?.[1];
  const scope = minutes === undefined ? { kind: text } : { kind: "time", minutes: Number(minutes) };
  const parsed = grantScopeSchema.safeParse(scope);
  if (parsed.success) return parsed.data;
  throw new InvalidArgumentError("It takes minutes, 1440m at most, or `session`, or `always`.");
}

/** Whole minutes. @throws InvalidArgumentError */
export function parseMinutes(text: string): number {
  const minutes = Number(text);
  if (!/^\d+$/.test(text) || minutes < 1 || minutes > 10_080) {
    throw new InvalidArgumentError("It takes minutes, 1 to 10080, which is a week.");
  }
  return minutes;
}
