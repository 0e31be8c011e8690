import { describe, expect, test } from "vitest";
import { type Axis, studySchema } from "../../schema/study.ts";
import { hybridScenario } from "../fixtures/hybridScenario.ts";
import { parseAxis } from "./axisText.ts";
import { rangeValues } from "./axisValues.ts";
import { type OpenStudy, planStudy } from "./planStudy.ts";

const scenario = hybridScenario();
const base = { format: "crossover-study", version: 1, name: "s", scenario };
const study = (changes: object): OpenStudy => ({
  ...studySchema.parse({ ...base, ...changes }),
  scenario,
});
const axes = (...texts: string[]): Axis[] => texts.map(parseAxis);
const inputsOf = (changes: object) => planStudy(study(changes)).points.map(({ inputs }) => inputs);
const replicas = "pools.own.replicas";
const hourly = "pools.own.price.usdPerGpuHour";

describe("axes on a command line", () => {
  test.each([
    ["a=1,2.5,-3e2", { path: "a", values: [1, 2.5, -300] }],
    ["a=x,true,null", { path: "a", values: ["x", true, null] }],
    ["a=1..9:2", { path: "a", range: { from: 1, to: 9, step: 2, scale: "linear" } }],
    ["a=.5..2*4", { path: "a", range: { from: 0.5, to: 2, count: 4, scale: "linear" } }],
    ["a=1..100*3(log)", { path: "a", range: { from: 1, to: 100, count: 3, scale: "log" } }],
    ["a=1..100*3log", { path: "a", range: { from: 1, to: 100, count: 3, scale: "log" } }],
    ["a=-2..2", { path: "a", range: { from: -2, to: 2, scale: "linear" } }],
    ["a.gpt-4.1.b=1", { path: "a.gpt-4.1.b", values: [1] }],
    ['a=["x;y",{"k":1}]', { path: "a", values: ["x;y", { k: 1 }] }],
    ["a;b=1,2", { path: ["a", "b"], values: [1, 2] }],
  ])("%s", (text, input) => {
    expect(parseAxis(text)).toEqual({ inputs: [input] });
  });

  test("a=1,2;b=x,y move together", () => {
    expect(parseAxis("a=1,2;b=x,y").inputs).toEqual([
      { path: "a", values: [1, 2] },
      { path: "b", values: ["x", "y"] },
    ]);
  });

  test.each(["a", "=1", "a=", "a=1,,2", "a=[]", "a=1..", "a=1..2:", "a=1;b", "a=1..2*x"])(
    "%j is refused with what is wanted",
    (text) => {
      expect(() => parseAxis(text)).toThrow(/--axis .*(wanted PATH=1,2,3|not valid JSON)/);
    },
  );
});

describe("ranges", () => {
  const values = (text: string, isInteger = false) => {
    const { range } = parseAxis(`p=${text}`).inputs[0];
    return rangeValues(range ?? { from: 0, to: 0, scale: "linear" }, "p", isInteger);
  };

  test.each([
    ["0.1..0.5:0.1", [0.1, 0.2, 0.3, 0.4, 0.5]],
    ["1..4:2", [1, 3]],
    ["5..5:1", [5]],
    ["0..1*5", [0, 0.25, 0.5, 0.75, 1]],
    ["1..1000*4(log)", [1, 10, 100, 1000]],
    ["2..2*1", [2]],
  ])("%s is %j", (text, wanted) => {
    expect(values(text)).toEqual(wanted);
  });

  test("for whole numbers are rounded, each once", () => {
    expect(values("1..8*6(log)", true)).toEqual([1, 2, 3, 5, 8]);
  });

  test.each([
    ["3..1:1", "the range from 3 to 1 is empty"],
    ["1..2", "has neither step nor count"],
    ["0..2*3(log)", "begins above 0"],
    ["1..2*1", "one value cannot run from 1 to 2"],
    ["1..2:0", "the step is 0"],
    ["0..1:1e-9", "steps of 1e-9, wanted at most 1000000"],
  ])("%s is refused", (text, message) => {
    expect(() => values(text)).toThrow(message);
  });
});

