/** Where the work lies, and its backups. */
import { Button } from "react-aria-components";
import { useApp, useWindow } from "../../components/useApp.ts";
import { Backups } from "./Backups.tsx";

export function LibraryView() {
  const app = useApp();
  const storage = useWindow((state) => state.storage);
  const backUp = (): void =>
    void app.try(async () => {
      await app.flush();
      app.store.setState({ storage: await app.client.call("storage.act", { action: "backUp" }) });
    });
  return (
    <article className="sheet-body">
      <header>
        <h1>Library and backups</h1>
        <p className="lead">
          Your work lies in <span className="mono">{storage?.folder}</span>. A backup is made once a
          day of use and before the library's form changes; the last ten stay. Traces, scenarios and
          results that a backup names are kept as long as it is.
        </p>
        {storage?.backupProblem !== undefined && (
          <p className="problem" role="alert">
            The last backup was not made: {storage.backupProblem}
          </p>
        )}
        <div className="row">
          <Button className="button primary" onPress={backUp}>
            Back up now
          </Button>
        </div>
      </header>
      <section aria-labelledby="backups-heading">
        <h2 id="backups-heading">Backups</h2>
        <Backups />
      </section>
    </article>
  );
}
