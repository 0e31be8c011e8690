/** Runs of one model's fleet under a trace's own shape at a monthly volume, remembered so that none is run twice. */
import { findLicence, findModel, findOffer } from "../../../catalog/catalog.ts";
import { computeMemoryFit } from "../../../catalog/memoryFit.ts";
import type { FleetExperiment } from "../../../schema/claims.ts";
import { engineSchema } from "../../../schema/fleet.ts";
import { type Scenario, scenarioSchema } from "../../../schema/scenario.ts";
import { buildWorkload } from "../../../workload/buildWorkload.ts";
import { cheapestValidFleet } from "../../breakEven/searchFleet.ts";
import {
  type MeasuredTraffic,
  measureTraffic,
  scaleTraffic,
} from "../../breakEven/trafficVolume.ts";
import { requireSound } from "../../checkScenario.ts";
import { fillScenario } from "../../fillScenario.ts";
import { missedTargets, type RunFigures } from "../../points/runFigures.ts";
import { runPoint } from "../../points/runPoint.ts";
import { type ClaimInputs, findTrace, type QuantityBook } from "../quantities.ts";

export type FleetModel = FleetExperiment["models"][number];
export type FleetTier = FleetExperiment["tiers"][number];
type Ratio = FleetExperiment["ratios"][number];

/** What stands still while volume and replicas are varied. */
export interface FleetSubject {
  readonly model: FleetModel;
  readonly ratio: Ratio;
  readonly tier: FleetTier;
}

/** Results of runs by everything that makes them. */
export type FleetMemory = Map<string, RunFigures>;

/** Volumes are bisected to within this factor. */
const volumeStep = 1.02;
const firstVolume = 1e9;
const leastVolume = 10e6;

/** The fleet of one subject. */
export class FleetRuns {
  private readonly experiment: FleetExperiment;
  private readonly inputs: ClaimInputs;
  private readonly subject: FleetSubject;
  private readonly memory: FleetMemory;
  private readonly template: Scenario;
  /** The trace's own traffic at the subject's ratio. */
  private readonly measured: MeasuredTraffic;

  constructor(
    experiment: FleetExperiment,
    inputs: ClaimInputs,
    book: QuantityBook,
    subject: FleetSubject,
    memory: FleetMemory,
  ) {
    this.experiment = experiment;
    this.inputs = inputs;
    this.subject = subject;
    this.memory = memory;
    const factors = lengthFactors(experiment, inputs, book, subject.ratio);
    this.template = buildTemplate(experiment, inputs, subject, factors);
    const { traffic, clock, seed } = this.template;
    const { traces } = inputs;
    const workload = buildWorkload({ traffic, clock, traces, seed, replication: 0 });
    this.measured = measureTraffic(this.template, workload);
  }

  /** Why the model does not fit; undefined where it does. Throws InputError for a scenario that is not sound otherwise. */
  unfit(): string | undefined {
    const [pool] = this.template.pools;
    const [gpu] = this.template.gpus;
    const model = findModel(this.inputs.catalog, pool.model);
    const { reason } = computeMemoryFit({ ...pool, gpu, model, profile: undefined });
    if (reason === undefined) requireSound(this.template, `experiment ${this.experiment.id}`);
    return reason;
  }

  /** A run of that many replicas at that many tokens a month. */
  at(monthTokens: number, replicas: number): RunFigures {
    const { backend, offer, licence, trace } = this.experiment;
    const key = JSON.stringify([
      this.subject,
      backend,
      offer,
      licence,
      trace,
      monthTokens,
      replicas,
    ]);
    const known = this.memory.get(key);
    if (known !== undefined) return known;
    const figures = runPoint(
      { scenario: this.scenarioAt(monthTokens, replicas) },
      { traces: this.inputs.traces, isCancelled: () => false, onProgress: () => undefined },
    );
    this.memory.set(key, figures);
    return figures;
  }

  /** Whether a run keeps every target, answers every request and keeps up. */
  isMet(monthTokens: number, replicas: number): boolean {
    return missedTargets(this.at(monthTokens, replicas)).length === 0;
  }