describe("a plan", () => {
  test("of a grid has every combination, the last axis running fastest", () => {
    expect(inputsOf({ axes: axes(`${replicas}=1,2`, `${hourly}=2,3`) })).toEqual([
      { [replicas]: 1, [hourly]: 2 },
      { [replicas]: 1, [hourly]: 3 },
      { [replicas]: 2, [hourly]: 2 },
      { [replicas]: 2, [hourly]: 3 },
    ]);
  });

  test("of a list takes value k of every axis, and wants equally many", () => {
    const list = { design: { kind: "list" } };
    expect(inputsOf({ ...list, axes: axes(`${replicas}=1,2`, `${hourly}=2,3`) })).toEqual([
      { [replicas]: 1, [hourly]: 2 },
      { [replicas]: 2, [hourly]: 3 },
    ]);
    expect(() => inputsOf({ ...list, axes: axes(`${replicas}=1,2`, `${hourly}=2`) })).toThrow(
      /list design.*has 2.*has 1/,
    );
  });

  test("of no axis is the scenario itself", () => {
    expect(inputsOf({})).toEqual([{}]);
  });

  test("moves the inputs of one axis together", () => {
    expect(inputsOf({ axes: axes(`${replicas}=1,2;${hourly}=3,2`) })).toEqual([
      { [replicas]: 1, [hourly]: 3 },
      { [replicas]: 2, [hourly]: 2 },
    ]);
    expect(() => inputsOf({ axes: axes(`${replicas}=1,2;${hourly}=3`) })).toThrow(
      /need as many values each/,
    );
  });

  test("of a Latin hypercube has one value in each of n equal parts of every range", () => {
    const design = { kind: "latinHypercube", points: 40, seed: 3 };
    const points = inputsOf({ design, axes: axes(`${replicas}=1..4`, `${hourly}=1..5`) });
    const parts = points.map((each) => Math.floor((Number(each[hourly]) - 1) * 10));
    expect([...parts].sort((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, i) => i));
    const counts = [1, 2, 3, 4].map((n) => points.filter((each) => each[replicas] === n).length);
    expect(counts).toEqual([10, 10, 10, 10]);
    expect(inputsOf({ design, axes: axes(`${replicas}=1..4`, `${hourly}=1..5`) })).toEqual(points);
    const alone = inputsOf({ design, axes: axes(`${hourly}=1..5`) });
    expect(alone.map((each) => each[hourly])).toEqual(points.map((each) => each[hourly]));
  });

  test("gives all points the same draws, or each its own, which more points do not change", () => {
    const seeds = (text: string, commonRandomNumbers: boolean) =>
      planStudy(study({ axes: axes(text), commonRandomNumbers })).points.map(({ seed }) => seed);
    expect(seeds(`${replicas}=1,2,3`, true)).toEqual([5, 5, 5]);
    const own = seeds(`${replicas}=1,2,3`, false);
    expect(new Set(own).size).toBe(3);
    expect(seeds(`${replicas}=2,9`, false)[0]).toBe(own[1]);
  });

  test("refuses an input that two axes vary", () => {
    expect(() => inputsOf({ axes: axes(`${replicas}=1`, "pools[0].replicas=2") })).toThrow(
      /stands in two axes/,
    );
  });

  test("refuses more runs than the limit before it makes them, with the number and how to shard", () => {
    const large = study({
      axes: axes(`${hourly}=1..1000:1`, "seed=1..1000000:1"),
      replications: 2,
    });
    expect(() => planStudy(large, 10_000)).toThrow(
      /2,000,000,000 runs \(1,000,000,000 points x 2 replications\).*10,000.*--shard 1\/200000.*kubernetes.*--max-runs/,
    );
    const small = study({ axes: axes(`${hourly}=1..30:1`) });
    expect(planStudy(small, 10, 3).points).toHaveLength(30);
    expect(() => planStudy(small, 10, 2)).toThrow(/30 runs/);
  });

  test("refuses points that cannot run, all of them named, before anything runs", () => {
    const both = { axes: axes("pools.own.model=llama-3.1-8b,none", `${replicas}=1,2`) };
    expect(() => inputsOf(both)).toThrow(/2 problems[\s\S]*point 3: pools.own.model = "none"/);
  });
});
