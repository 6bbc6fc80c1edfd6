import type { PromptView } from "../../../shared/offer.ts";
import { OfferList } from "../offers/offer-list.tsx";
import { promptPath } from "../offers/offer-paths.ts";
import { PermissionMark } from "../offers/permission-mark.tsx";

type PromptListProps = {
  prompts: readonly PromptView[];
  titles: ReadonlyMap<string, string>;
  /** What the address points to: a prompt, or with no prompt a server. */
  server: string | null;
  prompt: string | null;
};

/** Every prompt of every server. */
export function PromptList({ prompts, titles, server, prompt }: PromptListProps) {
  return (
    <OfferList
      noun="prompt"
      offers={prompts}
      titles={titles}
      server={server}
      current={server !== null && prompt !== null ? promptPath({ server, name: prompt }) : null}
      pathOf={promptPath}
      marksOf={marksOf}
    />
  );
}

function marksOf({ permission }: PromptView) {
  return <PermissionMark permission={permission} />;
}
