/** A figure taken apart: the formula, its values, where each comes from. Follows every new answer. */
import { Button } from "react-aria-components";
import { useStore } from "zustand";
import type { RunReport } from "../../../shared/planning/runReport.ts";
import { explainFigure } from "../../../shared/reports/explainFigure.ts";
import type { ExplainedTerm } from "../../../shared/reports/explanation.ts";
import type { OpenScenario } from "../../state/appState.ts";
import { explainedValue } from "./explainedText.ts";

function Source({ term }: { readonly term: ExplainedTerm }) {
  if (term.provenance === undefined) return null;
  return (
    <ul className="term-sources">
      {term.provenance.map(({ source, retrievedOn, basis, note }) => (
        <li key={source} title={note}>
          {basis}, {retrievedOn}: {source}
        </li>
      ))}
    </ul>
  );
}

function Term({
  term,
  onFollow,
}: {
  readonly term: ExplainedTerm;
  readonly onFollow: (figure: string) => void;
}) {
  const { label, value, unit, figure } = term;
  const text = explainedValue(value, unit);
  return (
    <li>
      <div className="term-line">
        <span>{label}</span>
        {figure === undefined ? (
          <span className="term-value">{text}</span>
        ) : (
          <Button className="figure-button term-value" onPress={() => onFollow(figure)}>
            {text}
          </Button>
        )}
      </div>
      <Source term={term} />
    </li>
  );
}

interface ExplanationPanelProps {
  readonly scenario: OpenScenario;
  readonly report: RunReport;
}

export function ExplanationPanel({ scenario, report }: ExplanationPanelProps) {
  const { explained } = scenario;
  const trail = useStore(explained.store, (state) => state.trail);
  const figure = trail[trail.length - 1];
  if (figure === undefined) return null;
  const found = explainFigure(report, figure);
  return (
    <section
      className="explanation"
      aria-label="Where a figure comes from"
      data-testid="explanation"
    >
      <div className="explanation-actions">
        {trail.length > 1 && (
          <Button className="button small quiet" onPress={() => explained.back()}>
            Back
          </Button>
        )}
        <Button className="button small quiet" onPress={() => explained.close()}>
          Close
        </Button>
      </div>
      {found === undefined ? (
        <p>The newest answer has no such figure any more.</p>
      ) : (
        <>
          <h2>{found.title}</h2>
          <p className="explanation-value">{explainedValue(found.value, found.unit)}</p>
          <p className="explanation-formula">= {found.formula}</p>
          <ul className="terms">
            {found.terms.map((term) => (
              <Term
                key={`${term.label} ${term.figure}`}
                term={term}
                onFollow={(next) => explained.follow(next)}
              />
            ))}
          </ul>
          {found.notes.map((note) => (
            <p key={note} className="figure-note">
              {note}
            </p>
          ))}
        </>
      )}
    </section>
  );
}
