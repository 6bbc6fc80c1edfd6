import { notifications } from "@mantine/notifications";
import { IconAlertTriangle } from "@tabler/icons-react";
import { describeError } from "../../components/describe-error.ts";
import { InertText } from "../../components/inert-text.tsx";

/** Tells of an order that failed: what happened and what to do. */
export function showFailure(error: unknown): void {
  const { message, hint } = describeError(error);
  notifications.show({
    title: <InertText text={message} maxLength={400} />,
    message: hint && <InertText text={hint} maxLength={400} />,
    icon: <IconAlertTriangle size={18} aria-hidden />,
    color: "gray",
    autoClose: 10_000,
    role: "alert",
    closeButtonProps: { "aria-label": "Dismiss" },
  });
}
