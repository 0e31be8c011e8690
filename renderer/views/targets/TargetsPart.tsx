/** What must be met, what a month costs besides GPUs and APIs, and how a run is made. */
import { PartProblems } from "../../components/PartProblems.tsx";
import { ClassTargets } from "./ClassTargets.tsx";
import { FixedCosts } from "./FixedCosts.tsx";
import { Licences } from "./Licences.tsx";
import { MonthFields } from "./MonthFields.tsx";
import { RunFields } from "./RunFields.tsx";

export function TargetsPart() {
  return (
    <>
      <PartProblems fields={["monthHours", "fixedCosts", "licences", "run", "seed"]} />
      <ClassTargets />
      <MonthFields />
      <FixedCosts />
      <Licences />
      <RunFields />
    </>
  );
}
