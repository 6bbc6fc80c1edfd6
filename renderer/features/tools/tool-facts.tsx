import { IconEye, IconFlame, IconRepeat, IconWorld, type Icon } from "@tabler/icons-react";
import { Link } from "react-router-dom";
import type { ToolView } from "../../../shared/tool.ts";
import { LevelBadge } from "../../components/badges.tsx";
import { InertText } from "../../components/inert-text.tsx";
import { pinPath, standingWords } from "../pins/pin-words.ts";
import { StandingBadge } from "../pins/standing-badge.tsx";
import { PolicyLineLink } from "../policy/policy-line-link.tsx";
import { timeoutWords } from "./timeout-words.ts";
import classes from "./tool-facts.module.css";

/** What a tool says it is, and what the policy says of it. */
export function ToolFacts({ tool, serverTitle }: { tool: ToolView; serverTitle: string }) {
  const title = tool.title ?? tool.annotations.title ?? null;
  const hints = hintsOf(tool);
  const timeout = timeoutWords(tool.timeout);
  return (
    <header className={classes.facts}>
      <div className={classes.names}>
        <h1 className={classes.title}>
          <InertText text={title ?? tool.name} maxLength={120} />
        </h1>
        <p className={classes.identity}>
          {title !== null && (
            <code>
              <InertText text={tool.name} maxLength={120} />
            </code>
          )}
          <span>
            on <InertText text={serverTitle} maxLength={120} />
          </span>
          {tool.stale && <span className={classes.stale}>stale: the server is down, this is what it last said</span>}
        </p>
      </div>
      {tool.description && (
        <div className={classes.description}>
          <InertText text={tool.description} multiline maxLength={600} expandable />
        </div>
      )}
      <dl className={classes.list}>
        <dt>Definition</dt>
        <dd>
          <StandingBadge standing={tool.standing} />
          <span className={classes.why}>{standingWords[tool.standing].meaning}</span>
          <Link to={pinPath({ server: tool.server, tool: tool.name })}>
            {tool.standing === "accepted" ? "Show its pin" : "Compare and decide"}
          </Link>
        </dd>
        <dt>Permission</dt>
        <dd>
          <LevelBadge level={tool.permission.level} />
          <span className={classes.why}>
            {tool.permission.level === null ? (
              "the policy file is invalid, so every call is refused"
            ) : (
              <>
                by <InertText text={tool.permission.rule} maxLength={120} mono />
              </>
            )}
          </span>
          {tool.permission.line !== null && <PolicyLineLink line={tool.permission.line} />}
          {tool.permission.conditional && <span className={classes.why}>· may differ by arguments: try a dry run</span>}
        </dd>
        <dt>Timeout</dt>
        <dd>
          <span>{timeout.bound}</span>
          {timeout.why !== null && <span className={classes.why}>· {timeout.why}</span>}
        </dd>
        {hints.length > 0 && (
          <>
            <dt>Its server claims</dt>
            <dd>
              {hints.map(({ icon: HintIcon, words }) => (
                <span key={words} className={classes.hint}>
                  <HintIcon size={14} aria-hidden />
                  {words}
                </span>
              ))}
            </dd>
          </>
        )}
      </dl>
    </header>
  );
}

function hintsOf({ annotations }: ToolView): { icon: Icon; words: string }[] {
  const { readOnlyHint, destructiveHint, idempotentHint, openWorldHint } = annotations;
  const hints: { icon: Icon; words: string; told: boolean }[] = [
    { icon: IconEye, words: "only reads", told: readOnlyHint === true },
    { icon: IconFlame, words: "may destroy", told: destructiveHint === true && readOnlyHint !== true },
    { icon: IconRepeat, words: "safe to repeat", told: idempotentHint === true },
    { icon: IconWorld, words: "reaches outside systems", told: openWorldHint === true },
  ];
  return hints.filter((hint) => hint.told);
}
