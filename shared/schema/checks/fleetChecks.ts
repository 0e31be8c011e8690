/** Checks of a scenario's own GPUs: pools, partitions, licences. */
import type { Findings } from "../findings.ts";
import {
  instancesPerGpu,
  mostReplicas,
  type Partition,
  type Pool,
  partitionLayouts,
} from "../fleet.ts";
import type { Scenario } from "../scenario.ts";
import { checkUnique, findReferenced } from "./references.ts";

function checkInstances(
  findings: Findings,
  partition: Partition,
  scenario: Scenario,
  field: string,
): void {
  for (const profile of new Set(partitionLayouts(partition).flat())) {
    const perGpu = instancesPerGpu(partition, profile);
    const there = perGpu * partition.gpus;
    const users = scenario.pools.filter(
      (pool) => pool.partition?.id === partition.id && pool.partition.profile === profile,
    );
    const wanted = users.reduce((total, pool) => total + mostReplicas(pool), 0);
    if (wanted <= there) continue;
    findings.problem(
      field,
      `pools ${users.map(({ id }) => id).join(", ")} want ${wanted} instances of ${profile}, but ${partition.gpus} ${partition.gpus === 1 ? "GPU" : "GPUs"} x ${perGpu} in the layout are ${there}. Add GPUs or lower replicas.`,
    );
  }
}

/** A pool on MIG instances: they exist, on the same GPU type, and each holds a whole replica. */
function checkPartitionOfPool(
  findings: Findings,
  pool: Pool,
  scenario: Scenario,
  field: string,
): void {
  const { partition: use } = pool;
  if (use === undefined) return;
  if (pool.tensorParallel !== 1) {
    findings.problem(
      `${field}.tensorParallel`,
      `found ${pool.tensorParallel}, wanted 1: MIG instances cannot exchange data, so a replica fits in one. Use whole GPUs for tensor parallel.`,
    );
  }
  const { partitions } = scenario;
  const at = `${field}.partition`;
  const partition = findReferenced(findings, partitions, use.id, `${at}.id`, "partitions");
  if (partition === undefined) return;
  if (partition.gpu !== pool.gpu) {
    findings.problem(
      `${field}.gpu`,
      `found "${pool.gpu}", wanted "${partition.gpu}", the GPU of partition "${partition.id}".`,
    );
  }
  checkLayoutChanges(findings, pool, partition, field);
  const profiles = [...new Set(partitionLayouts(partition).flat())];
  if (profiles.includes(use.profile)) return;
  findings.problem(
    `${at}.profile`,
    `found "${use.profile}", wanted one of the layout of partition "${partition.id}": ${profiles.join(", ")}.`,
  );
}

/** Where the layout changes it alone opens and closes pools. */
function checkLayoutChanges(
  findings: Findings,
  pool: Pool,
  partition: Partition,
  field: string,
): void {
  if (partition.reconfiguration === undefined) return;
  const clash = (["autoscaler", "failures"] as const).find((each) => pool[each] !== undefined);
  const found = pool.schedule.kind === "always" ? clash : "schedule";
  if (found === undefined) return;
  findings.problem(
    `${field}.${found}`,
    `does not go together with the changing layouts of partition "${partition.id}", which say when the pool is open. Leave it out, or keep one layout.`,
  );
}

function checkPrice(findings: Findings, pool: Pool, field: string): void {
  if (pool.partition === undefined && pool.price === undefined) {
    findings.warn(
      `${field}.price`,
      "found nothing; the pool's GPU hours count as $0. Give usdPerGpuHour with its provenance.",
    );
  }
  if (pool.partition !== undefined && pool.autoscaler !== undefined) {
    findings.warn(
      `${field}.autoscaler`,
      "saves nothing: the partition's GPUs are billed by the partition's schedule, whatever instances are in use.",
    );
  }
  if (pool.partition !== undefined && pool.price !== undefined) {
    findings.warn(`${field}.price`, "has no effect: the partition's price is billed.");
  }
}

function checkEngine(findings: Findings, pool: Pool, scenario: Scenario, field: string): void {
  const { maxNumSeqs, maxNumBatchedTokens, maxModelLen, kvCapacityTokens } = pool.engine;
  if (maxNumBatchedTokens < maxNumSeqs) {
    findings.warn(
      `${field}.engine.maxNumBatchedTokens`,
      `${maxNumBatchedTokens} is below maxNumSeqs ${maxNumSeqs}; vLLM refuses this, because each running request needs a token in every iteration.`,
    );
  }
  const context = scenario.models.find(({ id }) => id === pool.model)?.maxContextTokens;
  if (maxModelLen !== undefined && context !== undefined && maxModelLen > context) {
    findings.warn(
      `${field}.engine.maxModelLen`,
      `${maxModelLen} is above the ${context} tokens of context of model "${pool.model}".`,
    );
  }
  if (kvCapacityTokens !== undefined && kvCapacityTokens < pool.engine.blockTokens) {
    findings.problem(
      `${field}.engine.kvCapacityTokens`,
      `found ${kvCapacityTokens}, wanted at least one block of ${pool.engine.blockTokens} tokens.`,
    );
  }
}

