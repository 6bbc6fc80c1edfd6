import { Menu } from "@mantine/core";
import { IconChevronDown, IconLogout, IconSettings, IconUserCircle } from "@tabler/icons-react";
import { Link } from "react-router-dom";
import { useLogOut } from "../../api/use-log-out.ts";
import classes from "./session-menu.module.css";

/** In a browser: as whom one acts there, and the way out. In a window nobody logs in, so there is nothing. */
export function SessionMenu() {
  const logOut = useLogOut();
  if (!logOut.isOffered) return null;
  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <button type="button" className={classes.button} aria-label="Session: you act as browser">
          <IconUserCircle size={16} aria-hidden />
          <span>browser</span>
          <IconChevronDown size={12} aria-hidden />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Records name you “browser”</Menu.Label>
        <Menu.Item component={Link} to="/settings" leftSection={<IconSettings size={14} aria-hidden />}>
          This session in Settings
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout size={14} aria-hidden />} onClick={() => logOut.mutate()}>
          Log out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
