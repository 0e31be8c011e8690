/** What a scenario assumes: each part in a sentence, every price and every other figure with its source, and what makes the run the same again. */
import { useEffect, useMemo, useState } from "react";
import type { ScenarioDocument } from "../../../shared/contract/common.ts";
import type { Outline } from "../../../shared/contract/scenarioMethods.ts";
import { keepUnits } from "../../charts/keepUnits.ts";
import { DataTable } from "../../components/DataTable.tsx";
import { useApp, useDocument, useLive } from "../../components/useApp.ts";
import type { OpenScenario } from "../../state/appState.ts";
import { type Assumption, assumptionsOf } from "../../state/assumptions.ts";

const partNames: Readonly<Record<Outline["part"], string>> = {
  traffic: "Traffic",
  targets: "Targets",
  fleet: "Own GPUs",
  providers: "APIs",
  routing: "Routing",
  costs: "Fixed costs",
};

/** The scenario in sentences; undefined until they are known, or where it cannot be read. */
function useOutline(document: ScenarioDocument): readonly Outline[] | undefined {
  const app = useApp();
  const [outline, setOutline] = useState<readonly Outline[]>();
  useEffect(() => {
    let isCurrent = true;
    app.client.call("scenario.outline", { document }).then(
      ({ parts }) => isCurrent && setOutline(parts),
      () => isCurrent && setOutline(undefined),
    );
    return () => {
      isCurrent = false;
    };
  }, [app, document]);
  return outline;
}

function Modelled({ outline }: { readonly outline: readonly Outline[] }) {
  return (
    <dl className="modelled">
      {outline
        .filter(({ lines }) => lines.length > 0)
        .map(({ part, lines }) => (
          <div key={part}>
            <dt>{partNames[part]}</dt>
            {lines.map((line) => (
              <dd key={line}>{keepUnits(line)}</dd>
            ))}
          </div>
        ))}
    </dl>
  );
}

function Sources({
  heading,
  rows,
  emptyText,
}: {
  readonly heading: string;
  readonly rows: readonly Assumption[];
  readonly emptyText: string;
}) {
  return (
    <section>
      <h2>{heading}</h2>
      <DataTable
        caption={heading}
        columns={["Of", "Figures", "Source", "As of", "Basis"].map((each) => ({ heading: each }))}
        rows={rows.map(({ of, figures, source, retrievedOn, basis }) => [
          ...[of, keepUnits(figures), source, retrievedOn, basis],
        ])}
        emptyText={emptyText}
      />
    </section>
  );
}

export function AssumptionsPage({ scenario }: { readonly scenario: OpenScenario }) {
  const document = useDocument(scenario, (state) => state.history.value);
  const report = useLive(scenario, (state) => state.report);
  const rows = useMemo(() => assumptionsOf(document), [document]);
  const outline = useOutline(document);
  const notes = [...new Set([...(report?.warnings ?? []), ...(report?.notes ?? [])])];
  return (
    <>
      <h1>What it assumes</h1>
      {outline !== undefined && <Modelled outline={outline} />}
      <Sources
        heading="Prices and where they come from"
        rows={rows.filter(({ isPrice }) => isPrice)}
        emptyText="The scenario names no price with a source."
      />
      <Sources
        heading="Models, hardware and measured times"
        rows={rows.filter(({ isPrice }) => !isPrice)}
        emptyText="The scenario uses no part of the catalog."
      />
      {notes.length > 0 && (
        <section>
          <h2>What to know</h2>
          <ul className="notes">
            {notes.map((note) => (
              <li key={note}>{keepUnits(note)}</li>
            ))}
          </ul>
        </section>
      )}
      {report !== undefined && (
        <p className="hash">
          Engine {report.engineVersion}, run <code>{report.hash}</code>. The same file, seed and
          engine give the same bytes.
        </p>
      )}
    </>
  );
}
