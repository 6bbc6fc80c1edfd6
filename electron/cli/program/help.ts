/** How the commands explain themselves: in groups, with examples, and each in its own words where it is used wrongly. */

import type { Command, Option } from "commander";

/** The groups of the commands, in the order in which a person meets them. */
const groups: readonly [string, readonly string[]][] = [
  ["Look:", ["servers", "tools", "resources", "prompts", "log", "audit"]],
  ["Call:", ["call", "read", "prompt"]],
  ["Decide:", ["approvals", "grants", "policy", "pins"]],
  ["Set up:", ["import", "sign-in", "sign-out", "secrets", "webhook-key"]],
  ["Let others call:", ["serve", "console", "bridge", "clients", "token"]],
];
const order = groups.flatMap(([, names]) => names);

/** What a person would type first, by command. */
const examples: Record<string, readonly string[]> = {
  switchgear: [
    "switchgear servers",
    `switchgear call fault-lab echo --args '{"message":"hello"}'`,
    "switchgear approvals list",
    "switchgear serve --ui",
  ],
  "switchgear tools": ["switchgear tools github", "switchgear tools --json"],
  "switchgear call": [
    `switchgear call fault-lab echo --args '{"message":"hello"}'`,
    "switchgear call fault-lab wipe --yes",
  ],
  "switchgear read": ["switchgear read everything demo://resource/static/document/features.md"],
  "switchgear prompt": [`switchgear prompt everything args-prompt --args '{"city":"Bern"}'`],
  "switchgear policy explain": [
    `switchgear policy explain github merge_pr --args '{"repo":"acme/site"}'`,
    "switchgear policy explain github merge_pr --env development --policy draft.yaml",
  ],
  "switchgear policy test": ["switchgear policy test policies/mcp_permissions.tests.yaml"],
  "switchgear policy replay": ["switchgear policy replay draft.yaml"],
  "switchgear approvals approve": [
    "switchgear approvals approve TICKET",
    "switchgear approvals approve TICKET --grant 15m",
  ],
  "switchgear approvals deny": ["switchgear approvals deny TICKET --reason 'Not before the release.'"],
  "switchgear pins accept": ["switchgear pins accept github --all --why 'Release 2.1, read.'"],
  "switchgear log list": ["switchgear log list --text 'q3 report' --since 2h"],
  "switchgear log export": ["switchgear log export calls.csv --since 7d", "switchgear log export calls.jsonl"],
  "switchgear audit export": ["switchgear audit export chain.jsonl", "switchgear audit verify chain.jsonl"],
  "switchgear import": ["switchgear import --find", "switchgear import ~/.cursor/mcp.json --dry-run"],
  "switchgear secrets set": ["switchgear secrets set GITHUB_TOKEN --server github < token.txt"],
  "switchgear serve": [
    "switchgear serve",
    "switchgear serve --ui",
    "switchgear serve --ui --ui-origin http://127.0.0.1:9000",
  ],
  "switchgear bridge": ["SWITCHGEAR_TOKEN=sg_… switchgear bridge"],
  "switchgear token create": ["switchgear token create gateway cursor"],
  "switchgear clients set": ["switchgear clients set cursor --sees github 'files.read_*'"],
};

const elsewhere = `
Environment:
  SWITCHGEAR_CATALOG   the catalog folder: servers and policy
  SWITCHGEAR_DATA      the data folder: journal, settings, logs
  SWITCHGEAR_ENV       the environment that the policy judges by
  MAGSAG_MCP_ENABLED   true or false: the master switch, whatever Settings says

Exit codes:
  0 done                              4 approval denied or timed out
  1 the tool said isError, or what    5 circuit open
    was checked is not sound          6 transport or timeout
  2 bad usage or configuration        7 sent and never answered: it may have
  3 refused by policy or by the         happened
    master switch                   130 interrupted

With --json a command prints JSON, its errors too. More: docs/command-line.md`;

/** What every command that is added afterwards takes over. */
export function prepareHelp(program: Command): void {
  program.configureHelp({ optionDescription: describe });
}

/** Explains the commands that were added. */
export function explain(program: Command): void {
  // The help has them in the order in which they were added.
  (program.commands as Command[]).sort((one, other) => order.indexOf(one.name()) - order.indexOf(other.name()));
  for (const [heading, names] of groups) {
    for (const command of program.commands) if (names.includes(command.name())) command.helpGroup(heading);
  }
  program.commandsGroup("Help:").helpCommand(true);
  explainOne(program, program.name());
  program.addHelpText("after", elsewhere);
}

function explainOne(command: Command, path: string): void {
  const lines = examples[path]?.map((line) => `  ${line}\n`) ?? [];
  if (lines.length > 0) command.addHelpText("after", `\nExamples:\n${lines.join("")}`.trimEnd());
  const hasCommands = command.commands.length > 0;
  const help = `Run \`${path} --help\` for ${hasCommands ? "the commands" : "what each means"}.`;
  command.showHelpAfterError(hasCommands ? help : `Usage: ${path} ${command.usage()}\n${help}`);
  for (const each of command.commands) explainOne(each, `${path} ${each.name()}`);
}

/** An option's words and its default; that nothing happens unless it is given needs no saying. */
function describe({ description, defaultValue, defaultValueDescription }: Option): string {
  if (defaultValue === undefined || defaultValue === false) return description;
  if (Array.isArray(defaultValue) && defaultValue.length === 0) return description;
  return `${description} (default: ${defaultValueDescription ?? JSON.stringify(defaultValue)})`;
}
