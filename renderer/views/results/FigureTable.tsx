/** A table of a run whose figures can be taken apart, each a button. */
import { Button } from "react-aria-components";
import type { Table } from "../../../shared/reports/table.ts";
import { DataTable } from "../../components/DataTable.tsx";
import type { OpenScenario } from "../../state/appState.ts";
import type { CellFigure } from "./explainedCells.ts";
import { columnsOf } from "./TableSection.tsx";

interface FigureTableProps {
  readonly scenario: OpenScenario;
  readonly heading: string;
  readonly table: Table;
  readonly figureAt: CellFigure;
}

export function FigureTable({ scenario, heading, table, figureAt }: FigureTableProps) {
  const drawCell = (row: number, column: number) => {
    const text = table.rows[row][column];
    const figure = text === "-" ? undefined : figureAt(row, column);
    if (figure === undefined) return undefined;
    return (
      <Button
        className="figure-button"
        aria-label={`${text}, ${table.columns[column].title}: where it comes from`}
        onPress={() => scenario.explained.show(figure)}
      >
        {text}
      </Button>
    );
  };
  return (
    <section>
      <h2>{heading}</h2>
      <DataTable caption={heading} columns={columnsOf(table)} rows={table.rows} cell={drawCell} />
    </section>
  );
}
