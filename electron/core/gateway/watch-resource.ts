/** What a client waits for to change, as it names it. */

import { ProtocolError, ResourceNotFoundError } from "@modelcontextprotocol/server";
import type { OwnSubscriptions } from "../offers/own-subscriptions.ts";
import { toProtocolError } from "./error-answer.ts";
import type { ExposedUris } from "./exposed-uris.ts";
import type { Sight } from "./sight.ts";

type Parts = { uris: ExposedUris; sight: Sight };

/** How many resources one session or stream may wait for. */
const mostWatched = 1_000;
/** JSON-RPC: the request cannot be served as it is. */
const invalidRequest = -32_600;

/** @throws ProtocolError where there is no such resource, it may not be read, or its server does not tell of changes */
export async function watch({ uris, sight }: Parts, watched: OwnSubscriptions, exposed: string): Promise<void> {
  const own = uris.find(exposed);
  if (!own || !sight.sees(own.server, "resources/read")) throw new ResourceNotFoundError(exposed);
  if (watched.list().length >= mostWatched) {
    throw new ProtocolError(invalidRequest, `At most ${mostWatched} resources can be waited for at once.`);
  }
  try {
    await watched.add(own);
  } catch (error) {
    throw toProtocolError(error);
  }
}

export async function unwatch({ uris }: Parts, watched: OwnSubscriptions, exposed: string): Promise<void> {
  const own = uris.find(exposed);
  if (own) await watched.remove(own);
}
