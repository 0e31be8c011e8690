/** Where own GPUs, APIs and the mix cross: the study, its curve, the three conditions. */
import { useCallback, useMemo, useState } from "react";
import type { BreakEvenStudy } from "../../../shared/planning/breakEven/breakEvenStudy.ts";
import { gateSentences, gateTable } from "../../../shared/reports/gateText.ts";
import { BreakEvenChart } from "../../charts/BreakEvenChart.tsx";
import { useStudy } from "../../components/useApp.ts";
import type { OpenScenario } from "../../state/appState.ts";
import { breakEvenTable, type CostMeasure, crossingsOf, curvesOf } from "./breakEvenCurves.ts";
import { Choice } from "./Choice.tsx";
import { CountField } from "./CountField.tsx";
import { StudyBar } from "./StudyBar.tsx";
import { Notes, TableSection } from "./TableSection.tsx";

const units: Readonly<Record<CostMeasure, string>> = {
  month: "USD a month, logarithmic",
  perMTok: "USD per million tokens, logarithmic",
};

type KeptStudy = BreakEvenStudy & { readonly sentence: string };

function Curve({ study, measure }: { readonly study: KeptStudy; readonly measure: CostMeasure }) {
  const curves = useMemo(() => curvesOf(study, measure), [study, measure]);
  const crossings = useMemo(() => crossingsOf(study, measure), [study, measure]);
  const table = useCallback(() => breakEvenTable(study), [study]);
  const isEmpty = curves.every(({ points }) => points.length === 0);
  return (
    <BreakEvenChart
      title={
        measure === "month"
          ? "A month's cost over its volume"
          : "Cost per million tokens over the month's volume"
      }
      summary={study.sentence}
      empty={
        isEmpty ? "No option could be simulated at any volume: the reasons stand below." : undefined
      }
      {...{ table, curves, crossings }}
      ownTokens={study.measured.monthTokens}
      unit={units[measure]}
    />
  );
}

function Answer({ study }: { readonly study: KeptStudy }) {
  const [measure, setMeasure] = useState<CostMeasure>("month");
  const { gate, validityRule } = study;
  return (
    <>
      <Choice
        label="Cost"
        value={measure}
        options={[
          ["month", "USD a month"],
          ["perMTok", "USD per million tokens"],
        ]}
        onChange={setMeasure}
      />
      <Curve study={study} measure={measure} />
      <p className="chart-rule">
        Hollow marks stand for points that are not to be relied on. {validityRule} Shaded: 95 % over{" "}
        {study.replications} runs of other draws.
      </p>
      {gate !== undefined && (
        <>
          <TableSection heading="Three conditions for own GPUs" table={gateTable(gate)} />
          <Notes heading="What they say" notes={gateSentences(gate)} />
        </>
      )}
      <Notes heading="What to know" notes={[...study.warnings, ...study.notes]} />
    </>
  );
}

export function BreakEvenView({ scenario }: { readonly scenario: OpenScenario }) {
  const { answer } = useStudy(scenario, "breakeven");
  const [points, setPoints] = useState(20);
  const [replications, setReplications] = useState(5);
  return (
    <>
      <StudyBar
        scenario={scenario}
        question={{ kind: "breakeven", points, replications }}
        about="Simulates your traffic at volumes around its own, for every API, for own GPUs and for your mix, each with the fewest whole GPUs that keep the targets."
        action="Find the break-even"
      >
        <CountField label="Volumes" value={points} least={2} most={60} onChange={setPoints} />
        <CountField
          label="Runs of each"
          value={replications}
          least={1}
          most={30}
          onChange={setReplications}
        />
      </StudyBar>
      {answer !== undefined && <Answer study={answer.result as object as KeptStudy} />}
    </>
  );
}
