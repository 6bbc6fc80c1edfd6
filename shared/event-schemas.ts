import { z } from "zod";
import { toolTimeoutSchema } from "./adaptive-timeout.ts";
import { accessTokenSchema } from "./access.ts";
import { alertSchema } from "./alert.ts";
import { ticketSchema } from "./approval.ts";
import { circuitViewSchema } from "./circuit.ts";
import { desktopViewSchema } from "./desktop.ts";
import { endpointViewSchema } from "./endpoint.ts";
import { grantSchema } from "./grant.ts";
import { callLogSchema, invocationSchema } from "./invocation.ts";
import { exportProgressSchema } from "./log-export.ts";
import { offerEvents } from "./offer-procedures.ts";
import { policyStatusSchema } from "./policy.ts";
import { questionSchema } from "./question.ts";
import { serverViewSchema } from "./server.ts";
import { settingsViewSchema } from "./settings.ts";
import { appStatusSchema } from "./status.ts";

/** Everything that the core tells of its own accord: name → payload. Each carries the whole new state of one thing, so a cache can be patched. */
export const eventSchemas = {
  "status.changed": appStatusSchema,
  "settings.changed": settingsViewSchema,
  "desktop.changed": desktopViewSchema,
  /** Ask for it again: it names no secret. */
  "vault.changed": z.object({}),
  "server.changed": serverViewSchema,
  "server.removed": z.object({ server: z.string() }),
  "tools.changed": z.object({ server: z.string() }),
  ...offerEvents,
  "tool.timeout": z.object({ server: z.string(), tool: z.string(), timeout: toolTimeoutSchema }),
  /** What the definitions of a server's tools are worth. */
  "pins.changed": z.object({ server: z.string() }),
  "circuit.changed": circuitViewSchema,
  "circuit.removed": z.object({ server: z.string(), tool: z.string() }),
  "ticket.changed": ticketSchema,
  "question.changed": questionSchema,
  "grant.changed": grantSchema,
  "alert.changed": alertSchema,
  "invocation.changed": invocationSchema,
  "invocation.progress": z.object({
    id: z.string(),
    /** `null` where the server says in words alone what it does. */
    progress: z.number().nullable(),
    total: z.number().nullable(),
    message: z.string().nullable(),
  }),
  "invocation.log": z.object({ id: z.string(), at: z.number(), ...callLogSchema.shape }),
  /** The saved requests are others now; ask for them again. */
  "requests.changed": z.object({}),
  "export.progress": exportProgressSchema,
  "policy.changed": policyStatusSchema,
  /** The audit chain has new records. */
  "audit.grown": z.object({}),
  "access.changed": accessTokenSchema,
  "endpoint.changed": endpointViewSchema,
} as const satisfies Record<string, z.ZodType>;
