import { Button } from "@mantine/core";
import { IconTool, IconToolsOff } from "@tabler/icons-react";
import { useMemo } from "react";
import { Link, useSearchParams } from "react-router-dom";
import { useServers } from "../api/use-servers.ts";
import { useTools } from "../api/use-tools.ts";
import { EmptyState } from "../components/empty-state.tsx";
import { ErrorState } from "../components/error-state.tsx";
import { ListAndDetail } from "../components/list-and-detail.tsx";
import { NoOffers } from "../features/offers/no-offers.tsx";
import { OfferListSkeleton } from "../features/offers/offer-list-skeleton.tsx";
import { ToolDetail } from "../features/tools/tool-detail.tsx";
import { ToolList } from "../features/tools/tool-list.tsx";

/** What can be called, and what happens when one does. */
export function ToolsPage() {
  const [params] = useSearchParams();
  const server = params.get("server");
  const name = params.get("tool");
  const tools = useTools();
  const servers = useServers();
  const titles = useMemo(() => new Map(servers.data?.map(({ id, title }) => [id, title])), [servers.data]);

  if (tools.isError) return <ErrorState error={tools.error} onRetry={() => void tools.refetch()} />;
  if (tools.isSuccess && tools.data.length === 0 && name === null) return <NoOffers noun="tool" />;
  const tool = tools.data?.find((other) => other.server === server && other.name === name);
  return (
    <ListAndDetail
      list={
        tools.isPending ? (
          <OfferListSkeleton noun="tool" />
        ) : (
          <ToolList tools={tools.data} titles={titles} server={server} tool={name} />
        )
      }
    >
      {tool ? (
        <ToolDetail
          key={`${tool.server}.${tool.name}`}
          tool={tool}
          serverTitle={titles.get(tool.server) ?? tool.server}
        />
      ) : name !== null && tools.isSuccess ? (
        <EmptyState
          icon={IconToolsOff}
          title="No such tool"
          action={
            <Button component={Link} to="/tools" variant="default">
              Show all tools
            </Button>
          }
        >
          The server lists no tool of that name now. It may have been renamed, or its server is gone from the catalog.
        </EmptyState>
      ) : (
        tools.isSuccess && (
          <EmptyState icon={IconTool} title="Choose a tool">
            Its form, its permission and its last calls appear here. Press <kbd>/</kbd> to search.
          </EmptyState>
        )
      )}
    </ListAndDetail>
  );
}
