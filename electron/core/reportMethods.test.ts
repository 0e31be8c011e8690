import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { methods } from "../../shared/contract/methods.ts";
import { reportHtml, reportStyle, reportStyleHash } from "../../shared/reports/reportHtml.ts";
import { reportMarkdown } from "../../shared/reports/reportMarkdown.ts";
import { TestCore } from "./testCore.ts";

const path = join(import.meta.dirname, "../../data/samples/azure-conv-hybrid.crossover");
const small = JSON.parse(readFileSync(path, "utf8"));
small.traffic.sources[0].transforms.volume = 0.1;
const evil = '<script>alert("1")</script> & |`*_';
small.name = evil;
small.notes = evil;

let core: TestCore;
let scenarioId = "";
let runId = "";
const studies: Record<string, string> = {};

beforeAll(async () => {
  core = new TestCore(2);
  await core.call("scenario.createSample", {});
  scenarioId = (await core.call("scenario.create", { document: small })).id;
  const run = await core.call("run.start", { job: "r", document: small, scenarioId });
  runId = run.run!.id;
  const scenarios = [{ id: scenarioId }];
  const own = { points: 2, replications: 1, strategies: ["api", "own"], from: 5e8, to: 4e9 };
  const specs = [
    { kind: "breakeven" as const, ...own },
    { kind: "gate" as const, ...own },
    { kind: "project" as const, strategies: ["api", "own"], grid: 2, plan: { months: 3 } },
    { kind: "chargeback" as const },
    {
      ...{ kind: "sweep" as const, outputs: ["monthUsd"] },
      axes: [{ inputs: [{ path: "pools.own-h100.replicas", values: [1, 2] }] }],
    },
    {
      ...{ kind: "optimize" as const, top: 2, replications: 1 },
      space: { gpus: ["h100-sxm"], precisions: ["fp8"], backends: ["vllm"], maxGpus: 2 },
    },
  ];
  for (const study of specs) {
    const asked = await core.call("study.start", { job: study.kind, study, scenarios });
    studies[study.kind] = asked.study.id;
  }
  const two = [{ id: scenarioId }, { document: { ...small, seed: 7 } }];
  const compare = { kind: "compare" as const, replications: 1 };
  const compared = await core.call("study.start", { job: "c", study: compare, scenarios: two });
  studies.compare = compared.study.id;
}, 180_000);

afterAll(async () => {
  await core.close();
  expect(core.logged).toEqual([]);
});

function allItems() {
  return [
    { kind: "run" as const, id: runId },
    ...Object.values(studies).map((id) => ({ kind: "study" as const, id })),
    { kind: "scenario" as const, id: scenarioId },
  ];
}

async function exported(format: "html" | "markdown" | "json" | "csv", items = allItems()) {
  const { token, path: to } = core.target(`report.${format}`);
  const reply = await core.call("report.export", { items, format, target: token });
  const text = readFileSync(to, "utf8");
  expect(reply).toEqual({ fileName: `report.${format}`, bytes: Buffer.byteLength(text) });
  return text;
}

describe("reports behind the contract", () => {
  it("tell runs, studies of every kind and assumptions as data, with hashes and dates of prices", async () => {
    const report = await core.call("report.build", { items: allItems(), title: "Ours" });
    expect(methods["report.build"].result.safeParse(report).success).toBe(true);
    expect(report.title).toBe("Ours");
    expect(report.sections).toHaveLength(allItems().length);
    for (const { paragraphs, tables, lines } of report.sections) {
      expect(paragraphs.length + tables.length + lines.length).toBeGreaterThan(0);
    }
    const curve = report.sections.flatMap(({ curves }) => curves)[0];
    expect(curve.series.length).toBeGreaterThanOrEqual(2);
    expect(report.footer.join("\n")).toMatch(/hash [0-9a-f]{64}/);
    expect(report.footer.join("\n")).toMatch(/Prices as of 2026-\d\d-\d\d to 2026-\d\d-\d\d\./);
  });

  it("are HTML without a script or a request, and whatever a scenario says is only text in it", async () => {
    const html = await exported("html");
    expect(html).not.toMatch(/<script|javascript:|https?:\/\/[^<\s]*["']/i);
    expect(html).not.toMatch(/ style="| on\w+="/);
    expect(html).toContain("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;");
    expect(html).toContain(`style-src 'sha256-${reportStyleHash}'`);
    expect(html).toContain("<svg viewBox");
    expect(createHash("sha256").update(reportStyle).digest("base64")).toBe(reportStyleHash);
    const tags = html.match(/<(?!\/|!|br|meta|line|circle|polyline)([a-z0-9]+)/g) ?? [];
    for (const tag of new Set(tags)) {
      const close = `</${tag.slice(1)}>`;
      expect(html.split(`${tag}>`).length + html.split(`${tag} `).length - 2).toBe(
        html.split(close).length - 1,
      );
    }
  });

  it("are Markdown in which a scenario's text is no markup", async () => {
    const markdown = await exported("markdown");
    expect(markdown).not.toMatch(/^(?! {4}).*<script/m);
    expect(markdown).toContain("## Break-even: ");
  });

  it("are the same bytes each time, in every form", async () => {
    for (const format of ["html", "markdown", "json"] as const) {
      expect(await exported(format)).toBe(await exported(format));
    }
    const json = JSON.parse(await exported("json"));
    expect(json.items).toHaveLength(allItems().length);
  });

  it("are CSV for one item that is a table, and say so otherwise", async () => {
    for (const item of allItems()) {
      if (item.id === studies.gate) continue;
      const csv = await exported("csv", [item]);
      const [header, ...rows] = csv.trimEnd().split("\r\n");
      expect(header).toMatch(/^[A-Za-z_]/);
      expect(rows.length).toBeGreaterThan(0);
    }
    await expect(exported("csv")).rejects.toThrow("badInput: A CSV file holds one table");
    await expect(exported("csv", [{ kind: "study", id: studies.gate }])).rejects.toThrow(
      "badInput: A study of kind gate is no table",
    );
  });

  it("name what is not there, and use a target once", async () => {
    const items = [{ kind: "run" as const, id: "gone" }];
    await expect(core.call("report.build", { items })).rejects.toThrow("notFound");
    const { token } = core.target("a.json");
    const asked = { items: allItems(), format: "json" as const, target: token };
    await core.call("report.export", asked);
    await expect(core.call("report.export", asked)).rejects.toThrow("notFound: The chosen file");
  });
});

describe("an empty report", () => {
  it("is still a page", () => {
    const document = { title: "t", sections: [], footer: [] };
    expect(reportHtml(document)).toContain("<h1>t</h1>");
    expect(reportMarkdown(document)).toBe("# t\n");
  });
});
