/** Says that the library was damaged: what was kept and where, what is in use now, and two buttons. */
import { useState } from "react";
import { Button } from "react-aria-components";
import type { StorageState } from "../../shared/contract/hostMethods.ts";
import { useWindow } from "../components/useApp.ts";

function textOf(state: Extract<StorageState, { kind: "recovered" }>): string {
  const kept = state.keptIn === null ? "" : ` The damaged files are kept whole in ${state.keptIn}.`;
  const now =
    state.restoredMs === null
      ? "There was no backup: the library is empty now."
      : `The backup of ${new Date(state.restoredMs).toLocaleString()} is in use now; what was saved after it is in the damaged files only.`;
  return `The library was damaged (${state.detail}).${kept} ${now} "Library and backups" in the View menu has the others.`;
}

/** Stands until the person has read it; once for each start. */
export function RecoveryNotice() {
  const state = useWindow(({ storage }) => storage?.state);
  const [isRead, setIsRead] = useState(false);
  if (state?.kind !== "recovered" || isRead) return null;
  const text = textOf(state);
  return (
    <div className="notice" data-tone="warn" role="alert">
      <p>{text}</p>
      <Button className="button" onPress={() => void navigator.clipboard.writeText(text)}>
        Copy this message
      </Button>
      <Button className="button primary" onPress={() => setIsRead(true)}>
        Go on
      </Button>
    </div>
  );
}
