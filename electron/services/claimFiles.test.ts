import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readFormula } from "../../shared/planning/claims/formula.ts";
import { claimsFileSchema } from "../../shared/schema/claims.ts";
import { ProblemsError } from "../../shared/schema/findings.ts";
import { loadClaims } from "./claimFiles.ts";

const file = loadClaims();
const text = JSON.stringify(file);
const figures = file.claims.filter((each) => each.kind === "figure");
const checks = figures.flatMap((each) => each.checks);

describe("the claims that ship", () => {
  it("pass their schema, with ids of their own", () => {
    expect(claimsFileSchema.safeParse(file).error).toBeUndefined();
    const ids = [...file.claims, ...file.experiments].map((each) => each.id);
    expect(ids.length).toBeGreaterThan(35);
    expect(new Set(file.claims.map((each) => each.id)).size).toBe(file.claims.length);
    expect(new Set(file.experiments.map((each) => each.id)).size).toBe(file.experiments.length);
  });

  it("stand in groups that there are, and name sources that there are", () => {
    for (const { group, source } of file.claims) {
      expect(Object.keys(file.groups)).toContain(group);
      expect(Object.keys(file.sources)).toContain(source);
    }
    for (const { source } of file.experiments) expect(Object.keys(file.sources)).toContain(source);
  });

  it.each([
    ...["$2.69", "about $1,950", "$1,964", "from $4,500", "about $1", "90 days", "at most 16"],
    ...["about 40", "$3", "$15", "$2", "$8", "$6", "$11", "$4.67", "half", "5.5 : 1"],
    ...["1.8 to 2.3 times", "300-500 M", "$0.50-1.20", "$2,339", "213 M", "390 M", "501 M"],
    ...["3,000 M a month or more", "always", "$300", "$11,000", "$6,000", "$4,670"],
    ...["about 99 %", "$23", "$23.33", "$700", "$900", "$1,650", "about 28,000", "$26.90"],
    ...["5-10x", "3.9x", "22x", "$2,000-3,000", "$1,800", "$3,000", "6", "10", "at least one"],
  ])("have a check of the published figure %s", (published) => {
    expect(checks.map((each) => each.published.text)).toContain(published);
  });

  it("use every experiment, quantity and source", () => {
    for (const { id } of file.experiments) {
      expect(
        checks.some((each) => each.over.includes(id)),
        id,
      ).toBe(true);
    }
    for (const name of [...Object.keys(file.quantities), ...Object.keys(file.sources)]) {
      const uses = text.match(new RegExp(`(?<![A-Za-z0-9])${name}(?![A-Za-z0-9])`, "g")) ?? [];
      expect(uses.length, name).toBeGreaterThan(1);
    }
  });

  it("find no value from a formula of numbers alone: each names something given, counted, priced or simulated", () => {
    for (const { found, under } of checks) {
      for (const formula of [found, ...under.map((each) => each.found)]) {
        expect(readFormula(formula).names.length, formula).toBeGreaterThan(0);
      }
    }
  });

  it("take prices, licences and limits from the catalog, not from the claim", () => {
    for (const [name, quantity] of Object.entries(file.quantities)) {
      if (quantity.kind !== "given") continue;
      const isPrice = quantity.unit.startsWith("USD");
      expect(isPrice && !["ownLow", "ownHigh"].includes(name), name).toBe(false);
    }
  });

  it("refuse a file that does not fit, with the field", () => {
    const folder = mkdtempSync(join(tmpdir(), "crossover-claims-"));
    const path = join(folder, "claims.json");
    writeFileSync(path, JSON.stringify({ ...file, claims: [{ ...file.claims[0], checks: [] }] }));
    expect(() => loadClaims(path)).toThrow(ProblemsError);
    expect(() => loadClaims(path)).toThrow("claims[0].checks");
    writeFileSync(path, JSON.stringify({ ...file, found: 1 }));
    expect(() => loadClaims(path)).toThrow(ProblemsError);
    rmSync(folder, { recursive: true });
  });
});
