/** What a client is given, and how that becomes the settings of a server. */

import { z } from "zod";
import type { CircuitBreakerSettings } from "../../../shared/circuit.ts";
import type { ServerConfig } from "../../../shared/server.ts";
import { readServerConfig } from "../catalog/server-file.ts";
import { MCPClientError } from "../errors.ts";
import type { Logger } from "../ports.ts";
import { defaultRetryPolicy, type RetryPolicy } from "../resilience/backoff.ts";
import { explainIssues, type Fault } from "../yaml/explain-issue.ts";
import type { Credentials } from "./credentials.ts";
import type { TransportType } from "./transport-type.ts";

/**
 * How a failed call is sent again, where that is safe. Left out: `max_attempts` 3 (the first included), `base_delay_ms` 100,
 * `max_delay_ms` 30000, `exponential_base` 2, `jitter` true (± 25 % from the second delay on).
 */
export interface RetryConfig extends Partial<RetryPolicy> {}

/**
 * When the circuit opens and closes. Left out: `failure_threshold` 5 consecutive failures, `success_threshold` 2,
 * `timeout_seconds` 60, `half_open_max_calls` 1 in flight, `per_tool` false.
 */
export interface CircuitBreakerConfig extends Partial<CircuitBreakerSettings> {}

/** What every server may be given, whatever its transport. */
export type CommonConfig = {
  /** Default `true`; calls of a server that is not are refused with `server_disabled`. */
  enabled?: boolean;
  /** Whether the server's `readOnlyHint` and `idempotentHint` count when a failed call may be sent again. Default `false`. */
  trusted?: boolean;
  /** Bound on one attempt, milliseconds. Default 30000. */
  timeout?: number;
  /** Bound on the whole call, retries included, milliseconds. Default: four attempts' worth. */
  total_timeout?: number;
  /**
   * A shorter bound than `timeout` for tools that usually answer sooner: twice the 99th percentile of a tool's last 200 attempts, never
   * under `floor_seconds` and not before 30 answers of this client. A call's own `timeout` goes before it. Default: off.
   */
  adaptive_timeout?: {
    /** Default `false`. */
    enabled?: boolean;
    /** Seconds; default 1. */
    floor_seconds?: number;
  };
  /** Bound on the serialised arguments, bytes. Default 1 MiB. */
  max_payload_size?: number;
  /** Bound on one message from the server, bytes. Default 10 MiB. */
  max_response_size?: number;
  /** Revision of the protocol: `modern` is 2026-07-28, `legacy` 2025-11-25 and older. Default `auto`. */
  protocol?: "auto" | "modern" | "legacy";
  /** Silence after which a session is pinged before it is used again, milliseconds; 0 turns pings off. Default 30000. */
  keep_alive?: number;
};

/** A process that is started and spoken to over its standard input and output. */
export type StdioConfig = CommonConfig & {
  /** The program: its name, looked up in PATH, or its path. */
  command: string;
  /** Default: none. */
  args?: string[];
  /** Added to a safe base environment; nothing else is inherited. A value may be `env://NAME`. */
  env?: Record<string, string>;
  /** The folder that it starts in. Default: that of this process. */
  cwd?: string;
};

/** A server that is dialled. */
export type UrlConfig = CommonConfig & {
  /** `http://` or `https://` for HTTP, `ws://` or `wss://` for WEBSOCKET. */
  url: string;
  /** A value, or its last word, may be `env://NAME`: `Bearer env://TOKEN`. */
  headers?: Record<string, string>;
};

/** How one server is reached. */
export type ServerOptions = (
  | {
      /** A process that is started. */
      transport: typeof TransportType.STDIO;
      /** Which, and its limits. */
      config: StdioConfig;
    }
  | {
      /** A server that is dialled. */
      transport: typeof TransportType.HTTP | typeof TransportType.WEBSOCKET;
      /** Where it is, and its limits. */
      config: UrlConfig;
    }
) & {
  /** Default: three attempts. */
  retryConfig?: RetryConfig;
  /** Default: opens after five failures in a row, for a minute. */
  circuitBreakerConfig?: CircuitBreakerConfig;
  /** Credentials that its session is opened with. */
  auth?: Credentials;
};

/** What a client takes from its program. */
export type Surroundings = {
  /** Where `env://NAME` and MAGSAG_MCP_ENABLED are looked up. Default `process.env`. */
  env?: Readonly<Record<string, string | undefined>>;
  /** Hears how calls and connections fare; secrets are masked. Silent unless given. */
  logger?: Logger;
};

const retrySchema = z.strictObject({
  max_attempts: z.number().int().min(1).max(11).default(defaultRetryPolicy.max_attempts),
  base_delay_ms: z.number().min(0).default(defaultRetryPolicy.base_delay_ms),
  max_delay_ms: z.number().min(0).default(defaultRetryPolicy.max_delay_ms),
  exponential_base: z.number().min(1).default(defaultRetryPolicy.exponential_base),
  jitter: z.boolean().default(defaultRetryPolicy.jitter),
});

/**
 * A client's options as a server's settings, the same that a server file has.
 * @throws MCPClientError `config_invalid`, which names every setting at fault and no secret.
 */
export function toServerConfig(serverName: string, options: ServerOptions): ServerConfig {
  const { transport, config, circuitBreakerConfig } = options;
  const read = readServerConfig({
    ...config,
    id: serverName,
    transport,
    ...(circuitBreakerConfig && { circuit_breaker: circuitBreakerConfig }),
  });
  if ("config" in read) return read.config;
  throw invalid(`The settings of server ${JSON.stringify(serverName)}`, read.faults);
}

/** @throws MCPClientError `config_invalid` */
export function toRetryPolicy(serverName: string, config: RetryConfig = {}): RetryPolicy {
  const parsed = retrySchema.safeParse(config);
  if (parsed.success) return parsed.data;
  throw invalid(`The retryConfig of server "${serverName}"`, explainIssues(parsed.error.issues, config));
}

function invalid(what: string, faults: readonly Fault[]): MCPClientError {
  const told = faults.map(({ path, message }) => (path.length > 0 ? `${path.join(".")}: ${message}` : message));
  return new MCPClientError("config_invalid", `${what} cannot be used: ${told.join("; ")}.`, {
    hint: "Correct what is named; nothing was started or dialled.",
  });
}
