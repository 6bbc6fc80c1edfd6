import type { eventSchemas } from "./event-schemas.ts";
import { z } from "zod";
import {
  accessAreaSchema,
  accessTokenSchema,
  clientViewSchema,
  newAccessTokenSchema,
  seenServerSchema,
} from "./access.ts";
import { alertSchema } from "./alert.ts";
import { auditFilterSchema, auditPageSchema, auditVerdictSchema } from "./audit.ts";
import { callChartSchema, chartRequestSchema } from "./call-chart.ts";
import { callPreviewSchema, callReportSchema } from "./call.ts";
import { circuitViewSchema } from "./circuit.ts";
import { desktopProcedures, desktopSettingsSchema } from "./desktop.ts";
import {
  approvalsApiSettingsSchema,
  bridgeCommandSchema,
  endpointViewSchema,
  gatewaySettingsSchema,
  metricsSettingsSchema,
} from "./endpoint.ts";
import { clientConfigSchema, importChoiceSchema, importPreviewSchema, importResultSchema } from "./import.ts";
import {
  invocationDetailSchema,
  invocationFilterSchema,
  invocationPageSchema,
  serverMetricsSchema,
} from "./invocation.ts";
import { logFormatSchema } from "./log-export.ts";
import { levelTableSchema } from "./level-table.ts";
import { offerProcedures } from "./offer-procedures.ts";
import { offerMethodSchema } from "./offer.ts";
import { pinProcedures } from "./pin-procedures.ts";
import { signInRequestSchema, signOutSchema } from "./oauth.ts";
import { policyDecisionSchema, policyProblemSchema, policyStatusSchema } from "./policy.ts";
import { personProcedures } from "./person-procedures.ts";
import { replayReportSchema } from "./replay.ts";
import { requestNameSchema, savedRequestSchema } from "./saved-request.ts";
import { serverLogLineSchema, serverViewSchema } from "./server.ts";
import { retentionSettingsSchema, settingsViewSchema, telemetrySettingsSchema } from "./settings.ts";
import { appStatusSchema } from "./status.ts";
import { vaultProcedures } from "./vault-contract.ts";
import { toolViewSchema } from "./tool.ts";

const none = z.undefined().optional();
const id = z.string().min(1).max(200);
const why = z.string().trim().min(1, "say why, so that the record means something").max(500);
const server = z.strictObject({ server: id });
const circuitAction = z.strictObject({ server: id, tool: id.nullable(), why });
const call = z.strictObject({ server: id, tool: id, args: z.record(z.string(), z.unknown()) });

const policyText = z.string().max(1_048_576);

