import { useRef } from "react";
import { useNavigate } from "react-router-dom";
import { useKeys, type KeyActions } from "../../components/use-keys.ts";
import { screens } from "./screens.ts";

/** How long after g the second key counts, milliseconds. */
const goWindowMs = 1000;

/** g, then a screen's key, goes to that screen. */
export function useGoKeys(): void {
  const navigate = useNavigate();
  const pressedAt = useRef(-Infinity);
  const actions: Record<string, KeyActions[string]> = {
    g: (event) => {
      pressedAt.current = event.timeStamp;
    },
  };
  for (const { key, path } of screens) {
    actions[key] = (event) => {
      if (event.timeStamp - pressedAt.current > goWindowMs) return false;
      pressedAt.current = -Infinity;
      void navigate(path);
    };
  }
  useKeys(actions, true);
}