  /** Tokens a month at which one replica is busy for that share of the time, to 2 %. */
  tokensAtBusy(share: number): number {
    const isBelow = (tokens: number) => (this.at(tokens, 1).pools[0].busyFraction ?? 0) < share;
    return this.lastVolume(isBelow);
  }

  /** The most tokens a month that one replica serves within its targets, to 2 %; 0 where it serves none. */
  mostTokens(): number {
    return this.lastVolume((tokens) => this.isMet(tokens, 1));
  }

  /** The fewest replicas that keep the targets at a volume; undefined beyond the experiment's limit. */
  fewestReplicas(monthTokens: number): number | undefined {
    const [{ tensorParallel }] = this.template.pools;
    const answer = cheapestValidFleet(
      {
        scenario: this.scenarioAt(monthTokens, 1),
        objective: "fewestGpus",
        replications: 1,
        maxGpus: this.experiment.maxReplicas * tensorParallel,
      },
      ({ pools }) => this.at(monthTokens, pools[0].replicas),
    );
    return answer.isValid ? answer.counts[0] : undefined;
  }

  /** The last volume at which something holds that holds up to some volume, to 2 %; 0 where it never does. */
  private lastVolume(holds: (monthTokens: number) => boolean): number {
    let low = firstVolume;
    while (!holds(low)) {
      low /= 2;
      if (low < leastVolume) return 0;
    }
    let high = low * 2;
    while (holds(high)) {
      low = high;
      high *= 2;
    }
    while (high / low > volumeStep) {
      const middle = Math.sqrt(low * high);
      if (holds(middle)) low = middle;
      else high = middle;
    }
    return low;
  }

  private scenarioAt(monthTokens: number, replicas: number): Scenario {
    const { scenario } = scaleTraffic(this.template, this.measured, monthTokens);
    return { ...scenario, pools: scenario.pools.map((pool) => ({ ...pool, replicas })) };
  }
}

/** Factors that give the trace's lengths another ratio while prompt + output keep their mean. */
function lengthFactors(
  { trace: id }: FleetExperiment,
  { traces }: ClaimInputs,
  book: QuantityBook,
  ratio: Ratio,
) {
  const trace = findTrace(traces, id);
  const prompt = trace.promptTokens.reduce((sum, each) => sum + each, 0);
  const output = trace.outputTokens.reduce((sum, each) => sum + each, 0);
  const input = book.evaluate(ratio.input);
  const share = input / (input + book.evaluate(ratio.output));
  const tokens = prompt + output;
  return {
    promptFactor: (tokens * share) / prompt,
    outputFactor: (tokens * (1 - share)) / output,
  };
}

function buildTemplate(
  experiment: FleetExperiment,
  { catalog }: ClaimInputs,
  { model, tier }: FleetSubject,
  { promptFactor, outputFactor }: { promptFactor: number; outputFactor: number },
): Scenario {
  const { gpu, usdPerGpuHour, provenance } = findOffer(catalog, experiment.offer);
  const target = (ms: number | undefined) => (ms === undefined ? undefined : { ms });
  const scenario = scenarioSchema.parse({
    format: "crossover-scenario",
    version: 1,
    name: `claims: ${experiment.id}`,
    traffic: {
      sources: [
        {
          id: experiment.trace,
          kind: "trace",
          transforms: { promptFactor, outputFactor },
          file: "trace",
        },
      ],
      classes: [
        {
          id: "all",
          tier: tier.toleratesBatching ? "batch" : "realTime",
          targets: { ttft: target(tier.ttftMs), tpot: target(tier.tpotMs) },
        },
      ],
    },
    pools: [
      {
        ...{ id: "own", gpu, ...model, backend: experiment.backend, replicas: 1 },
        kvPrecision: model.precision === "fp8" ? "fp8" : "bf16",
        engine: engineSchema.parse({}),
        price: { usdPerGpuHour, provenance },
        licence: findLicence(catalog, experiment.licence).id,
      },
    ],
    rules: [{ id: "all", to: { pool: "own" } }],
  });
  return fillScenario(scenario, catalog).scenario;
}
