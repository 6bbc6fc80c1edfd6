import { SegmentedControl, Select, TextInput, VisuallyHidden } from "@mantine/core";
import { IconLayoutGrid, IconLayoutList, IconSearch, IconSitemap, type Icon } from "@tabler/icons-react";
import { useRef, type ReactNode } from "react";
import { useKeys } from "../../components/use-keys.ts";
import { groupings, stateFilters, type Grouping, type StateFilter } from "./panel-filter.ts";
import classes from "./panel-toolbar.module.css";
import { panelViews, type PanelView } from "./use-panel-view.ts";

type PanelToolbarProps = {
  text: string;
  onText: (text: string) => void;
  filter: StateFilter;
  onFilter: (filter: StateFilter) => void;
  countOf: (filter: StateFilter) => number;
  grouping: Grouping;
  onGrouping: (grouping: Grouping) => void;
  view: PanelView;
  onView: (view: PanelView) => void;
};

const filterWords: Record<StateFilter, string> = {
  all: "All",
  "not-closed": "Not closed",
  closed: "Closed",
  "half-open": "Half-open",
  open: "Open",
  "not-ready": "Not ready",
};
const groupingWords: Record<Grouping, string> = { group: "By group", transport: "By transport", none: "Ungrouped" };
const viewWords: Record<PanelView, { label: string; icon: Icon }> = {
  wide: { label: "Wide", icon: IconLayoutGrid },
  compact: { label: "Compact", icon: IconLayoutList },
  map: { label: "Map", icon: IconSitemap },
};

/** What of the fleet is shown, and how. */
export function PanelToolbar(props: PanelToolbarProps) {
  const { text, onText, filter, onFilter, countOf, grouping, onGrouping, view, onView } = props;
  const search = useRef<HTMLInputElement>(null);
  useKeys({ "/": () => search.current?.focus() });
  return (
    <div className={classes.toolbar} role="group" aria-label="What is shown">
      <TextInput
        ref={search}
        className={classes.search ?? ""}
        aria-label="Find a server"
        placeholder="Find a server"
        leftSection={<IconSearch size={14} aria-hidden />}
        rightSection={<kbd aria-hidden>/</kbd>}
        value={text}
        maxLength={100}
        onChange={(event) => onText(event.currentTarget.value)}
      />
      <SegmentedControl
        aria-label="Circuits in state"
        className={classes.filter}
        value={filter}
        onChange={onFilter}
        data={stateFilters.map((value) => ({
          value,
          label: (
            <>
              {filterWords[value]} <span className={classes.count}>{countOf(value)}</span>
            </>
          ) satisfies ReactNode,
        }))}
      />
      {view !== "map" && (
        <Select
          className={classes.grouping ?? ""}
          aria-label="Headings"
          value={grouping}
          allowDeselect={false}
          data={groupings.map((value) => ({ value, label: groupingWords[value] }))}
          onChange={(value) => onGrouping(groupings.find((each) => each === value) ?? "group")}
        />
      )}
      <SegmentedControl
        aria-label="Layout"
        className={classes.views}
        value={view}
        onChange={onView}
        data={panelViews.map((value) => {
          const { label, icon: ViewIcon } = viewWords[value];
          return {
            value,
            label: (
              <span className={classes.view} title={label}>
                <ViewIcon size={16} stroke={1.5} aria-hidden />
                <VisuallyHidden>{label}</VisuallyHidden>
              </span>
            ),
          };
        })}
      />
    </div>
  );
}
