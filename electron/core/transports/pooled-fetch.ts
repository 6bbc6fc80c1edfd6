import { setMaxListeners } from "node:events";
import type { Readable } from "node:stream";
import type { FetchLike } from "@modelcontextprotocol/client";
import type { Dispatcher } from "undici";
import { MCPTransportError } from "../errors.ts";
import type { Clock } from "../ports.ts";
import { httpFailure } from "./http-failure.ts";
import type { HttpPool } from "./http-pool.ts";
import { MessageMeter } from "./message-meter.ts";
import { networkFailure } from "./network-failure.ts";
import { parseRetryAfter } from "./retry-after.ts";
import type { Exchange } from "./server-transport.ts";

/** Carries a flight's key from `send` to the request that it becomes; never leaves the process. */
export const flightHeader = "x-switchgear-flight";

/** One exchange on its way through HTTP. */
export type Flight = {
  exchange: Exchange;
  /** What broke the stream of its answer, which the SDK does not pass on. */
  failure?: MCPTransportError;
};

export type PooledFetchOptions = {
  server: string;
  clock: Clock;
  pool: HttpPool;
  maxResponseBytes: number;
  flightFor(key: string | undefined): Flight | undefined;
  bytes: { received: number; sent: number };
};

/** Answers that say when to come back, or that the server is unwell: the SDK would drop what they say. */
const failsAtOnce = (status: number) => status >= 500 || [408, 413, 425, 429].includes(status);

/** `fetch` as the SDK takes it, over the server's pool: it knows what was sent, caps what comes back and fails with our errors. */
export function pooledFetch(options: PooledFetchOptions): FetchLike {
  const { server, clock, pool, bytes } = options;

  return async (url, init) => {
    const headers = Object.fromEntries(new Headers(init?.headers));
    const flight = options.flightFor(headers[flightHeader]) ?? { exchange: { sent: false, responseBytes: null } };
    delete headers[flightHeader];
    const body = typeof init?.body === "string" ? init.body : null;
    if (body !== null) bytes.sent += Buffer.byteLength(body);
    // The SDK hands every request the transport's own signal, and each listens to it.
    if (init?.signal) setMaxListeners(0, init.signal);
    flight.exchange.sent = true;
    try {
      const method = init?.method ?? "GET";
      const answer = await pool.request(url, { method, headers, body, signal: init?.signal });
      const { statusCode: status } = answer;
      const response = await toResponse(answer, flight, options);
      if (!failsAtOnce(status)) return response;
      const retryAfterMs = parseRetryAfter(response.headers.get("retry-after"), clock.wallNow());
      throw httpFailure({ server, status, text: await response.text(), retryAfterMs });
    } catch (error) {
      const failure = networkFailure(error, server, true);
      if (failure?.sent === false) flight.exchange.sent = false;
      throw failure ?? error;
    }
  };
}

/** A stream of events is handed on as it comes; anything else is read whole, within the cap. */
async function toResponse(
  answer: Dispatcher.ResponseData,
  flight: Flight,
  options: PooledFetchOptions,
): Promise<Response> {
  const headers = toHeaders(answer.headers);
  const encoding = headers.get("content-encoding") ?? "identity";
  // It was not asked for, and unpacked it could outgrow the cap unseen.
  if (encoding !== "identity") return refuseEncoded(answer.body, encoding, options.server);

  const isStream = headers.get("content-type")?.startsWith("text/event-stream") === true;
  const meter = new MessageMeter(options.maxResponseBytes, isStream);
  const count = (chunk: Uint8Array) => {
    options.bytes.received += chunk.length;
    flight.exchange.responseBytes = (flight.exchange.responseBytes ?? 0) + chunk.length;
    if (!meter.push(chunk)) throw tooLarge(options);
  };
  const fail = (error: unknown) => {
    const failure = error instanceof MCPTransportError ? error : networkFailure(error, options.server, true);
    if (failure) flight.failure = failure;
    return failure ?? error;
  };
  const body = isStream ? streamed(answer.body, count, fail) : await buffered(answer.body, count);
  const hasNoBody = [204, 205, 304].includes(answer.statusCode);
  return new Response(hasNoBody ? null : body, { status: answer.statusCode, headers });
}

async function buffered(body: Readable, count: (chunk: Uint8Array) => void): Promise<Buffer<ArrayBuffer>> {
  const chunks: Buffer[] = [];
  for await (const chunk of body as AsyncIterable<Buffer>) {
    count(chunk);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function streamed(
  body: Readable,
  count: (chunk: Uint8Array) => void,
  fail: (error: unknown) => unknown,
): ReadableStream<Uint8Array> {
  const chunks = (body as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await chunks.next();
        if (done) return controller.close();
        count(value);
        controller.enqueue(value);
      } catch (error) {
        body.destroy();
        throw fail(error);
      }
    },
    cancel: () => void body.destroy(),
  });
}

function toHeaders(received: Dispatcher.ResponseData["headers"]): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(received)) {
    for (const each of Array.isArray(value) ? value : [value]) if (each !== undefined) headers.append(name, each);
  }
  return headers;
}

function refuseEncoded(body: Readable, encoding: string, server: string): never {
  body.on("error", () => {}).destroy();
  throw new MCPTransportError("transport_error", `"${server}" answered in the encoding ${encoding}, unasked.`, {
    sent: true,
    hint: "Turn off compression for this address on the server or the proxy before it.",
  });
}

function tooLarge({ server, maxResponseBytes }: PooledFetchOptions): MCPTransportError {
  return new MCPTransportError("payload_too_large", `"${server}" answered with more than ${maxResponseBytes} bytes.`, {
    sent: true,
    hint: "Ask for less, or raise `max_response_size` in the server's file.",
  });
}
