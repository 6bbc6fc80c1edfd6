import { IconBraces, IconBellRinging } from "@tabler/icons-react";
import { useMemo } from "react";
import type { ResourceTemplateView, ResourceView } from "../../../shared/offer.ts";
import { useResourceChange } from "../../api/use-offers.ts";
import { visibleText } from "../../components/hidden-characters.ts";
import { OfferList } from "../offers/offer-list.tsx";
import { resourcePath, templatePath } from "../offers/offer-paths.ts";
import { PermissionMark } from "../offers/permission-mark.tsx";
import { resourceKey, useRun } from "../tools/call-store.ts";
import classes from "./resource-list.module.css";

type Listed = ResourceView | ResourceTemplateView;

type ResourceListProps = {
  resources: readonly ResourceView[];
  templates: readonly ResourceTemplateView[];
  titles: ReadonlyMap<string, string>;
  /** What the address points to: a resource, a template, or of a server alone all that it has. */
  server: string | null;
  uri: string | null;
  template: string | null;
};

/** Every resource of every server, and behind those of each server its templates. */
export function ResourceList({ resources, templates, titles, server, uri, template }: ResourceListProps) {
  const offers = useMemo(() => [...resources, ...templates], [resources, templates]);
  const current =
    server === null
      ? null
      : uri !== null
        ? resourcePath({ server, uri })
        : template !== null
          ? templatePath({ server, uriTemplate: template })
          : null;
  return (
    <OfferList<Listed>
      noun="resource"
      offers={offers}
      titles={titles}
      server={server}
      current={current}
      pathOf={(offer) => (isTemplate(offer) ? templatePath(offer) : resourcePath(offer))}
      searched={addressOf}
      isLast={isTemplate}
      detailOf={(offer) => shortened(visibleText(addressOf(offer), 1000))}
      marksOf={marksOf}
    />
  );
}

function marksOf(offer: Listed) {
  return (
    <>
      {isTemplate(offer) ? (
        <span className={classes.template} title="A template: fill it in to find a resource">
          <IconBraces size={14} role="img" aria-label="template" />
        </span>
      ) : (
        <ChangeMark server={offer.server} uri={offer.uri} />
      )}
      {/* The address is all that a rule can look at, so nothing of it is open. */}
      <PermissionMark
        permission={{ ...offer.permission, conditional: isTemplate(offer) && offer.permission.conditional }}
      />
    </>
  );
}

/** Says that a resource changed since it was last read from here. */
function ChangeMark({ server, uri }: { server: string; uri: string }) {
  const changedAt = useResourceChange(server, uri);
  const run = useRun(resourceKey(server, uri));
  if (changedAt === undefined || (run && run.startedAt >= changedAt)) return null;
  return (
    <span className={classes.changed} title="It changed since it was read.">
      <IconBellRinging size={14} aria-hidden />
      Changed
    </span>
  );
}

/** An address whose middle is left out, as addresses of one server begin alike and end otherwise. */
function shortened(address: string): string {
  if (address.length <= 32) return address;
  const scheme = /^[^:/]{1,8}:/.exec(address)?.[0] ?? "";
  return `${scheme}…${address.slice(scheme.length - 31)}`;
}

function isTemplate(offer: Listed): offer is ResourceTemplateView {
  return "uriTemplate" in offer;
}

function addressOf(offer: Listed): string {
  return isTemplate(offer) ? offer.uriTemplate : offer.uri;
}
