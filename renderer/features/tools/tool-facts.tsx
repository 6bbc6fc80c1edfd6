import { IconEye, IconFlame, IconRepeat, IconWorld, type Icon } from "@tabler/icons-react";
import { Link } from "react-router-dom";
import type { ToolView } from "../../../shared/tool.ts";
import { Aside, Fact, OfferFacts, PermissionFact, serverIsDown } from "../offers/offer-facts.tsx";
import { pinPath, standingWords } from "../pins/pin-words.ts";
import { StandingBadge } from "../pins/standing-badge.tsx";
import { timeoutWords } from "./timeout-words.ts";
import classes from "./tool-facts.module.css";

/** What a tool says it is, and what the policy says of it. */
export function ToolFacts({ tool, serverTitle }: { tool: ToolView; serverTitle: string }) {
  const hints = hintsOf(tool);
  const timeout = timeoutWords(tool.timeout);
  return (
    <OfferFacts
      title={tool.title ?? tool.annotations.title ?? null}
      name={tool.name}
      serverTitle={serverTitle}
      stale={tool.stale ? serverIsDown : null}
      description={tool.description}
    >
      <Fact label="Definition">
        <StandingBadge standing={tool.standing} />
        <Aside>{standingWords[tool.standing].meaning}</Aside>
        <Link to={pinPath({ server: tool.server, tool: tool.name })}>
          {tool.standing === "accepted" ? "Show its pin" : "Compare and decide"}
        </Link>
      </Fact>
      <PermissionFact permission={tool.permission} conditional="may differ by arguments: try a dry run" />
      <Fact label="Timeout">
        <span>{timeout.bound}</span>
        {timeout.why !== null && <Aside>· {timeout.why}</Aside>}
      </Fact>
      {hints.length > 0 && (
        <Fact label="Its server claims">
          {hints.map(({ icon: HintIcon, words }) => (
            <span key={words} className={classes.hint}>
              <HintIcon size={14} aria-hidden />
              {words}
            </span>
          ))}
        </Fact>
      )}
    </OfferFacts>
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
