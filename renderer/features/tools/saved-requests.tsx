import { ActionIcon, Button, Menu } from "@mantine/core";
import { IconBookmark, IconCursorText, IconDots, IconPlayerPlay, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import type { SavedRequest } from "../../../shared/saved-request.ts";
import { useRemoveRequest, useSaveRequest } from "../../api/use-saved-requests.ts";
import { InertText } from "../../components/inert-text.tsx";
import type { Args } from "./call-store.ts";
import { NameRequest } from "./name-request.tsx";
import classes from "./saved-requests.module.css";

type SavedRequestsProps = {
  requests: readonly SavedRequest[];
  /** What the form holds, to mark the request that it is. */
  args: Args;
  onLoad: (args: Args) => void;
  onCall: (args: Args) => void;
};

/** The tool's saved requests: one fills the form, and from its menu it is called, renamed or deleted. */
export function SavedRequests({ requests, args, onLoad, onCall }: SavedRequestsProps) {
  const remove = useRemoveRequest();
  const restore = useSaveRequest();
  const [renaming, setRenaming] = useState<SavedRequest | null>(null);
  const [removed, setRemoved] = useState<SavedRequest | null>(null);
  if (requests.length === 0 && removed === null) return null;
  const current = JSON.stringify(args);
  return (
    <div className={classes.saved} role="group" aria-label="Saved requests">
      {requests.map((request) => (
        <span key={request.id} className={classes.request} data-current={JSON.stringify(request.args) === current}>
          <button type="button" className={classes.load} onClick={() => onLoad(request.args)}>
            <IconBookmark size={14} aria-hidden />
            <InertText text={request.name} maxLength={60} />
          </button>
          <Menu position="bottom-end">
            <Menu.Target>
              <ActionIcon variant="subtle" color="gray" size={24} aria-label={`More of ${request.name}`}>
                <IconDots size={14} aria-hidden />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item leftSection={<IconPlayerPlay size={14} aria-hidden />} onClick={() => onCall(request.args)}>
                Fill in and call
              </Menu.Item>
              <Menu.Item leftSection={<IconCursorText size={14} aria-hidden />} onClick={() => setRenaming(request)}>
                Rename…
              </Menu.Item>
              <Menu.Item
                leftSection={<IconTrash size={14} aria-hidden />}
                onClick={() => remove.mutate(request.id, { onSuccess: () => setRemoved(request) })}
              >
                Delete
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        </span>
      ))}
      {removed && (
        <span className={classes.removed} role="status">
          <InertText text={removed.name} maxLength={60} /> is deleted.
          <Button
            variant="subtle"
            size="compact-sm"
            onClick={() => {
              const { server, tool, name, args: kept } = removed;
              restore.mutate({ server, tool, name, args: kept }, { onSuccess: () => setRemoved(null) });
            }}
          >
            Undo
          </Button>
        </span>
      )}
      {renaming && <NameRequest key={renaming.id} request={renaming} onClose={() => setRenaming(null)} />}
    </div>
  );
}
