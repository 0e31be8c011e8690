/** What stands there when nothing is open. */
import { Button } from "react-aria-components";
import { useApp, useWindow } from "../components/useApp.ts";

export function StartView() {
  const app = useApp();
  const isLoaded = useWindow((state) => state.isLoaded);
  const first = useWindow((state) => state.scenarios[0]);
  if (!isLoaded) return <p className="empty">Opening the library …</p>;
  return (
    <article className="sheet-body start">
      <h1>When does your own GPU beat the API?</h1>
      <p className="lead">
        Import the requests you really have, or open a scenario. Every figure is simulated from
        them, on this machine.
      </p>
      <div className="row">
        <Button className="button primary" onPress={() => app.commands.run("trace.import")}>
          Import a trace
        </Button>
        <Button className="button" onPress={() => app.commands.run("scenario.import")}>
          Open a scenario file
        </Button>
        <Button className="button" onPress={() => app.commands.run("scenario.sample")}>
          Add the sample
        </Button>
        {first !== undefined && (
          <Button
            className="button"
            onPress={() => void app.try(() => app.show(first.id, "results"))}
          >
            Go to {first.name}
          </Button>
        )}
      </div>
    </article>
  );
}
