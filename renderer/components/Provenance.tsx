/** Where a figure comes from: newest first, older entries are its history. */
import type { Provenance } from "../../shared/schema/common.ts";
import { shortSource } from "./shortSource.ts";

interface ProvenanceListProps {
  readonly entries: readonly Provenance[] | undefined;
  /** How many are shown before the rest is behind a button; default all. */
  readonly emptyText?: string;
}

export function ProvenanceList({ entries, emptyText }: ProvenanceListProps) {
  if (entries === undefined || entries.length === 0) {
    return <p className="source">{emptyText ?? "No source is given."}</p>;
  }
  const newestFirst = [...entries].sort((a, b) => b.retrievedOn.localeCompare(a.retrievedOn));
  return (
    <ol className="sources">
      {newestFirst.map((each) => (
        <li key={`${each.source}|${each.retrievedOn}|${each.note}`} className="source">
          <time>{each.retrievedOn}</time> <span className="source-basis">{each.basis}</span>{" "}
          <span title={each.source}>{shortSource(each.source)}</span>
          {each.note !== undefined && <span className="source-note"> {each.note}</span>}
        </li>
      ))}
    </ol>
  );
}
