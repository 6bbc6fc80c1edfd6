import { Button } from "@mantine/core";
import { IconMessage, IconMessageOff } from "@tabler/icons-react";
import { useMemo } from "react";
import { Link, useSearchParams } from "react-router-dom";
import { usePrompts } from "../api/use-offers.ts";
import { useServers } from "../api/use-servers.ts";
import { EmptyState } from "../components/empty-state.tsx";
import { ErrorState } from "../components/error-state.tsx";
import { ListAndDetail } from "../components/list-and-detail.tsx";
import { NoOffers } from "../features/offers/no-offers.tsx";
import { OfferListSkeleton } from "../features/offers/offer-list-skeleton.tsx";
import { PromptDetail } from "../features/prompts/prompt-detail.tsx";
import { PromptList } from "../features/prompts/prompt-list.tsx";

/** What servers keep ready to be said to a model, and what it becomes. */
export function PromptsPage() {
  const [params] = useSearchParams();
  const server = params.get("server");
  const name = params.get("prompt");
  const prompts = usePrompts();
  const servers = useServers();
  const titles = useMemo(() => new Map(servers.data?.map(({ id, title }) => [id, title])), [servers.data]);

  if (prompts.isError) return <ErrorState error={prompts.error} onRetry={() => void prompts.refetch()} />;
  if (prompts.isSuccess && prompts.data.length === 0 && name === null) return <NoOffers noun="prompt" />;
  const prompt = prompts.data?.find((other) => other.server === server && other.name === name);
  return (
    <ListAndDetail
      list={
        prompts.isPending ? (
          <OfferListSkeleton noun="prompt" />
        ) : (
          <PromptList prompts={prompts.data} titles={titles} server={server} prompt={name} />
        )
      }
    >
      {prompt ? (
        <PromptDetail
          key={`${prompt.server} ${prompt.name}`}
          prompt={prompt}
          serverTitle={titles.get(prompt.server) ?? prompt.server}
        />
      ) : name !== null && prompts.isSuccess ? (
        <EmptyState
          icon={IconMessageOff}
          title="No such prompt"
          action={
            <Button component={Link} to="/prompts" variant="default">
              Show all prompts
            </Button>
          }
        >
          The server lists no prompt of that name now. It may have been renamed, or its server is gone from the catalog.
        </EmptyState>
      ) : (
        prompts.isSuccess && (
          <EmptyState icon={IconMessage} title="Choose a prompt">
            What it asks for and the messages that it becomes appear here. Press <kbd>/</kbd> to search.
          </EmptyState>
        )
      )}
    </ListAndDetail>
  );
}
