import { Button, Skeleton } from "@mantine/core";
import { IconFileUnknown, IconFolderOpen } from "@tabler/icons-react";
import { useMemo } from "react";
import { useSearchParams } from "react-router-dom";
import { usePolicy } from "../api/use-policy.ts";
import { useRevealFolder, useStatus } from "../api/use-status.ts";
import { useTools } from "../api/use-tools.ts";
import { EmptyState } from "../components/empty-state.tsx";
import { ErrorState } from "../components/error-state.tsx";
import { PageHeader } from "../components/page-header.tsx";
import { countDeciding, readLine } from "../features/policy/deciding-lines.ts";
import { PolicyFileView } from "../features/policy/policy-file.tsx";
import { PolicyState } from "../features/policy/policy-state.tsx";
import classes from "./policy.module.css";

/** What is allowed: the policy file as it stands, and what is wrong with it. */
export function PolicyPage() {
  const policy = usePolicy();
  const tools = useTools();
  const status = useStatus();
  const reveal = useRevealFolder();
  const [params] = useSearchParams();
  const problems = policy.data?.status.state === "invalid" ? policy.data.status.problems : [];
  const deciding = useMemo(() => countDeciding(tools.data ?? []), [tools.data]);

  return (
    <div className={classes.page}>
      <PageHeader
        title="Policy"
        description={policy.data && <code className={classes.path}>{policy.data.status.file}</code>}
      >
        <Button
          variant="default"
          leftSection={<IconFolderOpen size={14} aria-hidden />}
          onClick={() => reveal.mutate("policy")}
        >
          Show in folder
        </Button>
      </PageHeader>
      {policy.isPending && <Skeleton height={320} aria-label="Reading the policy" />}
      {policy.isError && <ErrorState error={policy.error} onRetry={() => void policy.refetch()} />}
      {policy.isSuccess && (
        <>
          <PolicyState
            status={policy.data.status}
            text={policy.data.text}
            environment={status.data?.environment ?? "production"}
          />
          <div className={classes.file}>
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
              <PolicyFileView
                text={policy.data.text}
                problems={problems}
                deciding={deciding}
                line={readLine(params.get("line")) ?? problems.find((problem) => problem.line !== null)?.line ?? null}
              />
            )}
          </div>
        </>
      )}
    </div>
  );
}