/** Every question and order that a window may send to the core: name → input, output. */
export const procedures = {
  "app.status": { input: none, output: appStatusSchema },
  "app.revealFolder": { input: z.strictObject({ folder: z.enum(["catalog", "policy", "data"]) }), output: z.void() },
  "app.openLink": { input: z.strictObject({ url: z.string().max(4096) }), output: z.object({ opened: z.boolean() }) },
  "notices.dismiss": { input: z.strictObject({ id }), output: z.void() },

  /** Alerts that nobody has dismissed, newest first. */
  "alerts.list": { input: none, output: z.array(alertSchema) },
  "alerts.dismiss": { input: z.strictObject({ ids: z.array(id).min(1).max(200) }), output: z.void() },
  /** The key that webhooks check by, for a person to hand to a receiver; made where there is none, or anew. */
  "alerts.webhookKey": { input: z.strictObject({ renew: z.boolean() }), output: z.object({ key: z.string() }) },

  "settings.get": { input: none, output: settingsViewSchema },
  "settings.set": {
    input: z.strictObject({
      environment: z.string().trim().min(1).max(60).optional(),
      theme: z.enum(["system", "light", "dark"]).optional(),
      mcpEnabled: z.boolean().optional(),
      desktop: desktopSettingsSchema.optional(),
      approvalsApi: approvalsApiSettingsSchema.optional(),
      gateway: gatewaySettingsSchema.optional(),
      metrics: metricsSettingsSchema.optional(),
      retention: retentionSettingsSchema.optional(),
      telemetry: telemetrySettingsSchema.optional(),
    }),
    output: settingsViewSchema,
  },

  ...desktopProcedures,

  ...vaultProcedures,

  "servers.list": { input: none, output: z.array(serverViewSchema) },
  "servers.connect": { input: server, output: z.void() },
  "servers.disconnect": { input: server, output: z.void() },
  /** Writes `enabled` into the server's file. */
  "servers.setEnabled": { input: server.extend({ enabled: z.boolean() }), output: z.void() },
  "servers.log": { input: server, output: z.array(serverLogLineSchema) },

  /** Files of other clients that are on this machine; none is read. */
  "imports.find": { input: none, output: z.array(clientConfigSchema) },
  /** Reads one of those that `imports.find` names, and no other. */
  "imports.open": { input: z.strictObject({ file: z.string().max(4096) }), output: importPreviewSchema },
  /** Asks the person for a file, and reads it; `null` where none was chosen. */
  "imports.choose": { input: none, output: importPreviewSchema.nullable() },
  "imports.apply": {
    input: z.strictObject({ id, servers: z.array(importChoiceSchema).min(1).max(500) }),
    output: z.array(importResultSchema),
  },

  /** Finds out where to sign in, and waits for the browser to come back. Opens nothing, so that a person sees the address first. */
  "signIn.begin": { input: server, output: signInRequestSchema },
  /** Opens the browser at the address that was shown. Resolves once the person is signed in. */
  "signIn.open": { input: server, output: z.void() },
  "signIn.cancel": { input: server, output: z.void() },
  "signIn.signOut": { input: server, output: signOutSchema },

  "circuits.list": { input: none, output: z.array(circuitViewSchema) },
  "circuits.reset": { input: circuitAction, output: circuitViewSchema },
  "circuits.trip": { input: circuitAction, output: circuitViewSchema },
  "circuits.probe": { input: circuitAction, output: circuitViewSchema },

  "tools.list": { input: none, output: z.array(toolViewSchema) },
  /** `id` is chosen by the window, so that it can cancel and follow its call; a UUID. Resolves when the call has ended, however it ended. */
  "tools.call": { input: call.extend({ id: z.uuid(), idempotent: z.boolean().optional() }), output: callReportSchema },
  "tools.cancel": { input: z.strictObject({ id: z.uuid() }), output: z.void() },
  /** A dry run: the decision and its trace; sends nothing. */
  "tools.preview": { input: call.extend({ method: offerMethodSchema.optional() }), output: callPreviewSchema },

  ...offerProcedures,

  /** Calls that a person keeps to make again, of every tool. */
  "requests.list": { input: none, output: z.array(savedRequestSchema) },
  /** One of the tool's that has the name is replaced. */
  "requests.save": { input: call.extend({ name: requestNameSchema }), output: savedRequestSchema },
  "requests.rename": { input: z.strictObject({ id, name: requestNameSchema }), output: savedRequestSchema },
  "requests.remove": { input: z.strictObject({ id }), output: z.void() },

  ...pinProcedures,

  ...personProcedures,

  /** Tokens of those who come over HTTP; the answer to `create` is the only one that holds a token. */
  "access.list": { input: z.strictObject({ area: accessAreaSchema }), output: z.array(accessTokenSchema) },
  "access.create": {
    input: z.strictObject({ area: accessAreaSchema, name: z.string().max(200) }),
    output: newAccessTokenSchema,
  },
  /** What a client of the gateway is shown from now on. */
  "access.setView": { input: z.strictObject({ id, view: clientViewSchema }), output: accessTokenSchema },
  /** Which of the tools that are known now such a client would see; changes nothing. */
  "access.preview": { input: clientViewSchema.pick({ sees: true }), output: z.array(seenServerSchema) },
  "access.revoke": { input: z.strictObject({ id }), output: accessTokenSchema },
  "endpoints.list": { input: none, output: z.array(endpointViewSchema) },
  "endpoints.bridge": { input: none, output: bridgeCommandSchema },

  "invocations.list": {
    input: z.strictObject({
      filter: invocationFilterSchema,
      cursor: z.string().nullable(),
      limit: z.number().int().min(1).max(500),
    }),
    output: invocationPageSchema,
  },
  /** Asks the person for a file and writes what the filter shows to it, newest first; `null` where they named none. `id`: for `cancelExport` and the event. */
  "invocations.export": {
    input: z.strictObject({ id: z.uuid(), filter: invocationFilterSchema, format: logFormatSchema }),
    output: z.object({ file: z.string().nullable(), calls: z.number().int() }),
  },
  "invocations.cancelExport": { input: z.strictObject({ id: z.uuid() }), output: z.void() },
  /** Counts the calls of a span for charts. */
  "invocations.chart": { input: chartRequestSchema, output: callChartSchema },
  "invocations.get": { input: z.strictObject({ id }), output: invocationDetailSchema },

  /** Newest first, from below the record `before`. */
  "audit.list": {
    input: z.strictObject({
      filter: auditFilterSchema,
      before: z.number().int().nullable(),
      limit: z.number().int().min(1).max(500),
    }),
    output: auditPageSchema,
  },
  /** Reads the whole chain and names the first record that is wrong. */
  "audit.verify": { input: none, output: auditVerdictSchema },
  /** Asks the person for a file and writes the chain with its proof to it; `null` where they named none. */
  "audit.export": { input: none, output: z.object({ file: z.string().nullable(), records: z.number().int() }) },

  "metrics.servers": { input: none, output: z.array(serverMetricsSchema) },

  /** What a draft would have made of the logged calls of a period; wall-clock milliseconds. Changes nothing. */
  "policy.replay": {
    input: z.strictObject({ text: policyText, from: z.number(), to: z.number() }),
    output: replayReportSchema,
  },
  /** What a draft says of one call, or the policy in force for `null`. Changes nothing. */
  "policy.explain": {
    input: z.strictObject({
      text: policyText.nullable(),
      call: call.extend({ environment: z.string().max(200), client: z.string().max(200) }),
    }),
    output: z.discriminatedUnion("ok", [
      z.object({ ok: z.literal(true), decision: policyDecisionSchema }),
      z.object({ ok: z.literal(false), problems: z.array(policyProblemSchema) }),
    ]),
  },
  /** Every known tool's level in each environment, by a draft, or by the policy in force for `null`. */
  "policy.levels": { input: z.strictObject({ text: policyText.nullable() }), output: levelTableSchema },
  /** What is wrong with a text that stands in no file yet; nothing where it is valid. */
  "policy.check": {
    input: z.strictObject({ text: policyText }),
    output: z.object({ problems: z.array(policyProblemSchema) }),
  },
  /** Writes the file, if it still says `was`, which the text was made from. An invalid text is written only where a person insists. */
  "policy.save": {
    input: z.strictObject({ text: policyText, was: policyText, evenInvalid: z.boolean() }),
    output: z.discriminatedUnion("result", [
      z.object({ result: z.literal("saved") }),
      z.object({ result: z.literal("changed_meanwhile") }),
      z.object({ result: z.literal("invalid"), problems: z.array(policyProblemSchema) }),
    ]),
  },
  "policy.get": { input: none, output: z.object({ status: policyStatusSchema, text: z.string().nullable() }) },
} as const satisfies Record<string, { input: z.ZodType; output: z.ZodType }>;

export type ProcedureName = keyof typeof procedures;
export type ProcedureInput<N extends ProcedureName> = z.input<(typeof procedures)[N]["input"]>;
export type ProcedureOutput<N extends ProcedureName> = z.output<(typeof procedures)[N]["output"]>;

export type EventName = keyof typeof eventSchemas;
export type EventPayload<N extends EventName> = z.output<(typeof eventSchemas)[N]>;
export type EventMessage = { [N in EventName]: { name: N; payload: EventPayload<N> } }[EventName];

/** What a window knows of the core: over IPC in the app, over a WebSocket in a browser. */
export type Bridge = {
  invoke(name: ProcedureName, input: unknown): Promise<unknown>;
  /** @returns a function that ends the subscription. */
  subscribe(listener: (events: readonly EventMessage[]) => void): () => void;
};
