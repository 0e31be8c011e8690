import { describe, expect, it, test } from "vitest";
import { loadCatalog } from "../../../electron/services/catalogFiles.ts";
import { readBackend, readGpu, readModel, readPrecision } from "./spellings.ts";

const { gpus, models } = loadCatalog();

describe("engines", () => {
  test.each([
    ["trtllm 1.0.0rc3", "trtllm"],
    ["trtllm 1.2.0rc6.post1", "trtllm"],
    ["TensorRT-LLM 0.14", "trtllm"],
    ["TensorRT-LLM (TensorRT 10.2)", "trtllm"],
    ["NIM 1.8.0", "trtllm"],
    ["vllm ?", "vllm"],
    ["vLLM 0.17.1", "vllm"],
    ["sglang 0.5.1.post1", "sglang"],
  ])("%s is %s", (text, backend) => {
    expect(readBackend(text)).toBe(backend);
  });

  it("that are unknown are reported with the nearest names", () => {
    expect(() => readBackend("vlm 0.9")).toThrow(/engine "vlm 0.9" is not known. Nearest: vllm/);
    expect(() => readBackend("llama.cpp")).toThrow(/engine "llama.cpp" is not known/);
  });
});

describe("models", () => {
  test.each([
    ["Llama-3.1-8B", "llama-3.1-8b"],
    ["meta-llama/Llama-3.1-8B-Instruct", "llama-3.1-8b"],
    ["meta-llama/Meta-Llama-3.1-70B", "llama-3.1-70b"],
    ["Llama-3.3-70B", "llama-3.3-70b"],
    ["Llama-3.1-405B", "llama-3.1-405b"],
    ["Qwen3-32B", "qwen3-32b"],
    ["Qwen/Qwen3-32B-FP8", "qwen3-32b"],
    ["qwen3_32b", "qwen3-32b"],
    ["mistralai/Mixtral-8x7B-Instruct-v0.1", "mixtral-8x7b"],
    ["mistralai/Mistral-7B-Instruct-v0.3", "mistral-7b"],
    ["Qwen/Qwen3-30B-A3B-Instruct-2507", "qwen3-30b-a3b"],
    ["deepseek-ai/DeepSeek-R1-0528", "deepseek-r1"],
    ["openai/gpt-oss-120b", "gpt-oss-120b"],
    ["meta-llama/Llama-4-Scout-17B-16E-Instruct", "llama-4-scout"],
    ["nvidia/Llama-3.1-8B-Instruct-NVFP4", "llama-3.1-8b"],
    ["hugging-quants/Meta-Llama-3.1-70B-Instruct-AWQ-INT4", "llama-3.1-70b"],
    ["BAAI/bge-large-en-v1.5", "bge-large-en-v1.5"],
    ["nvidia/NV-Embed-v2", "nv-embed-v2"],
  ])("%s is %s", (text, id) => {
    expect(readModel(text, models).id).toBe(id);
  });

  it("that are unknown are reported with the nearest names", () => {
    expect(() => readModel("Llama-9-70B", models)).toThrow(/Nearest: llama-2-70b/);
  });
});

describe("GPUs", () => {
  test.each([
    ["H100_SXM", "h100-sxm", undefined, undefined],
    ["H100_80GB", "h100-sxm", undefined, undefined],
    ["NVIDIA H100 80GB HBM3", "h100-sxm", undefined, undefined],
    ["H100_SXM x8", "h100-sxm", undefined, 8],
    ["h100-pcie", "h100-pcie", undefined, undefined],
    ["A100_SXM_80GB", "a100-sxm-80gb", undefined, undefined],
    ["H200", "h200-sxm", undefined, undefined],
    ["A100-40GB", "a100-sxm-40gb", undefined, undefined],
    ["NVIDIA B200 x8", "b200-sxm", undefined, 8],
    ["H200_NVL MIG 3g.71gb", "h200-sxm", "3g.71gb", undefined],
  ])("%s is %s", (text, id, profile, gpuCount) => {
    expect(readGpu(text, gpus)).toMatchObject({ gpu: { id }, profile, gpuCount });
  });

  it("taken for another are marked, and unknown ones are reported with the nearest names", () => {
    expect(readGpu("H200_NVL", gpus).note).toContain("H200 NVL is taken as h200-sxm");
    expect(readGpu("H100_SXM", gpus).note).toBe(undefined);
    expect(() => readGpu("H100_SXN6", gpus)).toThrow(/Nearest: .*h100-sxm/);
  });
});

describe("precisions", () => {
  test.each([
    ["bf16", "bfloat16", "vllm", "bf16", "bf16", "bf16"],
    ["fp16", "fp16", "trtllm", "bf16", "bf16", "bf16"],
    ["fp8", "auto", "trtllm", "fp8", "fp8", "fp8"],
    ["fp8", "auto", "vllm", "fp8", "bf16", "fp8"],
    ["fp8", "bfloat16", "trtllm", "fp8", "bf16", "fp8"],
    ["fp8", "fp8", "trtllm", "fp8", "fp8", "fp8"],
    ["fp8", "", "vllm", "fp8", "bf16", "fp8"],
    ["fp8", "", "trtllm", "fp8", "fp8", "fp8"],
    ["fp8kv", "fp8", "trtllm", "fp8", "fp8", "fp8kv"],
    ["bf16w_fp8kv", "", "vllm", "bf16", "fp8", "bf16w_fp8kv"],
    ["AWQ", "", "vllm", "int4", "bf16", "int4"],
    ["gptq_marlin", "auto", "sglang", "int4", "bf16", "int4"],
    ["w4a16", "fp8", "vllm", "int4", "fp8", "int4"],
    ["NVFP4", "", "trtllm", "nvfp4", "bf16", "nvfp4"],
    ["mxfp4", "auto", "vllm", "mxfp4", "bf16", "mxfp4"],
  ] as const)("%s with KV %s on %s", (text, kv, backend, precision, kvPrecision, label) => {
    expect(readPrecision(text, kv, backend)).toEqual({ precision, kvPrecision, label });
  });

  it("that are unknown are reported, be they of weights or of the KV cache", () => {
    expect(() => readPrecision("unlabelled", "", "vllm")).toThrow(/precision "unlabelled"/);
    expect(() => readPrecision("bf16", "nf4", "vllm")).toThrow(/KV precision "nf4"/);
    expect(() => readPrecision("constructor", "", "vllm")).toThrow(/precision "constructor"/);
  });
});
