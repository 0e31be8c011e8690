/** What the check found at a field: problems first, in words and with a mark. */
import { useFindings } from "../editing.tsx";

interface FieldNotesProps {
  readonly field: string | undefined;
  readonly id?: string;
}

export function FieldNotes({ field, id }: FieldNotesProps) {
  const { problems, warnings } = useFindings(field);
  if (problems.length === 0 && warnings.length === 0) return null;
  return (
    <span className="field-notes" id={id}>
      {problems.map(({ message }) => (
        <span key={message} className="field-note" data-tone="bad">
          <span aria-hidden="true">✕ </span>
          {message}
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
