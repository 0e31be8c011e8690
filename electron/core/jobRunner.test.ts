import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { goldenScenarios } from "../../scripts/golden/goldenScenarios.ts";
import { scenarioSchema } from "../../shared/schema/scenario.ts";
import { createJobRunner } from "./jobRunner.ts";

const root = mkdtempSync(join(tmpdir(), "crossover-runner-"));
afterAll(() => rmSync(root, { recursive: true }));
const traces = new Map();
const scenario = scenarioSchema.parse(goldenScenarios.closedLoop);
const inputs = [0, 1, 2].map((replication) => ({ scenario, replication }));

test("a second runner finds the results of the first, and one without a cache runs all", async () => {
  const cache = join(root, "cache");
  const first = createJobRunner({ traces, cache, workers: 2 });
  const outputs = await first.run("point", inputs);
  await first.close();
  expect(first.counts).toEqual({ found: 0, run: 3 });
  const second = createJobRunner({ traces, cache, workers: 1 });
  expect(JSON.stringify(await second.run("point", inputs))).toBe(JSON.stringify(outputs));
  await second.close();
  expect(second.counts).toEqual({ found: 3, run: 0 });
  const bare = createJobRunner({ traces, cache: null, workers: 1 });
  expect(JSON.stringify(await bare.run("point", inputs))).toBe(JSON.stringify(outputs));
  await bare.close();
  expect(bare.counts).toEqual({ found: 0, run: 3 });
});

test("damaged results are run again and told", async () => {
  const cache = join(root, "damaged");
  const warnings: string[] = [];
  const open = () =>
    createJobRunner({ traces, cache, workers: 1, onWarning: (text) => warnings.push(text) });
  const first = open();
  const outputs = await first.run("point", inputs);
  await first.close();
  const [folder] = readdirSync(join(cache, "results"));
  const [file] = readdirSync(join(cache, "results", folder));
  writeFileSync(join(cache, "results", folder, file), "nonsense");
  const second = open();
  expect(await second.run("point", inputs)).toEqual(outputs);
  await second.close();
  expect(second.counts).toEqual({ found: 2, run: 1 });
  expect(warnings).toEqual([expect.stringMatching(/^1 earlier results were damaged/)]);
});

test("a named cache that is no folder is refused before anything runs", () => {
  const file = join(root, "file");
  writeFileSync(file, "");
  expect(() => createJobRunner({ traces, cache: file })).toThrow(/--cache DIR/);
});
