/** From a target to a session: the transport, the handshake in the ways that the server may speak, and what is refused to it. */

import { Client } from "@modelcontextprotocol/client";
import type { ServerConfig } from "../../../shared/server.ts";
import { MCPProtocolError, MCPTimeoutError, type MCPClientError } from "../errors.ts";
import type { Clock } from "../ports.ts";
import { SchemaValidator } from "../schema-validator.ts";
import type { ResolvedTarget, ServerTransport, TransportDeps } from "../transports/server-transport.ts";
import { toTransportError } from "../transports/transport-error.ts";
import { answerServer, clientCapabilities } from "./answer-server.ts";
import { toConnectError } from "./connect-error.ts";
import { modernVersion, type Way } from "./connect-plan.ts";
import { ServerCalls } from "./server-calls.ts";
import type { OfferKind } from "./server-offers.ts";
import { unboundedMs } from "./session-call.ts";
import { Session, type SessionHooks } from "./session.ts";

export type CreateTransport = (target: ResolvedTarget, deps: TransportDeps) => ServerTransport;

export type OpenSessionOptions = {
  config: Pick<ServerConfig, "id" | "timeout" | "trusted" | "sampling">;
  target: ResolvedTarget;
  /** Tried in order, each on a transport of its own. */
  ways: readonly Way[];
  clock: Clock;
  /** Switchgear's own version, for the handshake. */
  version: string;
  signal: AbortSignal;
  createTransport: CreateTransport;
  hooks: SessionHooks;
  log: (stream: "stderr" | "protocol" | "connection", text: string) => void;
  onToolsChanged: (session: Session) => void;
  onOffersChanged: (session: Session, kind: OfferKind) => void;
  onProcess: (pid: number) => void;
  /** The process ended by itself before there was a session. */
  onExit: () => void;
};

/** @throws MCPClientError whose `sent` is false, or the signal's reason. The process, if any, is then gone. */
export async function openSession(options: OpenSessionOptions): Promise<{ session: Session; way: Way }> {
  let refused: MCPClientError | undefined;
  for (const way of options.ways) {
    try {
      return { session: await openOneWay(options, way), way };
    } catch (error) {
      // Only a server that understood, and did not want to, may well answer another way.
      if (!(error instanceof MCPProtocolError)) throw toConnectError(error as MCPClientError, options.config.id);
      refused ??= error;
      options.log("connection", `It does not speak this protocol (${way}): ${error.message}`);
    }
  }
  throw toConnectError(refused as MCPClientError, options.config.id);
}

async function openOneWay(options: OpenSessionOptions, way: Way): Promise<Session> {
  const { config, clock, hooks, log } = options;
  const transport = options.createTransport(options.target, {
    server: config.id,
    clock,
    onLine: (stream, text) => log(stream, text),
  });
  announceProcess(transport, options.onProcess);
  const validator = new SchemaValidator();
  const client = new Client(
    { name: "switchgear", version: options.version },
    {
      capabilities: clientCapabilities(config),
      jsonSchemaValidator: validator,
      versionNegotiation: { mode: way === "negotiate" ? "auto" : way === "modern" ? { pin: modernVersion } : "legacy" },
      inputRequired: { autoFulfill: false },
      listChanged: {
        tools: {
          autoRefresh: false,
          debounceMs: 0,
          onChanged: () => {
            if (session) options.onToolsChanged(session);
          },
        },
        resources: { autoRefresh: false, debounceMs: 0, onChanged: () => offersChanged("resources") },
        prompts: { autoRefresh: false, debounceMs: 0, onChanged: () => offersChanged("prompts") },
      },
    },
  );
  const offersChanged = (kind: OfferKind) => session && options.onOffersChanged(session, kind);
  let session: Session | undefined;
  const calls = new ServerCalls(clock, options.target.roots ?? []);
  answerServer(client, transport, { config, calls, log });
  client.onerror = (error) => log("protocol", error.message);
  client.setNotificationHandler("notifications/resources/updated", ({ params }) => hooks.onResourceUpdated(params.uri));
  try {
    await connectWithin(client, transport, options);
    session = new Session({ server: config.id, client, transport, clock, calls, validator, hooks });
    if (!session.isOpen) throw new Error("it ended right after the handshake");
    return session;
  } catch (cause) {
    const { signal } = options;
    const error = toTransportError(cause, { server: config.id, sent: false, signal, fault: transport.fault() });
    if (transport.fault() && options.target.kind === "stdio") options.onExit();
    await transport.close().catch((closing: Error) => log("connection", `It did not close: ${closing.message}`));
    throw error;
  }
}

/** The handshake within the server's `timeout`; ends at once on abort, whatever the SDK is waiting for. */
async function connectWithin(
  client: Client,
  transport: ServerTransport,
  { config, clock, signal }: OpenSessionOptions,
): Promise<void> {
  const limit = new AbortController();
  const late = new MCPTimeoutError(`it did not answer the handshake within ${config.timeout} ms.`, config.timeout, {
    sent: false,
    hint: "See its log, or raise `timeout` in its file.",
  });
  const timer = clock.schedule(config.timeout, () => limit.abort(late));
  const either = AbortSignal.any([signal, limit.signal]);
  try {
    await new Promise<void>((resolve, reject) => {
      const stop = () => reject(either.reason);
      if (either.aborted) return stop();
      either.addEventListener("abort", stop, { once: true });
      client.connect(transport, { signal: either, timeout: unboundedMs }).then(resolve, reject);
    });
  } finally {
    timer[Symbol.dispose]();
  }
}

/** Says which process was started as soon as it is there: one whose handshake hangs must be known too. */
function announceProcess(transport: ServerTransport, onProcess: (pid: number) => void): void {
  const start = transport.start.bind(transport);
  transport.start = async () => {
    await start();
    const pid = transport.pid();
    if (pid !== null) onProcess(pid);
  };
}
