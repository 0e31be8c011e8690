/** What stands there when the library cannot be opened: what happened, what was kept and where, two buttons that help. */
import { Button } from "react-aria-components";
import type { StorageState, StorageStatusReply } from "../../shared/contract/hostMethods.ts";
import { useApp } from "../components/useApp.ts";
import { Backups } from "./library/Backups.tsx";

type Closed = Exclude<StorageState, { kind: "ready" | "recovered" }>;

interface Words {
  readonly title: string;
  readonly text: string;
  /** What the second button does. */
  readonly fresh: string;
}

function wordsOf(state: Closed, folder: string): Words {
  switch (state.kind) {
    case "newer":
      return {
        title: "This library was made by a newer Crossover",
        text: `It has form ${state.found}; this version knows up to ${state.known}. Nothing in it was changed. Open it with the newer version, or begin a new library: the old one then stays whole in the quarantine folder of ${folder}.`,
        fresh: "Put it aside and begin a new library",
      };
    case "foreign":
      return {
        title: "The library's file is not Crossover's",
        text: `In ${folder} there is another program's database under our name (${state.detail}). It was left alone.`,
        fresh: "Put it aside and begin a new library",
      };
    case "locked":
      return {
        title: "Another Crossover has this library open",
        text: `Only one program at a time may write to ${folder}. Close the other one, then try again.`,
        fresh: "",
      };
    case "failed":
      return {
        title: "The library could not be opened",
        text: `${folder}: ${state.detail}. It was left as it is. Try again, or begin a new library: the old one then stays whole in the quarantine folder.`,
        fresh: "Put it aside and begin a new library",
      };
    case "unwritable":
      return {
        title: "The library cannot be written",
        text: `${folder}: ${state.detail}. What was saved before is unharmed, and what you changed since stays in this window. Make room on the disk or allow writing to the folder, then try again.`,
        fresh: "",
      };
  }
}

export function StorageView({ status }: { readonly status: StorageStatusReply }) {
  const app = useApp();
  const { state, folder } = status;
  if (state.kind === "ready" || state.kind === "recovered") return null;
  const words = wordsOf(state, folder);
  const act = (action: "retry" | "startFresh"): void =>
    void app.try(async () => {
      const storage = await app.client.call("storage.act", { action });
      app.store.setState({ storage });
      await app.start();
      // What could not be written stayed in this window: it is written now.
      await app.flush();
    });
  return (
    <main className="storage-view">
      <div role="alert">
        <h1>{words.title}</h1>
        <p>{words.text}</p>
        <div className="row">
          <Button className="button primary" onPress={() => act("retry")}>
            Try again
          </Button>
          {words.fresh === "" ? (
            <Button
              className="button"
              onPress={() => void navigator.clipboard.writeText(`${words.title}\n${words.text}`)}
            >
              Copy this message
            </Button>
          ) : (
            <Button className="button" onPress={() => act("startFresh")}>
              {words.fresh}
            </Button>
          )}
        </div>
      </div>
      {words.fresh !== "" && (
        <section aria-labelledby="backups-heading">
          <h2 id="backups-heading">Or go back to a backup</h2>
          <Backups />
        </section>
      )}
    </main>
  );
}
