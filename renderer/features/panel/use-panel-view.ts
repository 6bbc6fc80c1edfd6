import { useLocalStorage } from "@mantine/hooks";
import { groupings, type Grouping } from "./panel-filter.ts";

export const panelViews = ["wide", "compact", "map"] as const;
export type PanelView = (typeof panelViews)[number];

/** From so many servers on, the panel is compact unless a person says otherwise. */
const many = 24;

/** How the panel is laid out; kept on this machine. */
export function usePanelView(servers: number) {
  const [chosen, setView] = useKept("view", panelViews);
  const [grouping, setGrouping] = useKept<Grouping>("grouping", groupings);
  const view = chosen ?? (servers > many ? "compact" : "wide");
  return { view, setView, grouping: grouping ?? "group", setGrouping };
}

function useKept<T extends string>(name: string, values: readonly T[]) {
  return useLocalStorage<T | null>({
    key: `switchgear.panel.${name}`,
    defaultValue: null,
    getInitialValueInEffect: false,
    serialize: (value) => value ?? "",
    deserialize: (text) => values.find((each) => each === text) ?? null,
  });
}
