import { describe, expect, it } from "vitest";
import { loadCatalog } from "../../../electron/services/catalogFiles.ts";
import { findModel } from "../../catalog/catalog.ts";
import { requiredCalibrationColumns } from "./calibrationRow.ts";
import { readCaseTable } from "./caseTable.ts";
import { builtEngine, contextFactor, earlierEngine, readEngineVersion } from "./earlierEngines.ts";
import { CasePredictor } from "./predictCases.ts";

const catalog = loadCatalog();
const llama70 = findModel(catalog, "llama-3.1-70b");
const earlier = { before: "1.0", contextFactor: 1.2, contextSplit: 0.5, bufferBytes: 5e9 };

describe("the version of an engine", () => {
  it.each([
    ["trtllm 1.0.0rc3", { major: 1, minor: 0 }],
    ["TensorRT-LLM 0.14", { major: 0, minor: 14 }],
    ["tensorrt_llm v0.17.0.post1", { major: 0, minor: 17 }],
    ["TensorRT-LLM-0.9", { major: 0, minor: 9 }],
    ["vLLM 0.12.0", { major: 0, minor: 12 }],
    ["vllm ?", undefined],
    ["trtllm", undefined],
    ["NIM 1.8.0", undefined],
    ["nim-0.9", undefined],
    ["TensorRT-LLM (TensorRT 10.2)", undefined],
  ])("of %s is read from its name", (text, version) => {
    expect(readEngineVersion(text)).toEqual(version);
  });

  it("finds what earlier engines did otherwise, and nothing for current and unknown ones", () => {
    const set = catalog.coefficients.find(({ id }) => id === "trtllm-bf16")!;
    const found = (text: string) => earlierEngine(set, readEngineVersion(text))?.before;
    expect(["trtllm 0.9", "trtllm 0.14"].map(found)).toEqual(["1.0", "1.0"]);
    expect(["trtllm 1.0", "trtllm 1.2.0rc6", "trtllm 10.1", "trtllm ?"].map(found)).toEqual(
      new Array(4).fill(undefined),
    );
  });
});

describe("an earlier engine", () => {
  it("reads keys and values the slower the fewer heads of them a GPU holds", () => {
    const on = (gpus: number) => contextFactor(earlier, llama70, gpus);
    expect([1, 2, 4, 8].map(on)).toEqual([1.2, 1.2 * 1.5, 1.2 * 2.5, 1.2 * 4.5]);
    expect(on(16)).toBe(on(8));
    expect(contextFactor(earlier, { ...llama70, kvHeads: 64 }, 2)).toBe(1.2);
  });

  it("is built for what NVIDIA's benchmark lists for the model and its GPUs", () => {
    const built = (tensorParallel: number, tokens: number) => {
      const limits = builtEngine(earlier, { model: llama70, tensorParallel }, tokens);
      return [limits.maxNumSeqs, limits.maxNumBatchedTokens];
    };
    expect(built(2, 2000)).toEqual([256, 1024]);
    expect(built(2, 4096)).toEqual([2048, 1024]);
    expect(built(4, 4096)).toEqual([2048, 1024]);
    expect(built(8, 256)).toEqual([4096, 16_384]);
    expect(built(16, 256)).toEqual([2048, 8192]);
    const { activationBytes } = builtEngine(earlier, { model: llama70, tensorParallel: 2 }, 2000);
    expect(activationBytes).toBe(5e9 + 2 * 4 * 128_256 * 256);
  });

  it("is slower in rows of its version, and only there", () => {
    const row = (kind: string, engine: string) =>
      `${kind},H100_SXM,${engine},Llama-3.1-70B,fp16,fp16,8,128,2048,64,A`;
    const engines = ["TensorRT-LLM 0.14", "TensorRT-LLM 1.0", "TensorRT-LLM"];
    const table = readCaseTable(
      [
        "kind,gpu,engine,model,precision,kv,tp,isl,osl,concurrency,quality",
        ...engines.map((each) => row("offline_max", each)),
        ...engines.map((each) => row("tool_agg", each)),
      ].join("\n"),
      requiredCalibrationColumns,
    );
    const predictor = new CasePredictor(table, catalog);
    const figures = table.rows.map((_, i) => predictor.predict(i).predicted?.throughput ?? 0);
    const [old, current, unknown, ...kernelOnly] = figures;
    expect(old).toBeGreaterThan(0);
    expect(old).toBeLessThan(0.8 * current);
    expect(unknown).toBe(current);
    expect(new Set(kernelOnly).size).toBe(1);
  });
});
