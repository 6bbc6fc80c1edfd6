import type { ResourceView } from "../../../shared/offer.ts";
import { formatBytes, formatMoment } from "../../components/format.ts";
import { InertText } from "../../components/inert-text.tsx";
import classes from "../offers/offer-detail.module.css";
import { Aside, Fact, OfferFacts, PermissionFact, serverIsDown } from "../offers/offer-facts.tsx";
import { ResourceReader } from "./resource-reader.tsx";
import { useReadPermission } from "./use-read-permission.ts";

type ResourceDetailProps = {
  server: string;
  uri: string;
  /** As its server lists it; a template or an answer may name one that is in no list. */
  resource: ResourceView | undefined;
  serverTitle: string;
};

/** One resource: what its server says of it, and what it holds once it is read. */
export function ResourceDetail({ server, uri, resource, serverTitle }: ResourceDetailProps) {
  const permission = useReadPermission(server, uri, resource);
  const size = resource?.size ?? null;
  const told = resource ? claimsOf(resource.annotations) : [];
  return (
    <div className={classes.detail}>
      <OfferFacts
        title={resource?.title ?? null}
        name={resource?.name ?? uri}
        serverTitle={serverTitle}
        stale={resource?.stale ? serverIsDown : null}
        description={resource?.description ?? null}
      >
        <Fact label="Address">
          <InertText text={uri} maxLength={2000} mono />
          {!resource && <Aside>· not in the server’s list</Aside>}
        </Fact>
        {(resource?.mimeType || size !== null) && (
          <Fact label="Type">
            {resource?.mimeType && <InertText text={resource.mimeType} maxLength={120} mono />}
            {size !== null && <Aside>{formatBytes(size)}</Aside>}
          </Fact>
        )}
        {told.length > 0 && (
          <Fact label="Its server claims">
            <Aside>
              <InertText text={told.join(" · ")} maxLength={300} />
            </Aside>
          </Fact>
        )}
        {permission && <PermissionFact permission={permission} conditional="" />}
      </OfferFacts>
      <ResourceReader server={server} uri={uri} name={resource?.name ?? uri} />
    </div>
  );
}

/** What a server says beside the content: for whom it is, how important, and when it last changed. */
function claimsOf({ audience, priority, lastModified }: Record<string, unknown>): string[] {
  const claims: string[] = [];
  if (Array.isArray(audience) && audience.length > 0) claims.push(`for ${audience.map(String).join(" and ")}`);
  if (typeof priority === "number") claims.push(`priority ${priority}`);
  const at = typeof lastModified === "string" ? Date.parse(lastModified) : Number.NaN;
  if (!Number.isNaN(at)) claims.push(`changed ${formatMoment(at)}`);
  return claims;
}
