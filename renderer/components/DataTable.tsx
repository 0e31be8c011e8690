/** A table of text and figures: figures stand to the right; hovered, or reached by the keyboard, it offers itself as CSV. */
import { type ReactNode, useEffect, useRef, useState } from "react";
import { CsvButton } from "./CsvButton.tsx";

/** A column: its heading, and whether it holds figures, or dates, which stay on one line. */
export interface DataColumn {
  readonly heading: string;
  readonly isFigure?: boolean;
  readonly isDate?: boolean;
}

interface DataTableProps {
  readonly caption: string;
  readonly columns: readonly DataColumn[];
  readonly rows: readonly (readonly string[])[];
  /** Shown instead of a table without rows: why there are none. */
  readonly emptyText?: string;
  /** Draws a cell otherwise than as its text. */
  readonly cell?: (row: number, column: number) => ReactNode;
}

/** A frame that scrolls sideways where its table is too wide, then with the keyboard too. */
export function TableFrame({ children }: { readonly children: ReactNode }) {
  const frame = useRef<HTMLDivElement>(null);
  const [isWide, setWide] = useState(false);
  useEffect(() => {
    const element = frame.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => setWide(element.scrollWidth > element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return (
    <div className="table-frame" ref={frame} {...(isWide && { tabIndex: 0 })}>
      {children}
    </div>
  );
}

/** Reports of plain text write "+-". */
function headingOf({ heading }: DataColumn): string {
  return heading.replace("+-", "±");
}

/** Figures stand to the right; those in parentheses stand on too few samples and are greyed. */
function classOf({ isFigure, isDate }: DataColumn, cell: string): string | undefined {
  if (!isFigure) return isDate ? "date-cell" : undefined;
  return /^\(.*\)$/.test(cell) ? "figure-cell shaky" : "figure-cell";
}

export function DataTable({ caption, columns, rows, emptyText, cell: draw }: DataTableProps) {
  if (rows.length === 0) return <p className="empty">{emptyText ?? "There are no rows."}</p>;
  return (
    <div className="table-holder">
      <TableFrame>
        <table>
          <caption className="visually-hidden">{caption}</caption>
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column.heading} scope="col" className={classOf(column, "")}>
                  {headingOf(column)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, at) => (
              <tr key={row.join("|")}>
                {row.map((cell, i) => (
                  <td key={columns[i].heading} className={classOf(columns[i], cell)}>
                    {draw?.(at, i) ?? cell}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </TableFrame>
      <span className="table-csv">
        <CsvButton
          name={caption}
          table={() => ({ header: columns.map(({ heading }) => heading), rows })}
        />
      </span>
    </div>
  );
}
