/** One large figure with its label and what it means. */
import type { ReactNode } from "react";

interface FigureProps {
  readonly label: string;
  readonly value: string;
  readonly unit?: string;
  readonly note?: ReactNode;
  /** Said in words besides: colour alone tells nothing. */
  readonly tone?: "good" | "bad" | "warn";
  readonly testId?: string;
}

/** A definition: the label names the value. */
export function Figure({ label, value, unit, note, tone, testId }: FigureProps) {
  return (
    <div className="figure" data-tone={tone}>
      <dt>{label}</dt>
      <dd>
        <span className="figure-value" data-testid={testId}>
          {value}
        </span>
        {unit !== undefined && <span className="unit"> {unit}</span>}
        {note !== undefined && <span className="figure-note">{note}</span>}
      </dd>
    </div>
  );
}
