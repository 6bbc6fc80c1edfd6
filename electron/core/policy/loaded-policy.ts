/** The policy file made ready to decide: indexed, its globs read, each rule with its line and its words for the trace. */

import type { PermissionLevel, PolicyFile } from "../../../shared/policy.ts";
import type { SourcePath } from "../yaml/yaml-source.ts";
import { ContextRule } from "./context-rule.ts";
import { parseGlob, type GlobTokens } from "./glob.ts";
import { ToolRules } from "./tool-rules.ts";

/** A rule that depends on the tool alone. */
export type Rule = {
  readonly level: PermissionLevel;
  /** As the trace calls it, e.g. `tools github.get_user`. */
  readonly name: string;
  readonly line: number;
  readonly detail: string;
  readonly approvalMessage?: string | undefined;
};

/** By the key it stands under: `server.tool`, or a glob over it. */
export type KeyedRule = Rule & { readonly key: string };

export type EnvironmentRules = { readonly default: Rule | undefined; readonly overrides: ToolRules<KeyedRule> };

/** A rule of a glob that stands for itself, not for the best of several. */
export type PatternRule = Rule & { readonly tokens: GlobTokens };

export type LoadedPolicy = {
  /** Where it was read from. */
  readonly path: string;
  /** SHA-256 of the file's bytes, hex. */
  readonly hash: string;
  readonly file: PolicyFile;
  /** How many entries of the file give a level, defaults included. */
  readonly ruleCount: number;
  readonly contextRules: readonly ContextRule[];
  readonly environments: ReadonlyMap<string, EnvironmentRules>;
  readonly tools: ToolRules<KeyedRule>;
  readonly serverDefaults: ReadonlyMap<string, Rule>;
  readonly default: Rule;
  readonly dangerousPatterns: readonly PatternRule[];
  readonly autoApprovePatterns: readonly PatternRule[];
};

/** @param lineOf the line that the key or the entry at a path stands on. */
export function compilePolicy(
  file: PolicyFile,
  origin: { path: string; hash: string },
  lineOf: (path: SourcePath) => number,
): LoadedPolicy {
  const contextRules = file.context_rules.map(
    (entry, index) => new ContextRule(entry, `context_rules[${index}] ${entry.name}`, lineOf(["context_rules", index])),
  );
  const tools = compileTools(file, lineOf);
  const serverDefaults = compileServerDefaults(file, lineOf);
  const environments = compileEnvironments(file, lineOf);
  const dangerousPatterns = compileDangerousPatterns(file, lineOf);
  const environmentRules = Object.values(file.environments).map(
    ({ default_permission: level, overrides }) => Object.keys(overrides).length + (level ? 1 : 0),
  );
  const ruleCounts = [
    1,
    contextRules.length,
    tools.length,
    serverDefaults.size,
    dangerousPatterns.length,
    ...environmentRules,
  ];
  return {
    ...origin,
    file,
    ruleCount: ruleCounts.reduce((sum, count) => sum + count, 0),
    contextRules,
    environments,
    tools: new ToolRules(tools),
    serverDefaults,
    default: {
      level: file.default_permission,
      name: "default_permission",
      line: lineOf(["default_permission"]),
      detail: "what holds where nothing else speaks",
    },
    dangerousPatterns,
    autoApprovePatterns: compileAutoApprovePatterns(file, lineOf),
  };
}

type LineOf = (path: SourcePath) => number;

function compileTools(file: PolicyFile, lineOf: LineOf): KeyedRule[] {
  return Object.entries(file.tools).map(([key, entry]) => ({
    key,
    level: entry.permission,
    name: `tools ${key}`,
    line: lineOf(["tools", key]),
    detail: entry.description ?? "the key matches the tool",
    approvalMessage: entry.approval_message,
  }));
}

function compileServerDefaults(file: PolicyFile, lineOf: LineOf): Map<string, Rule> {
  const entries = Object.entries(file.server_defaults).map(([key, entry]): [string, Rule] => [
    key,
    {
      level: entry.default,
      name: `server_defaults ${key}`,
      line: lineOf(["server_defaults", key]),
      detail: entry.description ?? "the server's default",
    },
  ]);
  return new Map(entries);
}

function compileEnvironments(file: PolicyFile, lineOf: LineOf): Map<string, EnvironmentRules> {
  const entries = Object.entries(file.environments).map(([name, entry]): [string, EnvironmentRules] => {
    const overrides = Object.entries(entry.overrides).map(([key, level]) => ({
      key,
      level,
      name: `environments ${name} overrides ${key}`,
      line: lineOf(["environments", name, "overrides", key]),
      detail: "the key matches the tool",
    }));
    const fallback = entry.default_permission && {
      level: entry.default_permission,
      name: `environments ${name} default_permission`,
      line: lineOf(["environments", name, "default_permission"]),
      detail: "the environment's default",
    };
    return [name, { default: fallback, overrides: new ToolRules(overrides) }];
  });
  return new Map(entries);
}

function compileDangerousPatterns(file: PolicyFile, lineOf: LineOf): PatternRule[] {
  return file.dangerous_patterns.map(({ pattern, permission, description }, index) => ({
    tokens: parseGlob(pattern),
    level: permission,
    name: `dangerous_patterns[${index}] ${pattern}`,
    line: lineOf(["dangerous_patterns", index]),
    detail: description ?? "the pattern matches the tool",
    approvalMessage: description,
  }));
}

function compileAutoApprovePatterns(file: PolicyFile, lineOf: LineOf): PatternRule[] {
  return file.approval.auto_approve_patterns.map((pattern, index) => ({
    tokens: parseGlob(pattern),
    level: "REQUIRE_APPROVAL",
    name: `auto_approve_patterns[${index}] ${pattern}`,
    line: lineOf(["approval", "auto_approve_patterns", index]),
    detail: "the approval is given by policy:auto",
  }));
}
