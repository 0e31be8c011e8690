/** The library's backups, and going back to one of them. */
import { useEffect, useState } from "react";
import { Button } from "react-aria-components";
import type { BackupEntry } from "../../../shared/contract/libraryRows.ts";
import { useApp, useWindow } from "../../components/useApp.ts";
import { bytesText, countsText, reasonWords } from "./backupWords.ts";

/** The list, read anew whenever the state of the library's storage changes; undefined before it is there. */
function useBackups(): readonly BackupEntry[] | undefined {
  const app = useApp();
  const storage = useWindow((state) => state.storage);
  const [backups, setBackups] = useState<readonly BackupEntry[]>();
  useEffect(() => {
    let isCurrent = true;
    void app.try(async () => {
      const reply = await app.client.call("storage.backups", {});
      if (isCurrent && storage !== undefined) setBackups(reply.backups);
    });
    return () => {
      isCurrent = false;
    };
  }, [app, storage]);
  return backups;
}

function BackupText({ backup }: { readonly backup: BackupEntry }) {
  const { madeMs, reason, bytes, contents, problem } = backup;
  return (
    <span className="backup-text">
      <span className="backup-date">{new Date(madeMs).toLocaleString()}</span>
      <span className="unit">
        {reasonWords[reason]}, {bytesText(bytes)}
      </span>
      {contents === null ? (
        <span className="backup-holds" data-tone="bad">
          cannot be used: {problem}
        </span>
      ) : (
        <span className="backup-holds">
          {countsText(contents)}
          {contents.newest.length > 0 && (
            <span className="unit">, changed last: {contents.newest.join(", ")}</span>
          )}
        </span>
      )}
    </span>
  );
}

function BackupRow({ backup, isAsked, ask }: RowProps) {
  const app = useApp();
  const kind = useWindow((state) => state.storage?.state.kind);
  const isOpen = kind === "ready" || kind === "recovered";
  const { id, madeMs, contents } = backup;
  const date = new Date(madeMs).toLocaleString();
  return (
    <li>
      <BackupText backup={backup} />
      {contents !== null && !isAsked && (
        <Button className="button small" aria-label={`Go back to ${date}`} onPress={() => ask(id)}>
          Go back
        </Button>
      )}
      {isAsked && (
        <span className="backup-question">
          <span>
            {isOpen
              ? "What is in the library now is kept as a backup."
              : "What is there now is put aside, whole."}
          </span>
          <Button
            className="button small primary"
            onPress={() => {
              ask(undefined);
              void app.try(() => app.goBack(id, date));
            }}
          >
            Go back
          </Button>
          <Button className="button small" autoFocus onPress={() => ask(undefined)}>
            Stay
          </Button>
        </span>
      )}
    </li>
  );
}

interface RowProps {
  readonly backup: BackupEntry;
  /** Whether the person has pressed, and is asked once more. */
  readonly isAsked: boolean;
  ask(id: string | undefined): void;
}

export function Backups() {
  const backups = useBackups();
  const [asked, setAsked] = useState<string>();
  if (backups === undefined) return <p className="empty">Looking into the backups …</p>;
  if (backups.length === 0) {
    return (
      <p className="empty">
        There is no backup yet. One is made once a day of use, and whenever you ask for it.
      </p>
    );
  }
  return (
    <ul className="backups">
      {backups.map((backup) => (
        <BackupRow key={backup.id} backup={backup} isAsked={asked === backup.id} ask={setAsked} />
      ))}
    </ul>
  );
}
