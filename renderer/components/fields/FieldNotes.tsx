/** What the check found at a field: problems first, in words and with a mark. */
import type { Finding } from "../../state/documentCheck.ts";
import { useFindings } from "../editing.tsx";
import { inFieldUnits } from "./findingUnits.ts";

interface FieldNotesProps {
  readonly field: string | undefined;
  /** Only what is about the field itself, not what is inside it. */
  readonly isExact?: boolean;
  /** The field shows its number times this. */
  readonly scale?: number;
}

export function FieldNotes({ field, isExact = false, scale = 1 }: FieldNotesProps) {
  const found = useFindings(field);
  const isShown = (each: Finding): boolean => !isExact || each.field === field;
  const problems = found.problems.filter(isShown);
  const warnings = found.warnings.filter(isShown);
  if (problems.length === 0 && warnings.length === 0) return null;
  return (
    <span className="field-notes">
      {problems.map(({ message }) => (
        <span key={message} className="field-note" data-tone="bad">
          <span aria-hidden="true">✕ </span>
          {inFieldUnits(message, scale)}
        </span>
      ))}
      {warnings.map(({ message }) => (
        <span key={message} className="field-note" data-tone="warn">
          <span aria-hidden="true">▲ </span>
          {message}
        </span>
      ))}
    </span>
  );
}
