import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { testScenario } from "../../../shared/planning/breakEven/testScenario.ts";
import { callCommandLine } from "../testCommandLine.ts";
import { projectCommand, shareOf } from "./projectCommand.ts";

const folder = mkdtempSync(join(tmpdir(), "crossover-project-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(content));
  return path;
}

const scenario = file("a.crossover", testScenario());

function project(...args: string[]) {
  return callCommandLine([projectCommand], ["project", ...args, "--no-cache", "--workers", "1"]);
}

test("project prints the answer, the options, the months and the plan with its defaults", async () => {
  const { code, stdout } = await project(scenario, "--months", "3", "--growth", "8%");
  expect(code).toBe(0);
  expect(stdout).toContain("Over 3 months the least is");
  expect(stdout).toMatch(/own\/rented +[\d,]+/);
  expect(stdout).toContain("months 3; growth 8 % a month; first month the traffic's own volume");
  expect(stdout).toContain("discount rate 8 % a year");
}, 60_000);

test("one worker or two give the same bytes", async () => {
  const args = ["project", scenario, "--months", "3", "--growth", "40%", "--no-cache", "--json"];
  const [one, two] = await Promise.all(
    ["1", "2"].map((n) => callCommandLine([projectCommand], [...args, "--workers", n])),
  );
  expect(one.code).toBe(0);
  expect(two.stdout).toBe(one.stdout);
}, 60_000);

test("the plan comes from --plan, else from the scenario, and options change it", async () => {
  const planned = { ...testScenario(), projection: { months: 2, firstMonthTokens: 1e9 } };
  const own = file("planned.crossover", planned);
  const inFile = await project(own, "--json", "--strategies", "api");
  expect(JSON.parse(inFile.stdout).months).toHaveLength(2);
  const plan = file("plan.json", { months: 4, prices: { api: { perYear: -0.1 } }, colour: "red" });
  const args = ["--plan", plan, "--api-price", "-50%", "--strategies", "api"];
  const given = await project(own, ...args, "--json");
  const { plan: used, months, options } = JSON.parse(given.stdout);
  expect(used.prices.api.perYear).toBe(-0.5);
  expect(months).toHaveLength(4);
  expect(options.map((each: { id: string }) => each.id)).toEqual(["api:api"]);
  expect(given.stderr).toContain("unknown field colour");
}, 60_000);

test("a plan that does not fit names every field, and a percentage must be one", async () => {
  const wrong = file("wrong.json", {
    months: 61,
    commitments: [{ id: "a", termMonths: 12, discount: 1.5, provenance: [] }],
  });
  const { code, stdout } = await project(scenario, "--plan", wrong, "--json");
  expect(code).toBe(3);
  const fields = JSON.parse(stdout).error.problems.map((each: { field: string }) => each.field);
  expect(fields).toEqual(["months", "commitments[0].discount", "commitments[0].provenance"]);
  const dated = file("dated.json", {
    prices: { gpu: { steps: [{ from: "2027-01", factor: 1 }] } },
  });
  expect((await project(scenario, "--plan", dated)).stderr).toContain("the plan has no start");
  expect((await project(scenario, "--growth", "8")).code).toBe(2);
  expect((await project(scenario, "--growth", "-100%")).code).toBe(2);
}, 60_000);

test("the plan that the README shows can be used as it stands", async () => {
  const readme = readFileSync(new URL("../../../README.md", import.meta.url), "utf8");
  const text = readme.slice(readme.indexOf("## The months ahead"));
  const plan = /```json\n([\s\S]*?)```/.exec(text)![1];
  const path = file("readme.json", JSON.parse(plan));
  const { code, stdout, stderr } = await project(scenario, "--plan", path, "--grid", "2", "--json");
  expect(stderr).not.toContain("unknown");
  expect(code).toBe(0);
  expect(JSON.parse(stdout).options).toHaveLength(7);
}, 60_000);

test("shares are read from percentages and from plain shares", () => {
  expect(shareOf("8%", "--x", -1, 1)).toBe(0.08);
  expect(shareOf("-0.2", "--x", -1, 1)).toBe(-0.2);
  expect(shareOf("150%", "--x", -1, 10)).toBe(1.5);
  expect(shareOf(undefined, "--x", -1, 1)).toBeUndefined();
});
