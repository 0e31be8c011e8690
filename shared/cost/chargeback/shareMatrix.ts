/** Charges by row and column in whole units. */
import { apportion } from "../../units/apportion.ts";
import { type ChargeColumn, type Charges, chargeColumns } from "./chargebackReport.ts";

/** Adds up divided lines; every sum is of whole units and so exact. */
export class ShareMatrix {
  private readonly rowCount: number;
  private readonly perUsd: number;
  private readonly columns: Readonly<Record<ChargeColumn, Float64Array>>;

  /** `unitUsd` is 1 over a whole number. */
  constructor(rowCount: number, unitUsd: number) {
    this.rowCount = rowCount;
    this.perUsd = Math.round(1 / unitUsd);
    const column = (): Float64Array => new Float64Array(rowCount);
    this.columns = {
      gpuUsed: column(),
      gpuIdle: column(),
      licence: column(),
      api: column(),
      fixed: column(),
    };
  }

  /** Divides units of a column over the rows. */
  add(column: ChargeColumn, units: number, weights: Float64Array): void {
    if (units === 0) return;
    const own = this.columns[column];
    apportion(units, weights).forEach((part, row) => {
      own[row] += part;
    });
  }

  /** Units of each row over all columns. */
  rowTotals(): Float64Array {
    return Float64Array.from({ length: this.rowCount }, (_, row) =>
      chargeColumns.reduce((sum, column) => sum + this.columns[column][row], 0),
    );
  }

  /** USD of a row, or of all rows. */
  charges(row?: number): Charges {
    const unitsOf = (column: Float64Array): number =>
      row === undefined ? column.reduce((sum, units) => sum + units, 0) : column[row];
    const { gpuUsed, gpuIdle, licence, api, fixed } = this.columns;
    const units = [gpuUsed, gpuIdle, licence, api, fixed].map(unitsOf);
    const usd = (value: number): number => value / this.perUsd;
    return {
      gpuUsed: usd(units[0]),
      gpuIdle: usd(units[1]),
      licence: usd(units[2]),
      api: usd(units[3]),
      fixed: usd(units[4]),
      total: usd(units.reduce((sum, value) => sum + value, 0)),
    };
  }
}
