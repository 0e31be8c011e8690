import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { ClaimLedger } from "../../../shared/planning/claims/ledger.ts";
import { catalogFolder } from "../../services/catalogFiles.ts";
import { callCommandLine } from "../testCommandLine.ts";
import { claimsCommand } from "./claimsCommand.ts";

const call = (...args: string[]) => callCommandLine([claimsCommand], ["claims", ...args]);

async function ledgerOf(...args: string[]): Promise<ClaimLedger> {
  const { code, stdout } = await call(...args, "--json");
  expect(code).toBe(0);
  return JSON.parse(stdout);
}

const folder = mkdtempSync(join(tmpdir(), "crossover-claims-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** A catalog in which one text of a file is another. */
function changedCatalog(fileName: string, from: RegExp, to: string): string {
  const copy = mkdtempSync(join(folder, "catalog-"));
  cpSync(catalogFolder, copy, { recursive: true });
  const path = join(copy, fileName);
  const text = readFileSync(path, "utf8");
  expect(text).toMatch(from);
  writeFileSync(path, text.replace(from, to));
  return copy;
}

const whole = await ledgerOf();

function claim(ledger: ClaimLedger, id: string) {
  const found = ledger.claims.find((each) => each.id === id);
  if (found === undefined) throw new Error(`no claim ${id}`);
  return found;
}

function foundIn(ledger: ClaimLedger, id: string): (number | undefined)[] {
  return claim(ledger, id).checks.map((each) => each.found?.min);
}

describe("crossover claims", () => {
  it("gives every claim a verdict, and every check what was published, found, and how far apart", () => {
    const { claims, counts } = whole;
    const sum = Object.values(counts).reduce((total, count) => total + count, 0);
    expect(sum).toBe(claims.length);
    expect(counts.refuted).toBeGreaterThan(0);
    for (const { checks, verdict, id, provenance } of claims) {
      expect(provenance.source, id).not.toBe("");
      expect(checks.length > 0, id).toBe(verdict !== "notComputed");
      for (const check of checks) {
        expect(check.found, id).not.toBeNull();
        expect(check.difference, id).not.toBeNull();
        expect(check.verdict === "reproducedUnderAssumption", id).toBe(check.assumption !== null);
      }
    }
  });

  it("agrees with the closed forms: the GPU month, and break-even at 213, 390 and 501 M tokens", () => {
    const [month, ...millions] = foundIn(whole, "article-baseline");
    expect(month).toBeCloseTo(2338.7, 9);
    expect(millions.map((each) => Math.round(each ?? 0))).toEqual([213, 390, 501]);
    expect(claim(whole, "article-baseline").verdict).toBe("reproduced");
    expect(foundIn(whole, "h100-month")[0]).toBeCloseTo(1963.7, 9);
    expect(claim(whole, "h100-month").checks[0].assumption).toBe("a month of 725 h");
    expect(claim(whole, "h100-month").assumption).toBe(
      "about $1,950 a month: a month of 725 h; a month of 730 h: as it is",
    );
  });

  it("names the mixed periods of $23 beside a month of GPU", () => {
    const [first] = claim(whole, "mixed-periods").checks;
    expect(first.verdict).toBe("reproducedUnderAssumption");
    expect(first.found?.min).toBeCloseTo(700, 9);
    expect(first.assumption).toContain("one day on Mistral Large, beside a month of GPU");
    expect(first.tried[0].value).toBeCloseTo(23.3333, 3);
    expect(claim(whole, "mixed-periods").note).toContain("$700/month, $900/month and $1,650/month");
  });

  it("says what the 1:2 blend hides, at the trace's own ratio", () => {
    const { checks } = claim(whole, "ratio-moves-break-even");
    expect(checks[0].found?.min).toBeCloseTo(1.78, 2);
    expect(checks[0].found?.max).toBeCloseTo(2.27, 2);
    for (const id of ["blend-sonnet", "blend-gpt-4.1", "blend-mistral", "fifty-million"]) {
      expect(claim(whole, id).verdict, id).toBe("reproducedUnderAssumption");
      expect(claim(whole, id).checks[0].assumption).toBe("1 input token to 2 output tokens");
    }
  });

  it("says for which models and precisions one H100 does a billion tokens in a night: small ones, never a 70B", () => {
    const { verdict, checks } = claim(whole, "night-one-h100");
    expect(verdict).toBe("reproducedUnderAssumption");
    const meeting = checks.flatMap(({ cases }) => cases.filter((each) => each.meets));
    expect(meeting.some(({ label }) => label.startsWith("llama-3.1-8b fp8"))).toBe(true);
    expect(meeting.some(({ label }) => /7[02]b|405b/.test(label))).toBe(false);
    expect(checks.every(({ cases }) => cases.some(({ label }) => label.includes("70b fp8")))).toBe(
      true,
    );
  });

  it("says that 50 long requests leave an H100 idle only where nearly all tokens are input", () => {
    const [check] = claim(whole, "mostly-idle").checks;
    const meeting = check.cases.filter((each) => each.meets);
    expect(meeting.length).toBeGreaterThan(0);
    expect(meeting.every(({ label }) => label.endsWith("99:1"))).toBe(true);
    expect(check.impossible.some(({ label }) => label.includes("70b fp8"))).toBe(true);
  });

  it("breaks even in a run where the closed form does, for a model that one GPU holds, and later for one that needs several", () => {
    const [, sonnet, gpt, mistral] = foundIn(whole, "article-baseline");
    const { cases } = whole.experiments.find((each) => each.id === "break-even")!;
    const volume = (label: string) => cases.find((each) => each.label === label)?.figures.askedMTok;
    const small = (api: string) => volume(`llama-3.1-8b fp8, real-time, 1:2, ${api}`);
    expect(small("claude-sonnet-4.6")).toBeCloseTo(sonnet!, 6);
    expect(small("gpt-4.1")).toBeCloseTo(gpt!, 6);
    expect(small("mistral-large-2")).toBeCloseTo(mistral!, 6);
    const large = volume("llama-3.3-70b fp8 on 2 GPUs, real-time, 1:2, gpt-4.1");
    expect(large).toBeCloseTo(2 * gpt!, 6);
    for (const { figures, impossible } of cases) {
      if (impossible !== undefined) continue;
      expect(figures.monthMTok / figures.askedMTok).toBeGreaterThan(0.95);
      expect(figures.monthMTok / figures.askedMTok).toBeLessThan(1.05);
      expect(figures.requests).toBeGreaterThanOrEqual(20_000);
      expect(figures.ttftP95Ms).toBeLessThanOrEqual(2000);
      expect(figures.tpotP95Ms).toBeLessThanOrEqual(50);
    }
  });

  it("refutes the rule of three conditions by fleets that win without one of them", () => {
    const { verdict, checks } = claim(whole, "three-conditions");
    expect(verdict).toBe("refuted");
    const missed = checks[1].cases.filter((each) => !each.meets);
    expect(missed.some(({ label }) => label.includes("real-time"))).toBe(true);
    expect(checks[1].cases.length).toBe(360);
    expect(
      checks.every(({ cases }) => cases.every(({ value }) => value === 0 || value === 1)),
    ).toBe(true);
  });

  it("finds the own price by both meanings of utilization, which lie far apart", () => {
    const [ofMost, busy] = claim(whole, "own-price").checks;
    expect(ofMost.found!.max).toBeLessThan(2);
    expect(busy.found!.max).toBeGreaterThan(10);
    const experiment = whole.experiments.find((each) => each.id === "sixty-percent-busy")!;
    for (const { figures } of experiment.cases) expect(figures.busyFraction).toBeCloseTo(0.6, 1);
    const sixty = whole.experiments.find((each) => each.id === "sixty-percent")!;
    for (const { figures } of sixty.cases) expect(figures.shareOfMost).toBeCloseTo(0.6, 1);
  });

  it("says that a 70B and a 7B model share one H100 with 4-bit weights and tight limits only, with the slices that they need else", () => {
    const { verdict, checks } = claim(whole, "seventy-and-seven");
    expect(verdict).toBe("reproducedUnderAssumption");
    expect(checks.map((each) => each.verdict)).toEqual(["refuted", "reproducedUnderAssumption"]);
    const meeting = checks[1].cases.filter((each) => each.meets);
    expect(meeting.every(({ label }) => /^llama-3\.3-70b (int4|mxfp4) /.test(label))).toBe(true);
    const { cases } = whole.experiments.find((each) => each.id === "seventy-and-seven")!;
    const fp8 = cases.filter(({ label }) => label.startsWith("llama-3.3-70b fp8 + qwen2.5-7b fp8"));
    expect(fp8.length).toBe(4);
    for (const { figures, notes } of fp8) {
      expect(figures.layouts).toBe(0);
      expect(figures.slicesNeeded).toBeGreaterThan(8);
      expect(notes.join(" ")).toContain("memory slices, and a GPU has 8");
    }
  });

  it("finds another value when a price of the catalog changes, and another verdict", async () => {
    const dearer = changedCatalog("offers.json", /"usdPerGpuHour": 2.69/, '"usdPerGpuHour": 3');
    const changed = await ledgerOf(
      "--only",
      "h100-hour,h100-month,article-baseline,night-cost",
      "--catalog",
      dearer,
    );
    expect(claim(changed, "h100-hour").verdict).toBe("refuted");
    expect(foundIn(changed, "h100-month")).toEqual([2190, 2190]);
    expect(foundIn(changed, "article-baseline")[0]).toBeCloseTo(2565, 9);
    expect(foundIn(changed, "night-cost")[1]).toBeCloseTo(30, 9);
    expect(claim(whole, "h100-hour").verdict).toBe("reproduced");
  });

  it("finds another rate when the GPU of the catalog changes", async () => {
    const slower = changedCatalog(
      "gpus.json",
      /"bandwidthBytesPerS": \d+/,
      '"bandwidthBytesPerS": 100000000000',
    );
    const changed = await ledgerOf("--only", "night-one-h100", "--catalog", slower);
    const most = (ledger: ClaimLedger) => claim(ledger, "night-one-h100").checks[0].found!.max;
    expect(most(changed)).toBeLessThan(0.5 * most(whole));
  }, 60_000);

  it("runs only the claims asked for, with only the experiments that they need", async () => {
    const ledger = await ledgerOf("--only", "seventy-and-seven, h100-hour");
    expect(ledger.claims.map((each) => each.id)).toEqual(["h100-hour", "seventy-and-seven"]);
    expect(ledger.experiments.map((each) => each.id)).toEqual(["seventy-and-seven"]);
    expect(claim(ledger, "seventy-and-seven")).toEqual(claim(whole, "seventy-and-seven"));
  });

  it("gives the same bytes twice", async () => {
    const args = ["--only", "mostly-idle,hosted-limit,night-rate", "--json"];
    expect((await call(...args)).stdout).toBe((await call(...args)).stdout);
  });

  it("prints a line of verdict for each claim, the table beneath it, and the formulas when asked", async () => {
    const { stdout } = await call("--only", "h100-month,seventy-and-seven");
    expect(stdout).toContain("Claim ledger: 2 claims; 2 only under an assumption");
    expect(stdout).toContain("only under an assumption: A month of an H100 (h100-month)");
    expect(stdout).toMatch(
      /about \$1,950 a month +about \$1,950 +\$1,963.70\/month +\+\$13.70 \(\+0.703 %\)/,
    );
    expect(stdout).toContain("they meet under: a month of 725 h ($1,950.25/month)");
    expect(stdout).not.toContain("gpuMonth(");
    const { stdout: details } = await call("--only", "h100-month", "--details");
    expect(details).toContain("(= gpuMonth(gpuHour, monthHours))");
    expect(details).toMatch(/gpuHour = \$2.69\/h: .*spheron/s);
  });

  it("refuses an unknown claim with the nearest, and a command line that it does not know", async () => {
    const unknown = await call("--only", "mixed-period");
    expect(unknown.code).toBe(3);
    expect(unknown.stderr).toContain("Nearest: mixed-periods");
    expect((await call("extra")).code).toBe(2);
    expect((await call("--only", "a,,b")).code).toBe(2);
    expect((await call("--catalog", join(folder, "nowhere"))).code).toBe(3);
  });
});
