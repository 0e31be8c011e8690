/** Prints, as JSON, hashes of the random streams, the variates, Math's functions and the runs of fixed scenarios: the same on every host. Bundled; run under each Node by golden.ts. */
import { createHash } from "node:crypto";
import { requireSound } from "../shared/planning/checkScenario.ts";
import { runScenario } from "../shared/planning/scenarioRun.ts";
import { scenarioSchema } from "../shared/schema/scenario.ts";
import { createRandomStream } from "../shared/sim/random.ts";
import {
  ExponentialSampler,
  GammaSampler,
  lognormalOfMean,
  NormalSampler,
} from "../shared/sim/variates.ts";
import { power } from "../shared/units/units.ts";
import { goldenScenarios } from "./golden/goldenScenarios.ts";

const draws = 100_000;

/** Bytes of `draws` values of f at uniforms of one stream, hashed. */
function hashOf(name: string, f: (u: number) => number): string {
  const stream = createRandomStream(1, name);
  const values = Float64Array.from({ length: draws }, () => f(stream.nextUniform()));
  return createHash("sha256").update(new Uint8Array(values.buffer)).digest("hex");
}

function hashSampler(name: string, sampler: { quantile(u: number): number }): [string, string] {
  return [name, hashOf(name, (u) => sampler.quantile(u))];
}

function hashRuns(): [string, string][] {
  return Object.entries(goldenScenarios).map(([name, input]) => {
    const scenario = scenarioSchema.parse(input);
    requireSound(scenario, name);
    return [`run ${name}`, runScenario({ scenario, traces: new Map() }).hash];
  });
}

const hashes: Record<string, string> = Object.fromEntries([
  ["uniforms", hashOf("uniforms", (u) => u)],
  ["exp", hashOf("exp", (u) => Math.exp(40 * (u - 0.5)))],
  ["log", hashOf("log", (u) => Math.log(u))],
  ["cos", hashOf("cos", (u) => Math.cos(100 * u))],
  ["atan", hashOf("atan", (u) => Math.atan(100 * (u - 0.5)))],
  ["power", hashOf("power", (u) => power(u, 3.35))],
  hashSampler("exponential", new ExponentialSampler(3)),
  hashSampler("normal", new NormalSampler(0, 1)),
  hashSampler("lognormal", lognormalOfMean(1000, 1)),
  hashSampler("gamma", new GammaSampler(1, 1.7)),
  ...hashRuns(),
]);
process.stdout.write(`${JSON.stringify(hashes, undefined, 2)}\n`);