/** Bounds of an autoscaler, and whether its cold start is told in full. */
function checkAutoscaler(findings: Findings, pool: Pool, field: string): void {
  const { autoscaler, replicas } = pool;
  if (autoscaler === undefined) return;
  const { min, initial, target, signal, weightLoadS, loadBytesPerS } = autoscaler;
  const at = `${field}.autoscaler`;
  if (min > replicas) {
    findings.problem(
      `${at}.min`,
      `found ${min}, wanted at most ${replicas}, the pool's replicas, which are the most the autoscaler may have. Raise replicas or lower min.`,
    );
  }
  if (initial !== undefined && (initial < min || initial > replicas)) {
    findings.problem(`${at}.initial`, `found ${initial}, wanted ${min} (min) to ${replicas}.`);
  }
  if (weightLoadS === undefined && loadBytesPerS === undefined) {
    findings.problem(
      `${at}.loadBytesPerS`,
      "found nothing, nor weightLoadS. Give the bandwidth at which the weights load (their bytes follow from the model), or the seconds it takes.",
    );
  }
  if (weightLoadS !== undefined && loadBytesPerS !== undefined) {
    findings.warn(`${at}.loadBytesPerS`, "has no effect beside weightLoadS.");
  }
  if (signal === "runningShare" && target > 1) {
    findings.problem(
      `${at}.target`,
      `found ${target}, wanted at most 1: a share of maxNumSeqs, which running requests never exceed. Signal requestsPerReplica takes a count.`,
    );
  }
}

/** What a pool's failures cannot show. */
function checkFailures(findings: Findings, pool: Pool, field: string): void {
  const { failures, partition } = pool;
  if (failures === undefined || partition === undefined) return;
  findings.warn(
    `${field}.failures`,
    "a GPU that fails takes all its MIG instances down at once; here each instance fails by itself, as often as a GPU does.",
  );
}

function checkPool(findings: Findings, pool: Pool, scenario: Scenario, field: string): void {
  findReferenced(findings, scenario.gpus, pool.gpu, `${field}.gpu`, "gpus");
  findReferenced(findings, scenario.models, pool.model, `${field}.model`, "models");
  const { executionTime } = pool;
  if (executionTime.kind === "fitted" && executionTime.set !== undefined) {
    const at = `${field}.executionTime.set`;
    findReferenced(findings, scenario.coefficients, executionTime.set, at, "coefficients");
  }
  checkPartitionOfPool(findings, pool, scenario, field);
  checkPrice(findings, pool, field);
  checkEngine(findings, pool, scenario, field);
  checkAutoscaler(findings, pool, field);
  checkFailures(findings, pool, field);
}

/** Licences that pools and partitions name must be there; what they allow is judged where they are priced. */
function checkLicences(findings: Findings, scenario: Scenario): void {
  for (const kind of ["pools", "partitions"] as const) {
    scenario[kind].forEach(({ licence }, i) => {
      if (licence === undefined) return;
      findReferenced(findings, scenario.licences, licence, `${kind}[${i}].licence`, "licences");
    });
  }
}

/** Reports what is wrong between the fields of pools, partitions and licences. */
export function checkFleet(findings: Findings, scenario: Scenario): void {
  checkUnique(findings, scenario.gpus, "gpus");
  checkUnique(findings, scenario.models, "models");
  checkUnique(findings, scenario.coefficients, "coefficients");
  checkUnique(findings, scenario.licences, "licences");
  checkUnique(findings, scenario.partitions, "partitions");
  checkUnique(findings, scenario.pools, "pools");
  scenario.partitions.forEach((partition, i) => {
    const field = `partitions[${i}]`;
    findReferenced(findings, scenario.gpus, partition.gpu, `${field}.gpu`, "gpus");
    checkInstances(findings, partition, scenario, `${field}.layout`);
    if (partition.reconfiguration !== undefined && partition.schedule.kind !== "always") {
      findings.problem(
        `${field}.schedule`,
        "does not go together with reconfiguration: the GPUs are held and billed throughout. Leave one of them out.",
      );
    }
  });
  scenario.pools.forEach((pool, i) => {
    checkPool(findings, pool, scenario, `pools[${i}]`);
  });
  checkLicences(findings, scenario);
}
