import { Hono, type Context } from "hono";
import { streamSSE, type SSEStreamingApi } from "hono/streaming";
import { z } from "zod";
import type { Ticket } from "../../../shared/approval.ts";
import {
  approvalBodySchema,
  denialBodySchema,
  grantQuerySchema,
  revocationBodySchema,
  ticketQuerySchema,
} from "../../../shared/approvals-api.ts";
import type { ErrorCode } from "../../../shared/errors.ts";
import type { ApprovalDesk } from "../approval-desk.ts";
import type { GrantBook, Inbox } from "../approvals/approval-book.ts";
import { MCPClientError, toClientError } from "../errors.ts";
import type { AccessTokens, Caller } from "../http/access-tokens.ts";
import type { Logger } from "../ports.ts";
import { describeApi } from "./openapi.ts";
import type { TicketChanges } from "./ticket-changes.ts";

export type ApprovalsApiParts = {
  approvals: Pick<Inbox, "list" | "get">;
  desk: Pick<ApprovalDesk, "approve" | "deny">;
  grants: Pick<GrantBook, "list" | "revoke">;
  tokens: Pick<AccessTokens, "isActive">;
  changes: TicketChanges;
  logger: Logger;
  version: string;
  /** Masks the secrets in what goes out. */
  mask: <T>(value: T) => T;
  /** Aborted when the endpoint closes: streams end. */
  closing: AbortSignal;
};

type Asked = { Bindings: { caller: Caller } };

/** How often a stream without news says that it is still there, milliseconds. */
const stillThereMs = 15_000;

const statusOf: Partial<Record<ErrorCode, 400 | 403 | 404 | 409 | 413 | 503>> = {
  bad_request: 400,
  invalid_arguments: 400,
  policy_denied: 403,
  not_found: 404,
  already_resolved: 409,
  unknown_server: 409,
  unknown_tool: 409,
  policy_invalid: 409,
  config_invalid: 409,
  payload_too_large: 413,
  journal_unavailable: 503,
};

/** The approvals API, for requests that the guard has let through. */
export function createRoutes(parts: ApprovalsApiParts): Hono<Asked> {
  const { approvals, desk, grants, mask, logger, version } = parts;
  const api = new Hono<Asked>();
  const description = describeApi(version);

  api.get("/openapi.json", (context) => context.json(description));

  api.get("/v1/tickets", async (context) => {
    const { state, limit } = parse(ticketQuerySchema, context.req.query());
    return context.json({ tickets: mask((await approvals.list(state)).slice(0, limit)) });
  });

  api.get("/v1/tickets/:id", async (context) => context.json(mask(await approvals.get(context.req.param("id")))));

  api.post("/v1/tickets/:id/approve", async (context) => {
    const approval = parse(approvalBodySchema, (await readJson(context)) ?? {});
    return context.json(mask(await desk.approve(context.req.param("id"), nameOf(context.env.caller), approval)));
  });

  api.post("/v1/tickets/:id/deny", async (context) => {
    const { reason } = parse(denialBodySchema, await readJson(context));
    return context.json(mask(await desk.deny(context.req.param("id"), nameOf(context.env.caller), reason)));
  });

  api.get("/v1/grants", async (context) => {
    const { state } = parse(grantQuerySchema, context.req.query());
    const listed = (await grants.list()).filter((grant) => state === "all" || grant.state === state);
    return context.json({ grants: mask(listed) });
  });

  api.post("/v1/grants/:id/revoke", async (context) => {
    const { reason } = parse(revocationBodySchema, await readJson(context));
    return context.json(mask(await grants.revoke(context.req.param("id"), nameOf(context.env.caller), reason)));
  });

  api.get("/v1/events", (context) =>
    streamSSE(
      context,
      (stream) => tell(parts, stream, context.env.caller, context.req.header("last-event-id")),
      async (error) => logger.error("The stream of tickets failed.", { error }),
    ),
  );

  api.notFound(({ req }) => fail(new MCPClientError("not_found", `There is no ${req.method} ${req.path}.`), 404));
  api.onError((thrown) => {
    const error = toClientError(thrown);
    const status = statusOf[error.code];
    if (!status) logger.error("The approvals API failed.", { error: thrown });
    return fail(error, status ?? 500);
  });
  return api;
}

/** Who gave a verdict, in records: no other name has this form. */
function nameOf({ name }: Caller): string {
  return `api:${name}`;
}

/** The pending tickets, then each change as it comes; only the changes where the client says what it has seen and that is still known. */
async function tell(
  { approvals, changes, tokens, mask, closing }: ApprovalsApiParts,
  stream: SSEStreamingApi,
  caller: Caller,
  lastEventId: string | undefined,
): Promise<void> {
  const gone = new AbortController();
  stream.onAbort(() => gone.abort());
  const end = AbortSignal.any([gone.signal, closing]);
  let seen = lastEventId ?? "";
  while (!end.aborted && tokens.isActive(caller.id)) {
    const missed = changes.since(seen);
    const latest = changes.latest;
    if (missed === null) await write(stream, "snapshot", latest, { tickets: mask(await approvals.list("pending")) });
    for (const { eventId, ticketId } of missed ?? []) {
      const ticket: Ticket = await approvals.get(ticketId);
      await write(stream, "ticket", eventId, mask(ticket));
    }
    seen = latest;
    if (!(await changes.after(seen, stillThereMs, end)) && !end.aborted) await stream.write(": still there\n\n");
  }
}

function write(stream: SSEStreamingApi, event: string, id: string, data: unknown): Promise<void> {
  return stream.writeSSE({ event, id, data: JSON.stringify(data) });
}

async function readJson(context: Context<Asked>): Promise<unknown> {
  const text = await context.req.text();
  if (text === "") return undefined;
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new MCPClientError("bad_request", "The body is not JSON.", { cause });
  }
}

function parse<T extends z.ZodType>(schema: T, input: unknown): z.output<T> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw new MCPClientError("bad_request", z.prettifyError(parsed.error), {
    hint: "/openapi.json describes what is taken.",
  });
}

function fail(error: MCPClientError, status: number): Response {
  return Response.json({ error: error.toWire() }, { status });
}
