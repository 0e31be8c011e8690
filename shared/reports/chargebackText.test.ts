import { expect, it } from "vitest";
import type { ChargebackReport, ChargebackRow } from "../cost/chargeback/chargebackReport.ts";
import { chargebackCsv, formatChargeback } from "./chargebackText.ts";
import { groupCents } from "./groupCents.ts";

const charges = (usd: number) => ({
  ...{ gpuUsed: usd, gpuIdle: 0, licence: 0, api: 0, fixed: 0, total: usd },
});

function row(id: string, usd: number): ChargebackRow {
  return {
    ...{ id, kind: "named", requests: { arrived: 1, answered: 1 } },
    tokens: { prompt: 10, cached: 0, output: 5 },
    gpuHours: { used: 0.1, idle: 0 },
    ...{ horizon: charges(0), month: charges(usd), share: 0.01, usdPerMTok: null },
  };
}

function report(rows: readonly ChargebackRow[]): ChargebackReport {
  const usd = rows.reduce((sum, each) => sum + each.month.total, 0);
  return {
    ...{ by: "tenant", idle: "proportional", fixed: "cost", unitUsd: 1e-6, horizonS: 3600 },
    ...{ monthHours: 730, bill: { horizonUsd: 0, monthUsd: usd } },
    ...{ horizon: charges(0), month: charges(usd), rows, gpus: [], rules: ["One rule."] },
  };
}

it("of many rows the dearest are shown, and the others in one line, so that the table still adds up", () => {
  const rows = Array.from({ length: 100 }, (_, i) => row(`t${i}`, i / 3));
  const text = formatChargeback(report(rows), "x", []);
  expect(text).toMatch(/^t99 /m);
  expect(text).not.toMatch(/^t1 /m);
  expect(text).toMatch(/^\(60 more rows\) +60 /m);
  expect(text).toMatch(/^total +1,650\.00 /m);
});

it("names of tenants cannot run as formulas in a spreadsheet, nor reach the terminal's controls", () => {
  const rows = [row("=cmd()", 1), row("a\u001b[31m", 1)];
  expect(chargebackCsv(report(rows))).toContain("\r\n'=cmd(),named,1,");
  expect(formatChargeback(report(rows), "x", ["w"])).not.toContain("\u001b");
});

it.each([
  [0, "0.00"],
  [5, "0.05"],
  [-5, "-0.05"],
  [123_456_789, "1,234,567.89"],
])("%i cents are %s", (cents, text) => {
  expect(groupCents(cents)).toBe(text);
});
