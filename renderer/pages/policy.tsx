import { Button, Skeleton, Tabs } from "@mantine/core";
import { IconFileUnknown } from "@tabler/icons-react";
import { useMemo } from "react";
import { useLocation, useSearchParams } from "react-router-dom";
import { usePolicy } from "../api/use-policy.ts";
import { useServers } from "../api/use-servers.ts";
import { useStatus } from "../api/use-status.ts";
import { useTools } from "../api/use-tools.ts";
import { EmptyState } from "../components/empty-state.tsx";
import { ErrorState } from "../components/error-state.tsx";
import { PageHeader } from "../components/page-header.tsx";
import { countDeciding, readLine } from "../features/policy/deciding-lines.ts";
import { policyViews, usePolicyDesk, usePolicyDeskStore } from "../features/policy/policy-desk.ts";
import { LevelMatrix } from "../features/policy/level-matrix.tsx";
import { PolicyState } from "../features/policy/policy-state.tsx";
import { PolicyText } from "../features/policy/policy-text.tsx";
import { Replay } from "../features/policy/replay.tsx";
import { Simulator } from "../features/policy/simulator.tsx";
import { FolderButton } from "../features/shell/folder-button.tsx";
import { useFilledCall } from "../features/policy/use-filled-call.ts";
import classes from "./policy.module.css";

/** What is allowed, and what if: the policy's text beside a simulator for one call and a replay of those that were made. */
export function PolicyPage() {
  const policy = usePolicy();
  const status = useStatus();
  const environment = status.data?.environment ?? "production";
  useFilledCall();

  return (
    <div className={classes.page}>
      <PageHeader
        title="Policy"
        description={policy.data && <code className={classes.path}>{policy.data.status.file}</code>}
      >
        {policy.data && <FolderButton folder="policy" path={policy.data.status.file} />}
      </PageHeader>
      {policy.isPending && <Skeleton height={320} aria-label="Reading the policy" />}
      {policy.isError && <ErrorState error={policy.error} onRetry={() => void policy.refetch()} />}
      {policy.isSuccess && (
        <>
          <PolicyState status={policy.data.status} text={policy.data.text} environment={environment} />
          {policy.data.text === null ? (
            <EmptyState
              icon={IconFileUnknown}
              title="The file cannot be read"
              action={
                <Button variant="default" onClick={() => void policy.refetch()}>
                  Read it again
                </Button>
              }
            >
              Its text appears here once it can be. Until then every call is refused.
            </EmptyState>
          ) : (
            <Desk status={policy.data.status} file={policy.data.text} environment={environment} />
          )}
        </>
      )}
    </div>
  );
}

type Policy = NonNullable<ReturnType<typeof usePolicy>["data"]>;

function Desk({ status, file, environment }: { status: Policy["status"]; file: string; environment: string }) {
  const store = usePolicyDeskStore();
  const view = usePolicyDesk((desk) => desk.view);
  const draft = usePolicyDesk((desk) => desk.draft?.text ?? null);
  const tools = useTools();
  const servers = useServers();
  const [params] = useSearchParams();
  const { key } = useLocation();
  const problems = status.state === "invalid" ? status.problems : none;
  const environments = status.state === "valid" ? status.environments : none;
  const deciding = useMemo(() => countDeciding(tools.data ?? []), [tools.data]);
  const names = {
    tool: (tools.data ?? []).map((tool) => `${tool.server}.${tool.name}`),
    server: (servers.data ?? []).map((server) => server.id),
    environment: [...new Set([environment, ...environments])],
  };
  return (
    <div className={classes.desk}>
      <PolicyText
        file={file}
        problems={problems}
        deciding={deciding}
        names={names}
        line={readLine(params.get("line")) ?? problems.find((problem) => problem.line !== null)?.line ?? null}
        asked={key}
      />
      <Tabs
        value={view}
        onChange={(value) => store.setState({ view: policyViews.find((known) => known === value) ?? "call" })}
        className={classes.whatIf}
        classNames={{ panel: classes.panel }}
      >
        <Tabs.List aria-label="What if">
          <Tabs.Tab value="call">One call</Tabs.Tab>
          <Tabs.Tab value="replay">Replay</Tabs.Tab>
          <Tabs.Tab value="levels">Every tool</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="call">
          <Simulator environment={environment} environments={environments} />
        </Tabs.Panel>
        <Tabs.Panel value="replay">
          <Replay text={draft ?? file} isDraft={draft !== null} />
        </Tabs.Panel>
        <Tabs.Panel value="levels">
          <LevelMatrix text={draft} />
        </Tabs.Panel>
      </Tabs>
    </div>
  );
}

const none: never[] = [];
