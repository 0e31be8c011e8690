import { describe, expect, it } from "vitest";
import { loadCatalog } from "../../../electron/services/catalogFiles.ts";
import { parseScenario, serialiseScenario } from "../../schema/scenarioFile.ts";
import { requireSound } from "../checkScenario.ts";
import { runScenario } from "../scenarioRun.ts";
import { presetScenario, presets } from "./presets.ts";

const catalog = loadCatalog();

describe.each(presets.map(({ id }) => id))("the preset %s", (id) => {
  const scenario = presetScenario(id, catalog);

  it("is sound, stands alone and reads back as it was", () => {
    const { warnings } = requireSound(scenario, id);
    const parsed = parseScenario(serialiseScenario(scenario), id);
    expect(parsed.scenario).toEqual(scenario);
    expect(parsed.unknownFields).toEqual([]);
    expect(warnings.filter(({ field }) => field === "licences")).toEqual([]);
  });

  it("runs, answers every request and meets its targets", () => {
    const report = runScenario({ scenario, traces: new Map() });
    const { arrived, finished } = report.requests;
    expect(arrived).toBeGreaterThan(10_000);
    expect(finished).toBe(arrived);
    expect(report.targets.filter(({ isMet }) => isMet === false)).toEqual([]);
    expect(report.cost.monthUsd).toBeGreaterThan(0);
  }, 30_000);
});

describe("presets", () => {
  it("name what they are about in a sentence or two", () => {
    for (const { title, about } of presets) {
      expect(title.length).toBeLessThan(40);
      expect(about).toMatch(/^[A-Z].{60,300}\.$/);
    }
  });

  it("use what they are named after", () => {
    const report = (id: string) =>
      runScenario({ scenario: presetScenario(id, catalog), traces: new Map() });
    const night = report("nightly-batch");
    expect(night.requests.byDestination["night-h100"]).toBeGreaterThan(night.requests.arrived / 2);
    const hybrid = report("hybrid-spillover");
    expect(hybrid.requests.spilled).toBeGreaterThan(0);
    expect(hybrid.requests.spilled).toBeLessThan(hybrid.requests.arrived / 2);
    const { monthUsd } = report("article-baseline").cost;
    expect(monthUsd).toBeCloseTo(2.69 * 730 + 4500 / 12, -1);
  }, 60_000);

  it("refuses an unknown one and names those there are", () => {
    expect(() => presetScenario("nightly", catalog)).toThrow(/Wanted one of article-baseline/);
  });
});
