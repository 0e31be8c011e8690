/** The parts of the scenario in front, each with its line; what is wrong in one says so there. */
import { Link } from "react-aria-components";
import { useStore } from "zustand";
import type { RunReport } from "../../../shared/planning/runReport.ts";
import { keepUnits } from "../../charts/keepUnits.ts";
import { type Draft, draftOf } from "../../components/editing.tsx";
import { useApp, useDocument, useLive } from "../../components/useApp.ts";
import { type OpenScenario, type ScenarioPart, scenarioParts } from "../../state/appState.ts";
import { partNames } from "../partNames.ts";
import { partLine, partOfField } from "./partLines.ts";

interface PartOutlineProps {
  readonly id: string;
  readonly part: ScenarioPart;
  readonly scenario: OpenScenario;
}

/** A document with a hole where a part should be is no reason to lose the outline: its check says what is missing. */
function lineOf(part: ScenarioPart, draft: Draft, report: RunReport | undefined): string {
  try {
    return partLine(part, draft, report);
  } catch {
    return "";
  }
}

/** Figures stay with their units, and dates whole, at the end of a line. */
function keepTogether(line: string): string {
  return keepUnits(line).replace(/(\d{4})-(\d\d)-(\d\d)/g, "$1\u2011$2\u2011$3");
}

export function PartOutline({ id, part, scenario }: PartOutlineProps) {
  const app = useApp();
  const document = useDocument(scenario, (state) => state.history.value);
  const report = useLive(scenario, (state) => state.report);
  const answered = useLive(scenario, (state) => state.answered);
  const problems = useStore(scenario.check.store, (state) => state.problems);
  const isOld = report !== undefined && answered !== document;
  return (
    <ul className="outline-parts" aria-label="The scenario in short" data-old={isOld}>
      {scenarioParts.map((each) => {
        const wrong = problems.filter(({ field }) => partOfField(field) === each).length;
        return (
          <li key={each}>
            <Link
              className="outline-part"
              {...(each === part && { "aria-current": "page" as const })}
              onPress={() => app.go({ kind: "scenario", id, part: each })}
            >
              <span className="outline-part-name">{partNames[each]}</span>
              {wrong > 0 ? (
                <span className="outline-line outline-problem">
                  ✕ {wrong === 1 ? "1 thing" : `${wrong} things`} to put right
                </span>
              ) : (
                <span className="outline-line">
                  {keepTogether(lineOf(each, draftOf(document), report))}
                </span>
              )}
            </Link>
          </li>
        );
      })}
    </ul>
  );
}
