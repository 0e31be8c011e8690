/** A heading over a table of a report. */
import type { Table } from "../../../shared/reports/table.ts";
import { DataTable } from "../../components/DataTable.tsx";

/** Columns as the page's tables take them. */
export function columnsOf({ columns }: Table) {
  return columns.map(({ title, align }) => ({ heading: title, isFigure: align === "right" }));
}

interface TableSectionProps {
  readonly heading: string;
  readonly table: Table;
  readonly emptyText?: string;
}

export function TableSection({ heading, table, emptyText }: TableSectionProps) {
  return (
    <section>
      <h2>{heading}</h2>
      <DataTable
        caption={heading}
        columns={columnsOf(table)}
        rows={table.rows}
        emptyText={emptyText}
      />
    </section>
  );
}

/** Sentences to know, as a list; nothing without any. */
export function Notes({
  heading,
  notes,
}: {
  readonly heading: string;
  readonly notes: readonly string[];
}) {
  if (notes.length === 0) return null;
  return (
    <section>
      <h2>{heading}</h2>
      <ul className="notes">
        {notes.map((note) => (
          <li key={note}>{note}</li>
        ))}
      </ul>
    </section>
  );
}
