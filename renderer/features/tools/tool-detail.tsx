import { Button } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { IconBookmarkPlus, IconPlayerPlay, IconTestPipe } from "@tabler/icons-react";
import { useMemo, useState } from "react";
import type { ToolView } from "../../../shared/tool.ts";
import { useSavedRequests } from "../../api/use-saved-requests.ts";
import { formatCount } from "../../components/format.ts";
import { modifierKey } from "../shell/modifier-key.ts";
import { ArgumentsEditor } from "./arguments-editor.tsx";
import { CallPanel } from "./call-panel.tsx";
import { toolKey, useDraft, useRun, type Args } from "./call-store.ts";
import { DryRun } from "./dry-run.tsx";
import { NameRequest } from "./name-request.tsx";
import { RecentCalls } from "./recent-calls.tsx";
import { SavedRequests } from "./saved-requests.tsx";
import { judge } from "./schema-judge.ts";
import classes from "../offers/offer-detail.module.css";
import { ToolFacts } from "./tool-facts.tsx";
import { ToolResultView } from "./tool-result-view.tsx";
import { useRunTool } from "./use-run-tool.ts";

/** One tool: what it is, the arguments to call it with, and what came of it. */
export function ToolDetail({ tool, serverTitle }: { tool: ToolView; serverTitle: string }) {
  const key = toolKey(tool.server, tool.name);
  const [draft, setDraft] = useDraft(key, tool.inputSchema);
  const run = useRun(key);
  const start = useRunTool(tool.server, tool.name);
  const [tried, setTried] = useState(false);
  const [previewed, setPreviewed] = useState<Args | null>(null);
  const verdict = useMemo(() => judge(tool.inputSchema, draft.args), [tool.inputSchema, draft.args]);
  const problems = verdict.kind === "judged" ? verdict.problems.length : 0;
  const running = run?.state === "running";

  const saved = useSavedRequests(tool.server, tool.name);
  const [naming, setNaming] = useState(false);
  const load = (args: Args) => setDraft({ args, unreadable: null });
  const callSaved = (args: Args) => {
    load(args);
    if (!running) void start(args);
  };

  const call = () => {
    if (running || draft.unreadable) return;
    setTried(true);
    if (problems > 0) return;
    setPreviewed(null);
    void start(draft.args);
  };
  // Fields are not left out: the arguments are what one types when one wants to call.
  useHotkeys([["mod+Enter", call]], []);

  return (
    <div className={classes.detail}>
      <ToolFacts tool={tool} serverTitle={serverTitle} />
      <div className={classes.columns}>
        <section className={classes.card} aria-label="Arguments">
          <SavedRequests requests={saved} args={draft.args} onLoad={load} onCall={callSaved} />
          <ArgumentsEditor
            schema={tool.inputSchema}
            draft={draft}
            onChange={setDraft}
            verdict={verdict}
            showProblems={tried}
          />
          <div className={classes.actions}>
            <Button
              leftSection={<IconPlayerPlay size={14} aria-hidden />}
              disabled={running || draft.unreadable !== null}
              onClick={call}
            >
              Call
            </Button>
            <Button
              variant="default"
              leftSection={<IconTestPipe size={14} aria-hidden />}
              disabled={draft.unreadable !== null}
              onClick={() => setPreviewed(draft.args)}
            >
              Dry run
            </Button>
            <Button
              variant="default"
              leftSection={<IconBookmarkPlus size={14} aria-hidden />}
              disabled={draft.unreadable !== null}
              onClick={() => setNaming(true)}
            >
              Save…
            </Button>
            <span className={classes.note} role="status">
              {tried && problems > 0 ? (
                <span className={classes.problem}>
                  Not called: {formatCount(problems, "problem")} in the arguments.
                </span>
              ) : (
                <>
                  <kbd>{modifierKey}</kbd> <kbd>Enter</kbd> calls
                </>
              )}
            </span>
          </div>
          {naming && (
            <NameRequest
              request={{ server: tool.server, tool: tool.name, args: draft.args }}
              taken={saved.map(({ name }) => name)}
              onClose={() => setNaming(false)}
            />
          )}
        </section>
        <div className={classes.outcome}>
          {previewed && (
            <DryRun
              asked={{ server: tool.server, tool: tool.name, args: previewed }}
              outdated={JSON.stringify(previewed) !== JSON.stringify(draft.args)}
              onClose={() => setPreviewed(null)}
            />
          )}
          {run && (
            <CallPanel runKey={key} run={run} title="Result" again="Run again" onRunAgain={() => void start(run.args)}>
              {(result) => <ToolResultView result={result} origin={tool} outputSchema={tool.outputSchema} />}
            </CallPanel>
          )}
          <RecentCalls server={tool.server} tool={tool.name} />
        </div>
      </div>
    </div>
  );
}
