import { z } from "zod";
import { ticketSchema } from "../../../shared/approval.ts";
import {
  apiErrorSchema,
  approvalBodySchema,
  denialBodySchema,
  grantListSchema,
  grantQuerySchema,
  revocationBodySchema,
  ticketListSchema,
  ticketQuerySchema,
} from "../../../shared/approvals-api.ts";
import { grantSchema } from "../../../shared/grant.ts";

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const json = (schema: object) => ({ "application/json": { schema } });
const answer = (description: string, name: string) => ({ description, content: json(ref(name)) });
const failure = (description: string) => answer(description, "Error");

/** What the guard and the routes may answer to any request. */
const refusals = {
  "400": failure("The request is not what this description says, or holds a token in its address."),
  "401": {
    ...failure("The request carries no token that is valid here."),
    headers: { "WWW-Authenticate": { schema: { type: "string" } } },
  },
  "403": failure("The request comes from a page of another origin, or names another host."),
  "429": {
    ...failure("Too many requests came at once."),
    headers: { "Retry-After": { description: "Seconds.", schema: { type: "integer" } } },
  },
  "503": failure("The journal cannot be read or written."),
};
const bodyRefusals = {
  "413": failure("The body is too large."),
  "415": failure("The body is not JSON."),
};
const idInPath = { name: "id", in: "path", required: true, schema: { type: "string" } };

/** The API in OpenAPI 3.1, made from the schemas that it checks by. */
export function describeApi(version: string): object {
  return {
    openapi: "3.1.0",
    info: {
      title: "Switchgear: approvals",
      version,
      description:
        "The calls that wait for a person. A verdict is recorded under the token's name, and the first one stands. An approval is for " +
        "exactly these arguments and this tool, once: before the call is sent, policy, tool and arguments are looked at again.",
    },
    security: [{ token: [] }],
    tags: [
      { name: "tickets", description: "Calls that wait, or waited, for a person." },
      { name: "grants", description: "What was approved for calls to come." },
    ],
    paths: {
      "/openapi.json": {
        get: {
          ...operation("describe", "This description."),
          responses: {
            "200": { description: "An OpenAPI 3.1 document.", content: json({ type: "object" }) },
            ...refusals,
          },
        },
      },
      "/v1/tickets": {
        get: {
          ...operation(
            "listTickets",
            "Tickets: those that wait, the oldest first; or those that ended, the newest first.",
          ),
          parameters: queryParameters(ticketQuerySchema),
          responses: { "200": answer("The tickets.", "TicketList"), ...refusals },
        },
      },
      "/v1/tickets/{id}": {
        get: {
          ...operation("getTicket", "One ticket."),
          parameters: [idInPath],
          responses: {
            "200": answer("The ticket.", "Ticket"),
            "404": failure("There is no such ticket."),
            ...refusals,
          },
        },
      },
      "/v1/tickets/{id}/approve": change({
        ...operation(
          "approveTicket",
          "Lets the call go on; with `args`, with these instead of what was asked for; with `grant`, calls like it that follow, too.",
        ),
        ...{ body: "Approval", required: false, answers: answer("The ticket as it is now.", "Ticket") },
        refused: {
          "403": failure("The policy forbids the call with these arguments. Or: as for any request."),
          "404": failure("There is no such ticket."),
          "409": failure(
            "Somebody else's verdict came first, or nobody waits any more, or the tool or the policy is not there.",
          ),
        },
      }),
      "/v1/tickets/{id}/deny": change({
        ...operation("denyTicket", "Refuses the call; its caller reads the reason."),
        ...{ body: "Denial", required: true, answers: answer("The ticket as it is now.", "Ticket") },
        refused: {
          "404": failure("There is no such ticket."),
          "409": failure("Somebody else's verdict came first, or nobody waits any more."),
        },
      }),
      "/v1/grants": {
        get: {
          ...operation(
            "listGrants",
            "Grants: those in force; with `state=all`, those that are over behind them.",
            "grants",
          ),
          parameters: queryParameters(grantQuerySchema),
          responses: { "200": answer("The grants, newest first.", "GrantList"), ...refusals },
        },
      },
      "/v1/grants/{id}/revoke": change({
        ...operation(
          "revokeGrant",
          "Takes a grant back; calls that it approved and that were not sent are refused.",
          "grants",
        ),
        ...{ body: "Revocation", required: true, answers: answer("The grant as it is now.", "Grant") },
        refused: {
          "404": failure("There is no such grant."),
          "409": failure("Somebody else revoked it, or its rule could not be taken out of the policy file."),
        },
      }),
      "/v1/events": {
        get: {
          ...operation(
            "streamEvents",
            "Server-sent events. The first is a `snapshot` (a TicketList of what waits), then each change of a ticket is a `ticket` (a " +
              "Ticket). Who reconnects with the last id it saw gets what changed meanwhile; a `snapshot` again where that is not known.",
          ),
          parameters: [{ name: "Last-Event-ID", in: "header", required: false, schema: { type: "string" } }],
          responses: {
            "200": { description: "The stream.", content: { "text/event-stream": { schema: { type: "string" } } } },
            ...refusals,
          },
        },
      },
    },
    components: {
      schemas: schemas(),
      securitySchemes: {
        token: { type: "http", scheme: "bearer", description: "Made in Settings, or by `switchgear token create`." },
      },
    },
  };
}

function operation(operationId: string, summary: string, tag = "tickets") {
  return { operationId, summary, tags: [tag] };
}

type Change = ReturnType<typeof operation> & { body: string; required: boolean; answers: object; refused: object };

/** One that is changed, and how it is then. */
function change({ body, required, answers, refused, ...about }: Change) {
  const requestBody = { required, content: json(ref(body)) };
  const responses = { "200": answers, ...bodyRefusals, ...refusals, ...refused };
  return { post: { ...about, parameters: [idInPath], requestBody, responses } };
}

function queryParameters(schema: z.ZodType): object[] {
  const { properties } = z.toJSONSchema(schema, { io: "input" });
  return Object.entries(properties ?? {}).map(([name, each]) => ({
    ...{ name, in: "query", required: false, schema: each },
  }));
}

function schemas(): object {
  const registry = z.registry<{ id: string }>();
  const named = {
    Ticket: ticketSchema,
    TicketList: ticketListSchema,
    Approval: approvalBodySchema,
    Denial: denialBodySchema,
    Grant: grantSchema,
    GrantList: grantListSchema,
    Revocation: revocationBodySchema,
    Error: apiErrorSchema,
  };
  for (const [id, schema] of Object.entries(named)) registry.add(schema, { id });
  const { schemas: made } = z.toJSONSchema(registry, { io: "input", uri: (id) => `#/components/schemas/${id}` });
  // The document says which dialect it speaks and where each schema stands.
  const isOwn = ([key]: [string, unknown]) => key !== "$schema" && key !== "$id";
  const bare = (schema: object) => Object.fromEntries(Object.entries(schema).filter(isOwn));
  return Object.fromEntries(Object.entries(made).map(([id, schema]) => [id, bare(schema)]));
}
