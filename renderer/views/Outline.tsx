/** The library: scenarios and traces, the one in front marked. */
import { Button } from "react-aria-components";
import type { ScenarioEntry } from "../../shared/contract/scenarioMethods.ts";
import { formatCount, formatUsd } from "../../shared/reports/formatters.ts";
import { gpusText } from "../components/gpusText.ts";
import { useApp, useWindow } from "../components/useApp.ts";
import { PartOutline } from "./outline/PartOutline.tsx";

function summaryLine({ summary, lastRun }: ScenarioEntry): string {
  const fleet = gpusText(summary.gpus);
  const apis = summary.providers.length === 0 ? "no API" : summary.providers.join(", ");
  const cost = lastRun === null ? "" : ` · ${formatUsd(lastRun.monthUsd)} a month`;
  return `${fleet}, ${apis}${cost}`;
}

/** The parts of the scenario in front, in one line each. */
function FrontParts({ id }: { readonly id: string }) {
  const app = useApp();
  const part = useWindow(({ view }) => (view.kind === "scenario" ? view.part : undefined));
  const scenario = app.scenario(id);
  if (part === undefined || scenario === undefined) return null;
  return <PartOutline {...{ id, part, scenario }} />;
}

function Scenarios() {
  const app = useApp();
  const scenarios = useWindow((state) => state.scenarios);
  const view = useWindow((state) => state.view);
  const isFront = (id: string): boolean => view.kind === "scenario" && view.id === id;
  return (
    <section aria-label="Scenarios">
      <h2 className="outline-title">Scenarios</h2>
      <ul>
        {scenarios.map((each) => (
          <li key={each.id}>
            <Button
              className="outline-item"
              aria-current={isFront(each.id) ? "page" : undefined}
              onPress={() => void app.try(() => app.show(each.id, "results"))}
            >
              <span className="outline-name">
                {each.name}
                {each.hasDraft && <span className="dirty"> (unsaved)</span>}
              </span>
              {!isFront(each.id) && <span className="outline-line">{summaryLine(each)}</span>}
            </Button>
            {isFront(each.id) && <FrontParts id={each.id} />}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Traces() {
  const app = useApp();
  const traces = useWindow((state) => state.traces);
  const view = useWindow((state) => state.view);
  return (
    <section aria-label="Traces">
      <h2 className="outline-title">Traces</h2>
      <ul>
        {traces.map((each) => (
          <li key={each.id}>
            <Button
              className="outline-item"
              aria-current={view.kind === "trace" && view.id === each.id ? "page" : undefined}
              onPress={() => app.go({ kind: "trace", id: each.id })}
            >
              <span className="outline-name">{each.name}</span>
              <span className="outline-line">
                {formatCount(each.summary.rows)} {each.summary.rows === 1 ? "request" : "requests"}
              </span>
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}

export function Outline() {
  const app = useApp();
  return (
    <nav className="outline" aria-label="Library">
      <div className="brand">Crossover</div>
      <div className="outline-actions">
        <Button className="button small" onPress={() => app.commands.run("trace.import")}>
          Import a trace
        </Button>
        <Button className="button small" onPress={() => app.commands.run("scenario.import")}>
          Open a file
        </Button>
      </div>
      <Scenarios />
      <Traces />
      <div className="outline-foot">
        <Button className="button small quiet" onPress={() => app.commands.run("view.start")}>
          Start
        </Button>
        <Button className="button small quiet" onPress={() => app.commands.run("view.compare")}>
          Compare
        </Button>
        <Button className="button small quiet" onPress={() => app.commands.run("view.library")}>
          Backups
        </Button>
        <Button className="button small quiet" onPress={() => app.commands.run("view.palette")}>
          All commands
        </Button>
      </div>
    </nav>
  );
}
