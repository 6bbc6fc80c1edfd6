import {
  CLIENT_CAPABILITIES_META_KEY,
  LOG_LEVEL_META_KEY,
  Server,
  specTypeSchemas as schemas,
  type CallToolRequest,
  type CallToolResult,
  type ClientCapabilities,
  type RequestStateCodec,
  type Result,
  type ServerContext,
  type StandardSchemaV1,
} from "@modelcontextprotocol/server";
import type { InputResponse } from "../../../shared/input.ts";
import type { LogLevel } from "../../../shared/log-level.ts";
import type { Caller } from "../http/access-tokens.ts";
import { OwnSubscriptions } from "../offers/own-subscriptions.ts";
import type { ResourceSubscriptions } from "../offers/resource-subscriptions.ts";
import { askOlder, inputsOf } from "./ask-client.ts";
import { completeArgument, getPrompt, readResource, type AskOfferParts } from "./ask-offer.ts";
import { callLazily, isShownLazily, type LazyParts } from "./lazy/call-lazily.ts";
import { lazyInstructions, lazyTools } from "./lazy/lazy-tools.ts";
import type { Requester, WaitingState } from "./make-call.ts";
import type { MakeToolCall } from "./older/tool-calls.ts";
import { page } from "./page.ts";
import type { OwnUri } from "./exposed-uris.ts";
import type { OfferedKind } from "./server-offer.ts";
import type { ClientTasks } from "./tasks/client-tasks.ts";
import { newerTaskMaker, newerTasksCapability, serveNewerTasks, takesTasks } from "./tasks/newer-tasks.ts";
import { OlderTasks, olderTasksCapability } from "./tasks/older-tasks.ts";
import { assertTakesTasks } from "./tasks/takes-tasks.ts";
import { watch, unwatch } from "./watch-resource.ts";

export type ClientEndParts = AskOfferParts &
  LazyParts & {
    version: string;
    /** Seals what a newer client brings back. */
    states: RequestStateCodec<WaitingState>;
    subscriptions: ResourceSubscriptions;
    tasks: ClientTasks;
  };

/** What an older client is told of servers' logs before it says from where on it wants to be. */
const unasked: LogLevel = "info";

const capabilities = {
  tools: { listChanged: true },
  prompts: { listChanged: true },
  resources: { listChanged: true, subscribe: true },
  completions: {},
  logging: {},
};
const instructions =
  "Tools, prompts and resources of several servers, each named after its server. Some requests wait for a person to approve them, and some are refused: the answer says which and why.";

/** The one MCP server that stands for all, as one client sees it: an older one for its session, a newer one for one request. */
export class ClientEnd {
  readonly server: Server;
  /** Makes an older client's call of a tool without the SDK's server, which costs several times as much. */
  readonly makeToolCall: MakeToolCall;
  /** The resources of which an older client hears that they changed. */
  readonly watched: OwnSubscriptions;
  #parts: ClientEndParts;
  #caller: Caller;
  #logLevel: LogLevel = unasked;
  #olderTasks: OlderTasks | undefined;

