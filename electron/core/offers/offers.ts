import type { Completion } from "../../../shared/offer.ts";
import { complete, type CompletionRequest } from "./complete.ts";
import { OfferViews } from "./offer-views.ts";
import { ResourceSubscriptions, type SubscriptionParts } from "./resource-subscriptions.ts";

/** What servers offer beside tools. Reading a resource and getting a prompt take the path, as `invoke` and `report`. */
export type Offers = {
  views: OfferViews;
  subscriptions: ResourceSubscriptions;
  complete(request: CompletionRequest, signal?: AbortSignal): Promise<Completion>;
};

export function openOffers(parts: SubscriptionParts): Offers {
  return {
    views: new OfferViews(parts),
    subscriptions: new ResourceSubscriptions(parts),
    complete: (request, signal) => complete(parts, request, signal),
  };
}
