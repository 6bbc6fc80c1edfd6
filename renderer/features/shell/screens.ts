import {
  IconChecklist,
  IconFileText,
  IconLink,
  IconListDetails,
  IconMessage,
  IconPin,
  IconPlugConnected,
  IconSettings,
  IconShieldCheck,
  IconCircuitSwitchClosed,
  IconTool,
  type Icon,
} from "@tabler/icons-react";

/** `key` goes there after g; `begins` a group of like screens. */
export type Screen = { path: string; title: string; icon: Icon; key: string; answers: string; begins?: true };

export const screens: readonly Screen[] = [
  { path: "/", title: "Panel", icon: IconCircuitSwitchClosed, key: "p", answers: "Servers and circuits" },
  { path: "/tools", title: "Tools", icon: IconTool, key: "t", answers: "What can be called", begins: true },
  { path: "/resources", title: "Resources", icon: IconFileText, key: "r", answers: "What can be read" },
  { path: "/prompts", title: "Prompts", icon: IconMessage, key: "m", answers: "What is kept ready for a model" },
  {
    path: "/approvals",
    title: "Approvals",
    icon: IconChecklist,
    key: "a",
    answers: "Calls that wait for you",
    begins: true,
  },
  { path: "/activity", title: "Activity", icon: IconListDetails, key: "l", answers: "What happened" },
  { path: "/pins", title: "Pins", icon: IconPin, key: "d", answers: "Definitions that changed", begins: true },
  { path: "/policy", title: "Policy", icon: IconShieldCheck, key: "y", answers: "What is allowed" },
  { path: "/clients", title: "Clients", icon: IconPlugConnected, key: "c", answers: "Who calls through the gateway" },
  { path: "/audit", title: "Audit", icon: IconLink, key: "u", answers: "Who decided and did what" },
  {
    path: "/settings",
    title: "Settings",
    icon: IconSettings,
    key: "s",
    answers: "Environment and theme",
    begins: true,
  },
];