  constructor(parts: ClientEndParts, caller: Caller, line: "newer" | "older") {
    this.#parts = parts;
    this.#caller = caller;
    this.watched = new OwnSubscriptions(parts.subscriptions, caller.name);
    const { version, states } = parts;
    this.server = new Server(
      { name: "switchgear", title: "Switchgear", version },
      {
        capabilities: {
          ...capabilities,
          ...(line === "older" ? { tasks: olderTasksCapability } : newerTasksCapability),
        },
        instructions: isShownLazily(parts) ? lazyInstructions : instructions,
        requestState: { verify: (state, context) => states.verify(state, context) },
      },
    );
    this.makeToolCall = async (params, { requestId: relatedRequestId, signal, notify }) => {
      const asked = {
        logLevel: this.#logLevel,
        capabilities: inputsOf(this.server.getClientCapabilities()),
      };
      const call = (requester: Requester) => this.#callProjected(params, requester);
      if (params.task && this.#olderTasks) {
        assertTakesTasks(parts, params.name);
        return this.#olderTasks.create(params.task.ttl, asked, call);
      }
      return call({
        ...{ ...asked, caller, signal, notify },
        ask: (asker, request, until) =>
          askOlder(
            asker,
            request,
            (sent, options) => this.server.request(sent as never, { ...options, relatedRequestId }),
            until,
          ),
      });
    };
    this.#serveTools();
    this.#serveOffers();
    if (line === "newer") serveNewerTasks(this.#taskParts());
    else this.#serveOlder();
  }

  /** Tells an older client that a list is another. */
  tellChange(kind: OfferedKind): Promise<void> {
    const { server } = this;
    switch (kind) {
      case "tools":
        return server.sendToolListChanged();
      case "prompts":
        return server.sendPromptListChanged();
      case "resources":
        return server.sendResourceListChanged();
    }
  }

  /** Tells an older client that a resource changed, where it waits for it, and may see and read it still. */
  async tellUpdated(own: OwnUri): Promise<void> {
    const { uris, sight } = this.#parts;
    if (!this.watched.hears(own) || !sight.sees(own.server, "resources/read")) return;
    await this.server.sendResourceUpdated({ uri: uris.expose(own) });
  }

  #serveTools(): void {
    const { server } = this;
    const { offer } = this.#parts;
    this.#on("tools/list", schemas.PaginatedRequestParams, ({ cursor }) => {
      if (isShownLazily(this.#parts)) return { tools: [...lazyTools] };
      const { items: tools, ...rest } = page(offer.tools.list().map(itemOf), ({ name }) => name, cursor);
      return { tools, ...rest };
    });
    server.setRequestHandler("tools/call", async ({ params }, context) => {
      const { _meta } = context.mcpReq;
      const requester = this.#requester(context);
      const asTask = takesTasks(context) && newerTaskMaker(this.#taskParts(), requester);
      return this.#callProjected({ ...params, _meta }, { ...requester, ...(asTask && { asTask }) });
    });
  }

  #serveOffers(): void {
    const { offer } = this.#parts;
    this.#on("prompts/list", schemas.PaginatedRequestParams, ({ cursor }) => {
      const { items: prompts, ...rest } = page(offer.prompts.list().map(itemOf), ({ name }) => name, cursor);
      return { prompts, ...rest };
    });
    this.#on("resources/list", schemas.PaginatedRequestParams, ({ cursor }) => {
      const { items: resources, ...rest } = page(offer.resources.list().map(itemOf), ({ uri }) => uri, cursor);
      return { resources, ...rest };
    });
    this.#on("resources/templates/list", schemas.PaginatedRequestParams, ({ cursor }) => {
      const all = offer.templates.list().map(itemOf);
      const { items: resourceTemplates, ...rest } = page(all, ({ uriTemplate }) => uriTemplate, cursor);
      return { resourceTemplates, ...rest };
    });
    this.#on("prompts/get", schemas.GetPromptRequestParams, (params, context) =>
      getPrompt(this.#parts, params, context.mcpReq._meta, this.#requester(context)),
    );
    this.#on("resources/read", schemas.ReadResourceRequestParams, ({ uri }, context) =>
      readResource(this.#parts, uri, context.mcpReq._meta, this.#requester(context)),
    );
    this.#on("completion/complete", schemas.CompleteRequestParams, (params, { mcpReq: { signal } }) =>
      completeArgument(this.#parts, params, { caller: this.#caller }, signal),
    );
  }

  /** What a session is needed for. */
  #serveOlder(): void {
    const { watched } = this;
    this.#olderTasks = new OlderTasks(this.#taskParts());
    this.#on("logging/setLevel", schemas.SetLevelRequestParams, ({ level }) => {
      this.#logLevel = level;
      return {};
    });
    this.#on("resources/subscribe", schemas.SubscribeRequestParams, async ({ uri }) => {
      await watch(this.#parts, watched, uri);
      return {};
    });
    this.#on("resources/unsubscribe", schemas.UnsubscribeRequestParams, async ({ uri }) => {
      await unwatch(this.#parts, watched, uri);
      return {};
    });
  }

  /** With the schema given, parameters that do not fit are told to be that, and not to be a fault of the gateway's. */
  #on<P>(
    method: string,
    params: StandardSchemaV1<unknown, P>,
    handle: (params: P, context: ServerContext) => object | Promise<object>,
  ): void {
    this.server.setRequestHandler(method, { params }, (given, context) => handle(given, context) as Promise<Result>);
  }

  /** What is no result yet goes out as it is. */
  async #callProjected(params: CallToolRequest["params"], requester: Requester): Promise<CallToolResult> {
    const answer = await callLazily(this.#parts, params, requester);
    if ("resultType" in answer) return answer as CallToolResult;
    const { outputSchema } = this.#parts.offer.tools.find(params.name)?.item ?? {};
    return this.server.projectCallToolResult(answer as CallToolResult, outputSchema);
  }

  #taskParts() {
    return { server: this.server, caller: this.#caller, tasks: this.#parts.tasks };
  }

  /** The client of a request that the SDK has read. */
  #requester(context: ServerContext): Requester {
    const { signal, envelope, notify, send, requestState, inputResponses } = context.mcpReq;
    const declared = envelope as Record<string, unknown> | undefined;
    const isOlder = envelope === undefined;
    const clientCapabilities = declared?.[CLIENT_CAPABILITIES_META_KEY] as ClientCapabilities | undefined;
    const requester: Requester = {
      ...{ caller: this.#caller, signal },
      capabilities: inputsOf(clientCapabilities ?? this.server.getClientCapabilities()),
      logLevel: isOlder ? this.#logLevel : (declared?.[LOG_LEVEL_META_KEY] as LogLevel | undefined),
      // A client that is gone has no ears; the call itself hears of that.
      notify: (notification) => void notify(notification).catch(() => {}),
    };
    if (isOlder) {
      const ask: Requester["ask"] = (asker, asked, until) =>
        askOlder(asker, asked, (request, options) => send(request as never, options), until);
      return { ...requester, ask };
    }
    const { states } = this.#parts;
    const comingBack: Requester["comingBack"] = {
      state: requestState<WaitingState>(),
      responses: inputResponses as Record<string, InputResponse> | undefined,
      mint: (state) => states.mint(state, context),
    };
    return { ...requester, comingBack };
  }
}

function itemOf<T>({ item }: { item: T }): T {
  return item;
}
