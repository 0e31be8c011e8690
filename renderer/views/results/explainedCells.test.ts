import { beforeAll, describe, expect, it } from "vitest";
import { hybridScenario } from "../../../shared/planning/fixtures/hybridScenario.ts";
import type { RunReport } from "../../../shared/planning/runReport.ts";
import { runScenario } from "../../../shared/planning/scenarioRun.ts";
import { explainFigure } from "../../../shared/reports/explainFigure.ts";
import {
  costTable,
  latencyTable,
  poolTable,
  targetTable,
} from "../../../shared/reports/runTables.ts";
import type { Table } from "../../../shared/reports/table.ts";
import {
  type CellFigure,
  costFigures,
  latencyFigures,
  poolFigures,
  targetFigures,
} from "./explainedCells.ts";

let report: RunReport;

beforeAll(() => {
  report = runScenario({ scenario: hybridScenario(), traces: new Map() });
});

/** Cells with a figure, each beside the value that its explanation gives. */
function explained({ rows }: Table, figureAt: CellFigure) {
  return rows.flatMap((row, r) =>
    row.flatMap((cell, c) => {
      const figure = figureAt(r, c);
      if (figure === undefined) return [];
      const found = explainFigure(report, figure);
      return [{ cell: Number(cell.replace(/[(),]/g, "")), figure, value: found?.value }];
    }),
  );
}

const close = (cell: number, value: number): boolean =>
  Math.abs(cell - value) <= 0.006 * Math.max(Math.abs(cell), 1e-9);

describe("a figure of a table", () => {
  it("is the one that its explanation explains: latencies, targets, pools", () => {
    const shares = explained(poolTable(report), poolFigures(report));
    const cells = [
      ...explained(latencyTable(report), latencyFigures(report)),
      ...explained(targetTable(report), targetFigures(report)),
      ...shares.map(({ cell, ...rest }) => ({ cell: cell / 100, ...rest })),
    ].filter(({ cell }) => !Number.isNaN(cell));
    expect(cells.length).toBeGreaterThan(20);
    for (const { cell, value, figure } of cells) {
      expect([figure, close(cell, value ?? Number.NaN)]).toEqual([figure, true]);
    }
  });

  it("is the one that its explanation explains: months of every line, the total, the idle hours", () => {
    const month = (row: number, column: number) =>
      column === 6 ? costFigures(report)(row, column) : undefined;
    const cells = explained(costTable(report), month);
    expect(cells).toHaveLength(report.cost.lines.length + 2);
    for (const { cell, value } of cells) expect(cell).toBeCloseTo(value ?? Number.NaN, 1);
  });
});
