import { expect, test } from "vitest";
import type { ScenarioInput } from "../schema/scenario.ts";
import { pool, scenario } from "../serving/fixtures/engineRuns.ts";
import { requestState } from "../serving/requestTable.ts";
import { ScenarioRun } from "./scenarioRun.ts";

const slow = pool({
  engine: { maxNumSeqs: 2, prefixCaching: false },
  executionTime: { kind: "linear", iterationUs: 20_000 },
});

function crowded(
  classes: ScenarioInput["traffic"]["classes"],
  run: ScenarioInput["run"] = {},
): ScenarioRun {
  const checked = scenario({
    run,
    traffic: {
      sources: [
        {
          id: "chat",
          kind: "synthetic",
          arrivals: { process: "poisson", rateRps: 4 },
          durationS: 60,
          lengths: {
            prompt: { kind: "constant", value: 50 },
            output: { kind: "geometric", mean: 40 },
          },
        },
      ],
      classes,
    },
    pools: [slow],
  });
  const ended = new ScenarioRun({ scenario: checked, traces: new Map() });
  while (ended.step(1000));
  return ended;
}

test("waiting and running requests over all windows are the requests' stays, also of those who left the queue", () => {
  for (const drain of [true, false]) {
    const ended = crowded([{ id: "all", abandonAfterS: 3 }], { drain, horizonS: 60 });
    const { series, requests } = ended.report(0);
    expect(requests.aborted).toBeGreaterThan(20);
    const { table } = ended.fleet;
    let staysS = 0;
    for (let i = 0; i < table.count; i++) {
      const endNs = Number.isNaN(table.finishNs[i]) ? 60e9 : Math.min(table.finishNs[i], 60e9);
      staysS += (endNs - table.arrivalNs[i]) / 1e9;
    }
    const { waiting, running } = series.pools.own;
    const inSystem = [...waiting, ...running].reduce((sum, value) => sum + value, 0);
    expect(inSystem * series.windowS).toBeCloseTo(staysS, 6);
  }
});

test("a deadline is met or not by itself, whatever other targets are missed", () => {
  const ended = crowded([
    { id: "all", targets: { ttft: { ms: 1 } }, deadline: { withinS: 86_400 } },
  ]);
  const { targets, sloAttainment } = ended.report(0);
  expect(targets.map(({ metric, isMet }) => [metric, isMet])).toEqual([
    ["ttft", false],
    ["deadline", true],
  ]);
  expect(sloAttainment.all).toBe(0);
});

test("a warm-up that leaves nothing over has no goodput", () => {
  const ended = crowded([{ id: "all" }], { warmup: { kind: "seconds", seconds: 100 } });
  expect(ended.report(0).goodputRps).toBe(0);
});

test("MSER-5 sees requests in order of arrival where closed loops stand behind open ones", () => {
  const base = crowded([{ id: "all" }]).scenario;
  const checked = scenario({
    pools: [slow],
    run: { warmup: { kind: "mser5" } },
    traffic: {
      ...base.traffic,
      sources: [
        ...base.traffic.sources,
        {
          id: "users",
          kind: "closedLoop",
          clients: 1,
          requests: 30,
          lengths: {
            prompt: { kind: "constant", value: 10 },
            output: { kind: "constant", value: 5 },
          },
        },
      ],
    },
  });
  const ended = new ScenarioRun({ scenario: checked, traces: new Map() });
  while (ended.step(1000));
  const { warmupS, notes } = ended.report(0);
  const { table } = ended.fleet;
  const cut = Number(/first (\d+) of/.exec(notes.join(" "))?.[1]);
  const isEarly = (timeNs: number, i: number): boolean =>
    timeNs < warmupS * 1e9 && table.state[i] === requestState.finished;
  expect(table.arrivalNs.filter(isEarly).length).toBe(cut);
});
