/** A table of a run whose figures can be taken apart, each a button. */
import { Button } from "react-aria-components";
import type { Table } from "../../../shared/reports/table.ts";
import type { OpenScenario } from "../../state/appState.ts";
import type { CellFigure } from "./explainedCells.ts";

interface FigureTableProps {
  readonly scenario: OpenScenario;
  readonly heading: string;
  readonly table: Table;
  readonly figureAt: CellFigure;
}

export function FigureTable({ scenario, heading, table, figureAt }: FigureTableProps) {
  const classOf = (column: number): string | undefined =>
    table.columns[column].align === "right" ? "figure-cell" : undefined;
  return (
    <section>
      <h2>{heading}</h2>
      <div className="table-frame">
        <table>
          <caption className="visually-hidden">{heading}</caption>
          <thead>
            <tr>
              {table.columns.map(({ title }, column) => (
                <th key={title} scope="col" className={classOf(column)}>
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {table.rows.map((cells, row) => (
              <tr key={cells.join("|")}>
                {cells.map((cell, column) => {
                  const figure = cell === "-" ? undefined : figureAt(row, column);
                  return (
                    <td key={table.columns[column].title} className={classOf(column)}>
                      {figure === undefined ? (
                        cell
                      ) : (
                        <Button
                          className="figure-button"
                          aria-label={`${cell}, ${table.columns[column].title}: where it comes from`}
                          onPress={() => scenario.explained.show(figure)}
                        >
                          {cell}
                        </Button>
                      )}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
