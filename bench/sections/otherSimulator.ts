/** The same Llama-70B load on one accelerator of an H100's speed, in another open simulator and in both engines here. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { initSync, run_simulation } from "@doublewordai/inference-lab";
import { buildFleet } from "../../shared/serving/testFleets.ts";
import { buildWorkload } from "../../shared/workload/buildWorkload.ts";
import { bestOf, type Section } from "../harness.ts";
import { llama70Load } from "../scenarios.ts";

const requests = 2000;
const rateRps = 2;

/** The load in that simulator's words; its lognormals take mean and deviation of the logarithm. */
const otherConfig = {
  hardware: {
    name: "H100",
    compute_flops: 1979e12,
    memory_bandwidth: 3.35e12,
    memory_capacity: 200e9,
    kv_cache_capacity: 300_000 * 327_680,
    gpu_memory_utilization: 0.92,
    bytes_per_param: 1,
  },
  model: {
    name: "Llama-3-70B",
    num_parameters: 70e9,
    num_layers: 80,
    hidden_dim: 8192,
    num_heads: 64,
    num_kv_heads: 8,
    max_seq_len: 131_072,
  },
  scheduler: {
    max_num_batched_tokens: 8192,
    max_num_seqs: 256,
    policy: "fcfs",
    enable_chunked_prefill: true,
    enable_preemption_free: false,
    block_size: 16,
    long_prefill_token_threshold: 0,
    max_num_partial_prefills: 1,
  },
  workload: {
    arrival_pattern: "poisson",
    arrival_rate: rateRps,
    num_requests: requests,
    seed: 1,
    input_len_dist: { type: "lognormal", mean: Math.log(1000) - 0.5, std_dev: 1 },
    output_len_dist: { type: "lognormal", mean: Math.log(250) - 0.32, std_dev: 0.8 },
  },
  simulation: { log_interval: 1_000_000 },
};

function loadOther(): void {
  const entry = createRequire(import.meta.url).resolve("@doublewordai/inference-lab");
  initSync({ module: readFileSync(join(dirname(entry), "inference_lab_bg.wasm")) });
}

/** inference-lab 0.2.1 beside the engines. */
export const otherSimulator: Section = {
  name: "inference-lab",
  figures: [
    "inference-lab, Llama-70B on H100",
    "plain engine, Llama-70B on H100",
    "skipping engine, Llama-70B on H100",
    "skipping engine over inference-lab",
    "skipping engine over plain engine, Llama-70B",
  ],
  async run(record) {
    loadOther();
    const other = await bestOf(2, () => run_simulation(JSON.stringify(otherConfig)));
    const scenario = llama70Load(requests, rateRps);
    const { traffic, clock } = scenario;
    const workload = buildWorkload({ traffic, clock, seed: 1, traces: new Map(), replication: 0 });
    const plain = await bestOf(2, () => buildFleet(scenario, workload, "plain").advance());
    const repeats = 50;
    const skipping = await bestOf(2, () => {
      for (let i = 0; i < repeats; i++) buildFleet(scenario, workload, "skipping").advance();
    });
    const skippingS = skipping.cpuS / repeats;
    const perS = "requests/s and core";
    record("inference-lab, Llama-70B on H100", requests / other.cpuS, perS);
    record("plain engine, Llama-70B on H100", requests / plain.cpuS, perS);
    record("skipping engine, Llama-70B on H100", requests / skippingS, perS);
    record("skipping engine over inference-lab", other.cpuS / skippingS, "x");
    record("skipping engine over plain engine, Llama-70B", plain.cpuS / skippingS, "x");
  },
};
