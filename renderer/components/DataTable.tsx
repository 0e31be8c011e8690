/** A table of text and figures: figures stand to the right. */

/** A column: its heading, and whether it holds figures. */
export interface DataColumn {
  readonly heading: string;
  readonly isFigure?: boolean;
}

interface DataTableProps {
  readonly caption: string;
  readonly columns: readonly DataColumn[];
  readonly rows: readonly (readonly string[])[];
  /** Shown instead of a table without rows: why there are none. */
  readonly emptyText?: string;
}

export function DataTable({ caption, columns, rows, emptyText }: DataTableProps) {
  if (rows.length === 0) return <p className="empty">{emptyText ?? "There are no rows."}</p>;
  return (
    <div className="table-frame">
      <table>
        <caption className="visually-hidden">{caption}</caption>
        <thead>
          <tr>
            {columns.map(({ heading, isFigure }) => (
              <th key={heading} scope="col" className={isFigure ? "figure-cell" : undefined}>
                {heading}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.join("|")}>
              {row.map((cell, i) => (
                <td
                  key={columns[i].heading}
                  className={columns[i].isFigure ? "figure-cell" : undefined}
                >
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
