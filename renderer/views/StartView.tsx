/** The start page: what was worked on last with its answer, what to begin from, what can be had back. */
import { Button } from "react-aria-components";
import type { ScenarioEntry } from "../../shared/contract/scenarioMethods.ts";
import { formatCount, formatPercent, formatUsd } from "../../shared/reports/formatters.ts";
import { gpusText } from "../components/gpusText.ts";
import { useApp, useWindow } from "../components/useApp.ts";
import { agoText } from "../state/agoText.ts";
import { Bin } from "./start/Bin.tsx";
import { useNow, usePresets } from "./start/useStart.ts";

const mostRecent = 8;

function fleetText({ summary }: ScenarioEntry): string {
  const own = gpusText(summary.gpus);
  return [own, ...summary.providers].join(", ");
}

function RecentRow({
  scenario,
  nowMs,
}: {
  readonly scenario: ScenarioEntry;
  readonly nowMs: number;
}) {
  const app = useApp();
  const { lastRun } = scenario;
  return (
    <li>
      <Button
        className="recent"
        onPress={() => void app.try(() => app.show(scenario.id, "results"))}
      >
        <span className="recent-name">
          {scenario.name}
          {scenario.hasDraft && <span className="dirty"> (unsaved)</span>}
          <span className="recent-about">
            {fleetText(scenario)} · {agoText(scenario.updatedMs, nowMs)}
          </span>
        </span>
        {lastRun === null ? (
          <span className="recent-none">not simulated yet</span>
        ) : (
          <>
            <span className="recent-figure">
              {formatUsd(lastRun.monthUsd)}
              <span className="unit"> a month</span>
            </span>
            <span className="recent-figure">
              {lastRun.usdPerMTok === null ? "-" : formatUsd(lastRun.usdPerMTok)}
              <span className="unit"> / M tokens</span>
            </span>
            <span className="recent-figure">
              {lastRun.sloAttainment === null ? (
                <span className="unit">no targets</span>
              ) : (
                <>
                  {formatPercent(lastRun.sloAttainment)}
                  <span className="unit"> in target</span>
                </>
              )}
            </span>
          </>
        )}
      </Button>
    </li>
  );
}

function Recent() {
  const scenarios = useWindow((state) => state.scenarios);
  const nowMs = useNow();
  if (scenarios.length === 0) {
    return (
      <p className="empty">
        The library is empty. Begin from one of the starting points below, import your own traffic,
        or add the sample.
      </p>
    );
  }
  return (
    <section aria-labelledby="recent-heading">
      <h2 id="recent-heading">Recent</h2>
      <ul className="recents">
        {scenarios.slice(0, mostRecent).map((each) => (
          <RecentRow key={each.id} scenario={each} nowMs={nowMs} />
        ))}
      </ul>
      {scenarios.length > mostRecent && (
        <p className="lead">
          {formatCount(scenarios.length - mostRecent)} more stand in the library.
        </p>
      )}
    </section>
  );
}

function Presets() {
  const app = useApp();
  const { presets, begin } = usePresets();
  return (
    <section aria-labelledby="presets-heading">
      <h2 id="presets-heading">Begin from</h2>
      <ul className="presets">
        {presets.map(({ id, title, about }) => (
          <li key={id}>
            <Button className="preset" onPress={() => begin(id)}>
              <span className="preset-title">{title}</span>
              <span className="preset-about">{about}</span>
            </Button>
          </li>
        ))}
        <li>
          <Button className="preset" onPress={() => app.commands.run("scenario.sample")}>
            <span className="preset-title">The sample</span>
            <span className="preset-about">
              An hour of real conversations (Azure, 2023) on two H100s, with an API for what does
              not fit.
            </span>
          </Button>
        </li>
      </ul>
    </section>
  );
}

export function StartView() {
  const app = useApp();
  const isLoaded = useWindow((state) => state.isLoaded);
  if (!isLoaded) return <p className="empty">Opening the library …</p>;
  return (
    <article className="sheet-body start">
      <header>
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
          <span className="drop-hint">or drop files anywhere on the window</span>
        </div>
      </header>
      <Recent />
      <Presets />
      <Bin />
    </article>
  );
}
