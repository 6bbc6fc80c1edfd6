import { Spotlight, type SpotlightActionData, type SpotlightActionGroupData } from "@mantine/spotlight";
import {
  IconFileText,
  IconLogout,
  IconMessage,
  IconMoon,
  IconPower,
  IconSearch,
  IconServer,
  IconSun,
  IconTool,
} from "@tabler/icons-react";
import { useMemo } from "react";
import { useNavigate } from "react-router-dom";
import { usePrompts, useResources } from "../../api/use-offers.ts";
import { useLogOut } from "../../api/use-log-out.ts";
import { useServers } from "../../api/use-servers.ts";
import { useSetSettings, useSettings } from "../../api/use-settings.ts";
import { useTools } from "../../api/use-tools.ts";
import { visibleText } from "../../components/hidden-characters.ts";
import { promptPath, resourcePath, toolPath } from "../offers/offer-paths.ts";
import { screens } from "./screens.ts";
import classes from "./search.module.css";

const icon = { size: 18, stroke: 1.5, "aria-hidden": true } as const;

/** Ctrl-K or ⌘K: every server, tool, resource, prompt, screen and action. */
export function Search() {
  const groups = [
    useScreens(),
    useActions(),
    useServerActions(),
    useToolActions(),
    useResourceActions(),
    usePromptActions(),
  ];
  return (
    <Spotlight
      actions={groups}
      classNames={{
        search: classes.search ?? "",
        action: classes.action ?? "",
        actionDescription: classes.description ?? "",
        actionSection: classes.section ?? "",
        actionsGroup: classes.group ?? "",
      }}
      attributes={{ content: { "aria-label": "Search" } }}
      scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}
      shortcut="mod + K"
      limit={30}
      scrollable
      maxHeight={440}
      nothingFound="Nothing has that name. Tools appear once their server is ready."
      searchProps={{
        "aria-label": "Search",
        leftSection: <IconSearch {...icon} />,
        placeholder: "Find a server, tool, resource, prompt, screen or action",
      }}
      transitionProps={{ duration: 100 }}
      overlayProps={{ backgroundOpacity: 0.3, blur: 0 }}
    />
  );
}

function useScreens(): SpotlightActionGroupData {
  const navigate = useNavigate();
  const actions = screens.map(({ path, title, answers, icon: ScreenIcon }) => ({
    id: `screen:${path}`,
    label: title,
    description: answers,
    leftSection: <ScreenIcon {...icon} />,
    onClick: () => void navigate(path),
  }));
  return { group: "Screens", actions };
}

function useServerActions(): SpotlightActionGroupData {
  const navigate = useNavigate();
  const servers = useServers().data;
  return useMemo(() => {
    const actions = (servers ?? []).map<SpotlightActionData>(({ id, title, transport }) => ({
      id: `server:${id}`,
      label: visibleText(title),
      description: `Server ${id}, ${transport}`,
      leftSection: <IconServer {...icon} />,
      onClick: () => void navigate(`/?server=${encodeURIComponent(id)}`),
    }));
    return { group: "Servers", actions };
  }, [servers, navigate]);
}

function useToolActions(): SpotlightActionGroupData {
  const navigate = useNavigate();
  const tools = useTools().data;
  return useMemo(() => {
    const actions = (tools ?? []).map<SpotlightActionData>(({ server, name, description }) => ({
      id: `tool:${server}.${name}`,
      label: `${server}.${visibleText(name)}`,
      description: visibleText(description ?? "", 120),
      leftSection: <IconTool {...icon} />,
      onClick: () => void navigate(toolPath({ server, name })),
    }));
    return { group: "Tools", actions };
  }, [tools, navigate]);
}

function useResourceActions(): SpotlightActionGroupData {
  const navigate = useNavigate();
  const resources = useResources().data;
  return useMemo(() => {
    const actions = (resources ?? []).map<SpotlightActionData>(({ server, uri, name }) => ({
      id: `resource:${server} ${uri}`,
      label: `${server}: ${visibleText(name)}`,
      description: visibleText(uri, 120),
      leftSection: <IconFileText {...icon} />,
      onClick: () => void navigate(resourcePath({ server, uri })),
    }));
    return { group: "Resources", actions };
  }, [resources, navigate]);
}

function usePromptActions(): SpotlightActionGroupData {
  const navigate = useNavigate();
  const prompts = usePrompts().data;
  return useMemo(() => {
    const actions = (prompts ?? []).map<SpotlightActionData>(({ server, name, description }) => ({
      id: `prompt:${server}.${name}`,
      label: `${server}: ${visibleText(name)}`,
      description: visibleText(description ?? "", 120),
      leftSection: <IconMessage {...icon} />,
      onClick: () => void navigate(promptPath({ server, name })),
    }));
    return { group: "Prompts", actions };
  }, [prompts, navigate]);
}

function useActions(): SpotlightActionGroupData {
  const settings = useSettings().data;
  const { mutate } = useSetSettings();
  const logOut = useLogOut();
  const actions: SpotlightActionData[] = [];
  if (settings?.mcpEnabled.governedBy === "setting") {
    const isOn = settings.mcpEnabled.value;
    actions.push({
      id: "action:mcp",
      label: isOn ? "Turn MCP off" : "Turn MCP on",
      description: isOn ? "Stops every server and refuses every call" : "Starts the servers of the catalog",
      leftSection: <IconPower {...icon} />,
      onClick: () => mutate({ mcpEnabled: !isOn }),
    });
  }
  actions.push(
    {
      id: "action:light",
      label: "Use the light theme",
      leftSection: <IconSun {...icon} />,
      onClick: () => mutate({ theme: "light" }),
    },
    {
      id: "action:dark",
      label: "Use the dark theme",
      leftSection: <IconMoon {...icon} />,
      onClick: () => mutate({ theme: "dark" }),
    },
  );
  if (logOut.isOffered) {
    actions.push({
      id: "action:log-out",
      label: "Log out",
      description: "Ends this browser's session",
      leftSection: <IconLogout {...icon} />,
      onClick: () => logOut.mutate(),
    });
  }
  return { group: "Actions", actions };
}
