import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { chargedInput } from "../../../shared/cost/chargeback/testRuns.ts";
import { callCommandLine } from "../testCommandLine.ts";
import { chargebackCommand } from "./chargebackCommand.ts";
import { runCommand } from "./runCommand.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "crossover-chargeback-"));
  write("s.crossover", JSON.stringify(chargedInput()));
});
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const at = (name: string): string => join(folder, name);
const charge = (...args: string[]) =>
  callCommandLine([chargebackCommand], ["chargeback", at("s.crossover"), ...args]);

interface Row {
  readonly id: string;
  readonly month: Record<string, number>;
}
const cents = (usd: number): number => Math.round(usd * 100);

describe("crossover chargeback", () => {
  test.each(["class", "tenant", "model", "pool"])(
    "by %s: rows add up to the bill that run reports",
    async (by) => {
      const bill = await callCommandLine([runCommand], ["run", at("s.crossover"), "--json"]);
      const { cost, hash } = JSON.parse(bill.stdout);
      const { code, stdout } = await charge("--by", by, "--json");
      const document = JSON.parse(stdout);
      expect([code, document.by, document.hash]).toEqual([0, by, hash]);
      const total = document.rows.reduce((sum: number, row: Row) => sum + row.month.total, 0);
      expect(cents(total)).toBe(cents(cost.monthUsd));
      expect(document.bill.monthUsd).toBe(cost.monthUsd);
    },
  );

  test("the cents of the printed table add up across and down", async () => {
    const { stdout } = await charge("--by", "tenant");
    const [head, ...lines] = stdout
      .split("\n")
      .slice(stdout.split("\n").indexOf("Month (USD)") + 1);
    expect(head).toMatch(/^tenant +requests +tokens +GPU-h used +GPU used +GPU idle +licence/);
    const rows = lines.slice(1, lines.indexOf(""));
    const printed = rows.map((line) => {
      const cells = line.split(/ {2,}/);
      const from = line.startsWith("total") ? 1 : 4;
      return cells.slice(from, from + 6).map((cell) => cents(Number(cell.replaceAll(",", ""))));
    });
    const total = printed[printed.length - 1];
    const payers = printed.slice(0, -1);
    expect(payers.length).toBe(4);
    for (let column = 0; column < 6; column++) {
      expect(payers.reduce((sum, row) => sum + row[column], 0)).toBe(total[column]);
    }
    for (const row of printed) {
      expect(row.slice(0, 5).reduce((sum, each) => sum + each, 0)).toBe(row[5]);
    }
  });

  test("--csv writes the rows, which add up to the bill", async () => {
    const { code, stdout } = await charge("--by", "pool", "--csv", at("rows.csv"), "--json");
    const [header, ...rows] = readFileSync(at("rows.csv"), "utf8").trimEnd().split("\r\n");
    expect(code).toBe(0);
    expect(header.split(",").slice(0, 3)).toEqual(["pool", "kind", "requests"]);
    const column = header.split(",").indexOf("month_total_usd");
    const total = rows.reduce((sum, row) => sum + Number(row.split(",")[column]), 0);
    expect(cents(total)).toBe(cents(JSON.parse(stdout).bill.monthUsd));
  });

  test("by namespace, as the scenario and a file map tenants, the file first", async () => {
    write(
      "mapped.crossover",
      JSON.stringify({ ...chargedInput(), namespaces: { ana: "a", bo: "b" } }),
    );
    const file = write("ns.csv", "namespace,tenant\nteam-b,bo\nteam-z,zoe\n");
    const { stdout, stderr } = await callCommandLine(
      [chargebackCommand],
      [
        ...["chargeback", at("mapped.crossover"), "--by", "namespace"],
        ...["--namespaces", file, "--json"],
      ],
    );
    const ids = JSON.parse(stdout).rows.map((row: Row) => row.id);
    expect(ids.sort()).toEqual(["(no tenant)", "(unused capacity)", "a", "team-b"]);
    expect(stderr).toMatch(/1 tenants of the namespace mapping are not in the traffic \(zoe\)/);
    expect(stderr).toMatch(/\d+ requests name no tenant/);
  });

  test.each([
    [["--by", "team"], 2, '--by has "team"'],
    [["--idle", "never"], 2, '--idle has "never"'],
    [["--by", "namespace"], 3, "Nothing says which namespace"],
    [["--namespaces", "x.csv"], 2, "--by namespace only"],
    [["--by", "namespace", "--namespaces", "none.csv"], 3, "none.csv"],
  ])("refuses %j", async (args, exitCode, message) => {
    const { code, stderr } = await charge(...args);
    expect([code, stderr]).toEqual([exitCode, expect.stringContaining(message)]);
  });

  test.each([
    [
      "tenant,namespace\nana,a\nana,b\n",
      'Line 3: tenant "ana" is in namespace "b", and was in "a"',
    ],
    ["tenant,namespace\nana,\n", "Line 2: namespace is empty"],
    ["tenant,team\nana,a\n", "The file of namespaces lacks the column namespace"],
    ["", "The file of namespaces is empty"],
  ])("refuses a file of namespaces like %j", async (text, message) => {
    const file = write("bad.csv", text);
    const { code, stderr } = await charge("--by", "namespace", "--namespaces", file);
    expect([code, stderr]).toEqual([3, expect.stringContaining(message)]);
    expect(stderr).toContain("bad.csv");
  });

  test("never writes over the scenario that it reads", async () => {
    const { code, stderr } = await charge("--csv", at("s.crossover"));
    expect([code, stderr]).toEqual([2, expect.stringContaining("the file that is read")]);
  });
});
