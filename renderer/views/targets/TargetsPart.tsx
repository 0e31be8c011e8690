/** What must be met, what a month costs besides GPUs and APIs, and how a run is made. */
import { useEditing } from "../../components/editing.tsx";
import { PartProblems } from "../../components/PartProblems.tsx";
import { ClassTargets } from "./ClassTargets.tsx";
import { FixedCosts } from "./FixedCosts.tsx";
import { Licences } from "./Licences.tsx";
import { MonthFields } from "./MonthFields.tsx";
import { RunFields } from "./RunFields.tsx";

export function TargetsPart() {
  const { input } = useEditing();
  const targets = (input.traffic?.classes ?? []).map((_, i) => `traffic.classes[${i}].targets`);
  return (
    <>
      <PartProblems fields={[...targets, "monthHours", "fixedCosts", "licences", "run", "seed"]} />
      <ClassTargets />
      <MonthFields />
      <FixedCosts />
      <Licences />
      <RunFields />
    </>
  );
}
