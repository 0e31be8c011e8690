import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { canonicalJson } from "./canonicalJson.ts";
import { ProblemsError } from "./findings.ts";
import { scenarioJsonSchema, searchSpaceJsonSchema, studyJsonSchema } from "./jsonSchema.ts";
import { maxScenarioCharacters, parseScenario, serialiseScenario } from "./scenarioFile.ts";

const data = join(import.meta.dirname, "../../data");

function small(changes: object = {}): string {
  return JSON.stringify({
    format: "crossover-scenario",
    version: 1,
    name: "small",
    traffic: {
      sources: [
        {
          id: "a",
          kind: "synthetic",
          requests: 10,
          arrivals: { process: "poisson", rateRps: 1 },
          lengths: {
            prompt: { kind: "constant", value: 1 },
            output: { kind: "constant", value: 2 },
          },
        },
      ],
      classes: [{ id: "all" }],
    },
    rules: [{ id: "none", to: { reject: true } }],
    ...changes,
  });
}

function problemsOf(text: string): string[] {
  try {
    parseScenario(text, "f.crossover");
  } catch (error) {
    if (error instanceof ProblemsError) {
      return error.problems.map(({ field, message }) => `${field}: ${message}`);
    }
    throw error;
  }
  return [];
}

const refused: [string, string, string][] = [
  ["an empty file", " \n", "f.crossover is empty; wanted a Crossover scenario (JSON)."],
  ["a list", "[1]", "f.crossover: found a list, wanted a Crossover scenario"],
  ["another format", '{"format": "other"}', 'found "other", wanted a Crossover scenario'],
  ["no version", '{"format": "crossover-scenario"}', "version: found no version, wanted 1, the"],
  [
    "a newer version, whatever else is in it",
    '{"format": "crossover-scenario", "version": 3, "traffic": 7}',
    "f.crossover is version 3; this Crossover reads up to 1. Open it with a newer Crossover.",
  ],
  ["too much text", " ".repeat(maxScenarioCharacters) + small(), "a scenario file may have 64 Mi"],
];

describe("parseScenario", () => {
  it.each(refused)("refuses %s", (_name, text, message) => {
    expect(() => parseScenario(text, "f.crossover")).toThrow(message);
  });

  it("names field, found and wanted for every problem", () => {
    const text = small({
      name: "",
      seed: "x",
      clock: { startTime: "25:00" },
      monthHours: 0,
      pools: [{ id: "p", gpu: "g", model: "m", backend: "x", tensorParallel: 3, replicas: 1.5 }],
      rules: [
        { id: "r", to: { foo: 1 } },
        { id: "s", to: { pool: "no spaces" } },
      ],
    });
    expect(problemsOf(text)).toEqual([
      'name: found "", wanted at least 1 character',
      'seed: found "x", wanted a number',
      'clock.startTime: found "25:00", wanted a time of day like "22:30"',
      "monthHours: found 0, wanted a number of at least 1",
      'pools[0].backend: found "x", wanted one of "vllm", "sglang", "trtllm" or "nim"',
      "pools[0].tensorParallel: found 3, wanted one of 1, 2, 4, 8 or 16",
      "pools[0].replicas: found 1.5, wanted a whole number",
      "rules[0].to: found an object, wanted an object with pool, or with provider, or with reject",
      expect.stringContaining('rules[1].to.pool: found "no spaces", wanted'),
    ]);
  });

  it("keeps unknown fields as they are and lists them, with the name that may have been meant", () => {
    const text = small({ zebra: { deep: [1, { two: 2 }] }, seeed: 4 });
    const { scenario, unknownFields, warnings } = parseScenario(text, "f");
    expect(unknownFields).toEqual(["zebra", "seeed (did you mean seed?)"]);
    expect(warnings.map(({ field }) => field)).toEqual(["zebra", "seeed"]);
    expect(scenario.zebra).toEqual({ deep: [1, { two: 2 }] });
    expect(scenario.seed).toBe(1);
  });

  it("finds unknown fields inside unions, lists and defaults", () => {
    const rules = [{ id: "r", to: { reject: true, pol: 1 }, match: { clases: ["a"] } }];
    expect(
      parseScenario(small({ rules, run: { warmup: { kind: "none", s: 1 } } }), "f").unknownFields,
    ).toEqual(["rules[0].to.pol", "rules[0].match.clases (did you mean classes?)", "run.warmup.s"]);
  });

  it("leaves no trace of a constructor key on other objects", () => {
    parseScenario(small({ constructor: { prototype: { polluted: 1 } } }), "f");
    expect(Reflect.get({}, "polluted")).toBeUndefined();
  });
});

describe("the canonical file", () => {
  it("is the same bytes after parsing and writing again", () => {
    const text = serialiseScenario(parseScenario(small({ zebra: 1 }), "f").scenario);
    expect(serialiseScenario(parseScenario(text, "f").scenario)).toBe(text);
    expect(canonicalJson(JSON.parse(text))).toBe(text);
  });

  it("holds for the sample scenario, which has no unknown field", () => {
    const text = readFileSync(join(data, "samples/azure-conv-hybrid.crossover"), "utf8");
    const { scenario, unknownFields } = parseScenario(text, "sample");
    expect(unknownFields).toEqual([]);
    const written = serialiseScenario(scenario);
    expect(serialiseScenario(parseScenario(written, "sample").scenario)).toBe(written);
  });
});

describe("the JSON Schemas in data/", () => {
  it("are what the schemas say now (npm run schema writes them)", () => {
    expect(readFileSync(join(data, "scenario.schema.json"), "utf8")).toBe(scenarioJsonSchema());
    expect(readFileSync(join(data, "study.schema.json"), "utf8")).toBe(studyJsonSchema());
    const space = readFileSync(join(data, "searchSpace.schema.json"), "utf8");
    expect(space).toBe(searchSpaceJsonSchema());
  });
});
