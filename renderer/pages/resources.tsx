import { Button } from "@mantine/core";
import { IconFileOff, IconFileText } from "@tabler/icons-react";
import { useMemo } from "react";
import { Link, useSearchParams } from "react-router-dom";
import { useResources, useResourceTemplates } from "../api/use-offers.ts";
import { useServers } from "../api/use-servers.ts";
import { EmptyState } from "../components/empty-state.tsx";
import { ErrorState } from "../components/error-state.tsx";
import { ListAndDetail } from "../components/list-and-detail.tsx";
import { NoOffers } from "../features/offers/no-offers.tsx";
import { OfferListSkeleton } from "../features/offers/offer-list-skeleton.tsx";
import { ResourceDetail } from "../features/resources/resource-detail.tsx";
import { ResourceList } from "../features/resources/resource-list.tsx";
import { TemplateDetail } from "../features/resources/template-detail.tsx";

/** What servers hold that can be read, and what it says. */
export function ResourcesPage() {
  const [params] = useSearchParams();
  const [server, uri, template] = ["server", "uri", "template"].map((name) => params.get(name)) as Pointed;
  const resources = useResources();
  const templates = useResourceTemplates();
  const servers = useServers();
  const titles = useMemo(() => new Map(servers.data?.map(({ id, title }) => [id, title])), [servers.data]);

  const failed = [resources, templates].find(({ isError }) => isError);
  if (failed) return <ErrorState error={failed.error} onRetry={() => void failed.refetch()} />;
  const isKnown = resources.isSuccess && templates.isSuccess;
  const isEmpty = isKnown && resources.data.length + templates.data.length === 0;
  if (isEmpty && (server === null || uri === null)) return <NoOffers noun="resource" />;

  const chosen = templates.data?.find((other) => other.server === server && other.uriTemplate === template);
  const serverTitle = titles.get(server ?? "") ?? server ?? "";
  return (
    <ListAndDetail
      list={
        isKnown ? (
          <ResourceList resources={resources.data} templates={templates.data} {...{ titles, server, uri, template }} />
        ) : (
          <OfferListSkeleton noun="resource" />
        )
      }
    >
      {!isKnown ? null : server !== null && uri !== null ? (
        <ResourceDetail
          key={`${server} ${uri}`}
          {...{ server, uri, serverTitle }}
          resource={resources.data.find((other) => other.server === server && other.uri === uri)}
        />
      ) : chosen ? (
        <TemplateDetail key={`${chosen.server} ${chosen.uriTemplate}`} template={chosen} serverTitle={serverTitle} />
      ) : template !== null ? (
        <EmptyState
          icon={IconFileOff}
          title="No such template"
          action={
            <Button component={Link} to="/resources" variant="default">
              Show all resources
            </Button>
          }
        >
          The server lists no template of that address now, or it is gone from the catalog.
        </EmptyState>
      ) : (
        <EmptyState icon={IconFileText} title="Choose a resource">
          What its server says of it and what it holds appear here. Press <kbd>/</kbd> to search.
        </EmptyState>
      )}
    </ListAndDetail>
  );
}

type Pointed = [server: string | null, uri: string | null, template: string | null];
