import { Button } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { IconMessage, IconTestPipe } from "@tabler/icons-react";
import { useCallback, useState } from "react";
import type { PromptView } from "../../../shared/offer.ts";
import { call } from "../../api/client.ts";
import { formatCount } from "../../components/format.ts";
import { CompletedField, filled } from "../offers/completed-field.tsx";
import classes from "../offers/offer-detail.module.css";
import { OfferFacts, PermissionFact, serverIsDown } from "../offers/offer-facts.tsx";
import { modifierKey } from "../shell/modifier-key.ts";
import { CallPanel } from "../tools/call-panel.tsx";
import { promptKey, useRun, useTexts, type Args } from "../tools/call-store.ts";
import { DryRun } from "../tools/dry-run.tsx";
import { useStart } from "../tools/use-start.ts";
import fields from "./prompt-detail.module.css";
import { PromptMessages } from "./prompt-messages.tsx";

/** One prompt: what it is, what it asks for, and the messages that it becomes. */
export function PromptDetail({ prompt, serverTitle }: { prompt: PromptView; serverTitle: string }) {
  const { server, name } = prompt;
  const key = promptKey(server, name);
  const [values, setValue] = useTexts(key);
  const run = useRun(key);
  const send = useCallback(
    (id: string, args: Args) => call("prompts.get", { id, server, name, arguments: args as Record<string, string> }),
    [server, name],
  );
  const start = useStart(key, send);
  const [tried, setTried] = useState(false);
  const [previewed, setPreviewed] = useState<Record<string, string> | null>(null);
  const isRunning = run?.state === "running";
  const given = filled(values);
  const missing = prompt.arguments.filter((asked) => asked.required && given[asked.name] === undefined);
  const get = () => {
    if (isRunning) return;
    setTried(true);
    if (missing.length > 0) return;
    setPreviewed(null);
    void start(given);
  };
  // Fields are not left out: the arguments are what one types when one wants to get it.
  useHotkeys([["mod+Enter", get]], []);
  return (
    <div className={classes.detail}>
      <OfferFacts
        title={prompt.title}
        name={name}
        serverTitle={serverTitle}
        stale={prompt.stale ? serverIsDown : null}
        description={prompt.description}
      >
        <PermissionFact permission={prompt.permission} conditional="may differ by arguments: try a dry run" />
      </OfferFacts>
      <div className={classes.columns}>
        <section className={classes.card} aria-label="Arguments">
          <div className={fields.fields}>
            {prompt.arguments.length === 0 && <p className={fields.none}>This prompt takes no arguments.</p>}
            {prompt.arguments.map((asked) => (
              <CompletedField
                key={asked.name}
                server={server}
                completes={{ kind: "prompt", name }}
                name={asked.name}
                label={asked.title}
                description={asked.description}
                required={asked.required}
                multiline
                error={tried && missing.includes(asked) ? "It is required." : null}
                value={values[asked.name] ?? ""}
                values={values}
                onChange={(value) => setValue(asked.name, value)}
              />
            ))}
          </div>
          <div className={classes.actions}>
            <Button leftSection={<IconMessage size={14} aria-hidden />} disabled={isRunning} onClick={get}>
              Get
            </Button>
            <Button
              variant="default"
              leftSection={<IconTestPipe size={14} aria-hidden />}
              onClick={() => setPreviewed(given)}
            >
              Dry run
            </Button>
            <span className={classes.note} role="status">
              {tried && missing.length > 0 ? (
                <span className={classes.problem}>
                  Not sent: {formatCount(missing.length, "argument")} {missing.length === 1 ? "is" : "are"} missing.
                </span>
              ) : (
                <>
                  <kbd>{modifierKey}</kbd> <kbd>Enter</kbd> gets it
                </>
              )}
            </span>
          </div>
        </section>
        <div className={classes.outcome}>
          {previewed && (
            <DryRun
              asked={{ server, tool: "prompts/get", method: "prompts/get", args: { name, arguments: previewed } }}
              outdated={JSON.stringify(previewed) !== JSON.stringify(given)}
              onClose={() => setPreviewed(null)}
            />
          )}
          {run && (
            <CallPanel
              runKey={key}
              run={run}
              title="Messages"
              again="Get again"
              onRunAgain={() => !isRunning && void start(run.args)}
            >
              {(result) => <PromptMessages result={result} origin={{ server, name }} />}
            </CallPanel>
          )}
        </div>
      </div>
    </div>
  );
}
