import { describe, expect, it } from "vitest";
import { loadCatalog } from "../../../electron/services/catalogFiles.ts";
import { requiredCalibrationColumns } from "./calibrationRow.ts";
import { readCaseTable } from "./caseTable.ts";
import { addedCaseCells, addedCaseColumns, CasePredictor, summarizeCases } from "./predictCases.ts";
import { predictSteps, requiredStepColumns, summarizeSteps } from "./predictSteps.ts";

const catalog = loadCatalog();
const header =
  "kind,gpu,engine,model,precision,kv,tp,isl,osl,concurrency,ttft_ms,tpot_ms,tokens_s,quality";

function predict(...records: string[]) {
  const table = readCaseTable([header, ...records].join("\n"), requiredCalibrationColumns);
  const predictor = new CasePredictor(table, catalog);
  return table.rows.map((_, index) => predictor.predict(index));
}

const good = "concurrency,H100_SXM,vllm ?,Llama-3.1-8B,bf16,auto,1.0,1024.0,128,8.0,100,8,900,A";

describe("rows of a calibration file", () => {
  it("get figures and errors against what they measured", () => {
    const [row] = predict(good);
    const { predicted, errorsPct } = row;
    expect(row.group).toEqual({
      kind: "concurrency",
      backend: "vllm",
      model: "llama-3.1-8b",
      precision: "bf16",
    });
    expect(predicted?.tpot).toBeGreaterThan(5);
    expect(errorsPct.tpot).toBeCloseTo(100 * ((predicted?.tpot ?? 0) / 8 - 1), 9);
    const { tpot, ttft, throughput } = predicted ?? {};
    const latencyS = ((ttft ?? 0) + (tpot ?? 0) * 127) / 1000;
    expect(throughput).toBeGreaterThan(0.98 * ((8 * 128) / latencyS));
    expect(throughput).toBeLessThan(1.02 * ((8 * 128) / latencyS));
    expect(addedCaseCells(row)).toHaveLength(addedCaseColumns.length);
  });

  it("that cannot be predicted say why, each for itself, and leave the others alone", () => {
    const rows = predict(
      good.replace("Llama-3.1-8B", "Lama-3.1-8B"),
      good.replace("H100_SXM", "H100_SXN"),
      good.replace("Llama-3.1-8B", "Llama-3.1-405B"),
      good.replace("1024.0", "200000"),
      good.replace(",1.0,", ",,"),
      good.replace(",1.0,", ",3,"),
      good.replace("concurrency", "mlperf_server"),
      good.replace(",8.0,", ",many,"),
      good.replace(",A", ""),
      good,
    );
    expect(rows.map(({ note }) => note)).toEqual([
      expect.stringContaining('model "Lama-3.1-8B" is not known. Nearest: llama-3.1-8b'),
      expect.stringMatching(/GPU "H100_SXN" is not known. Nearest: .*h100-sxm/),
      expect.stringMatching(/^Does not fit in memory. Weights .* too much/),
      expect.stringMatching(/^Does not fit in memory. A request of up to 220,141 tokens/),
      expect.stringContaining("tp is empty"),
      expect.stringContaining("Tensor parallel is 3"),
      expect.stringContaining("does not give its arrival rate"),
      expect.stringContaining('concurrency is "many"'),
      expect.stringContaining("13 cells and the header 14"),
      "",
    ]);
    expect(rows.map(({ predicted }) => predicted !== undefined)).toEqual([
      ...new Array(9).fill(false),
      true,
    ]);
  });

  it("with a measured cell that is no number are predicted, and that cell is not compared", () => {
    const [row] = predict(good.replace(",900", ",fast"));
    expect(row.predicted?.throughput).toBeGreaterThan(0);
    expect(row.errorsPct.throughput).toBe(undefined);
    expect(row.errorsPct.tpot).toBeDefined();
    expect(row.note).toBe('not compared: tokens_s is "fast". Wanted a number.');
  });

  it("of a static batch of SGLang fit in the memory of the usual engine, whatever the prompts come to", () => {
    const [row] = predict(
      "tool_static,H100_SXM,sglang 0.5.14,Llama-3.1-8B,bf16,auto,1.0,2000,200,32,100,8,900,",
    );
    expect(row.predicted?.tpot).toBeGreaterThan(5);
    expect(row.note).toBe("");
  });

  it("may hold mean lengths: they are rounded, and it is said", () => {
    const [mean, whole] = predict(good.replace("1024.0", "1023.6"), good);
    expect(mean.predicted).toEqual(whole.predicted);
    expect(mean.note).toBe("isl 1023.6 counts as 1024");
  });

  it("on a GPU, of a model or in a precision that was not fitted are extrapolated in every iteration", () => {
    const share = (...records: string[]) => predict(...records).map((r) => r.extrapolatedShare);
    expect(
      share(
        good,
        good.replace("H100_SXM", "H200_SXM"),
        good.replace("Llama-3.1-8B", "Qwen3-8B"),
        good.replace("bf16,auto", "bf16,fp8"),
      ),
    ).toEqual([0, 1, 1, 1]);
    const [wide] = predict(good.replace(",8.0,", ",600,"));
    expect(wide.extrapolatedShare).toBeGreaterThan(0.1);
    expect(wide.extrapolatedShare).toBeLessThan(1);
  });

  it("of offline kinds need no concurrency and are run queued at t = 0", () => {
    const [row] = predict(
      "offline_max,H100_SXM,TensorRT-LLM 0.14,Llama-3.1-8B,fp16,fp16,1,500,2000,,,,7498,A",
    );
    expect(Math.abs(row.errorsPct.throughput ?? 100)).toBeLessThan(25);
    expect(row.errorsPct.tpot).toBe(undefined);
  });

  it("on a MIG instance run on its share of the GPU", () => {
    const [row] = predict(
      "mig_offline,H200_NVL MIG 3g.71gb,vLLM 0.17.1,Llama-3.1-8B,bf16,,1.0,778,128,16,,,1083,A",
    );
    expect(Math.abs(row.errorsPct.throughput ?? 100)).toBeLessThan(30);
    expect(row.note).toContain("H200 NVL is taken as h200-sxm");
  });

  it("count in groups of five, and all together however few: TPOT with quality A and B, the rest with quality A", () => {
    const a = new Array(3).fill(good);
    const b = new Array(2).fill(good.replace(",A", ",B (TPOT trusted)"));
    const c = new Array(5).fill(good.replace(",A", ",C (queue-limited)"));
    const groups = summarizeCases(predict(...a, ...b, ...c));
    expect(groups.map(({ figure, group, rows }) => [figure, group[0], group[2], rows])).toEqual([
      ["tpot", "concurrency", "all", 5],
      ["tpot", "concurrency", "llama-3.1-8b", 5],
      ["ttft", "concurrency", "all", 3],
      ["throughput", "concurrency", "all", 3],
    ]);
    const more = summarizeCases(predict(...new Array(5).fill(good)));
    expect(new Set(more.map(({ figure }) => figure))).toEqual(
      new Set(["tpot", "ttft", "throughput"]),
    );
  });
});

describe("rows of a steps file", () => {
  const steps = (...records: string[]) =>
    predictSteps(
      readCaseTable(
        [
          "backend,model,precision,tp,kind,prefill_tokens,decode_bs,ctx_len,latency_ms",
          ...records,
        ].join("\n"),
        requiredStepColumns,
      ),
      catalog,
    );

  it("get the time of the iteration, in proportion with what it computes", () => {
    const [small, large, prefill] = steps(
      "vllm,Llama-3.1-8B,bf16,1,decode,0,2,256,6.372633883268624",
      "vllm,Llama-3.1-8B,bf16,1,decode,0,256,8192,95.53187507510347",
      "vllm,Llama-3.1-8B,bf16,1,prefill,128,0,128,7.614852609980006",
    );
    for (const row of [small, large, prefill]) {
      expect(Math.abs(row.errorPct ?? 100)).toBeLessThan(15);
      expect(row.isExtrapolated).toBe(false);
    }
  });

  it("beyond the fitted range are marked, and what cannot be read says why", () => {
    const rows = steps(
      "vllm,Llama-3.1-8B,bf16,1,mixed,10000,8,256,100",
      "vllm,Llama-3.1-8B,bf16,1,decode,0,0,256,1",
      "vllm,Llama-3.1-9Z,bf16,1,decode,0,1,256,1",
      "vllm,Llama-3.1-8B,bf16,1,decode,0,1.5,256,1",
    );
    expect(rows[0].isExtrapolated).toBe(true);
    const others = steps(
      "vllm,Llama-3.1-8B,bf16,1,mixed,8192,256,8192,100",
      "vllm,Llama-3.1-8B,bf16,1,mixed,16,257,256,100",
      "vllm,Llama-3.1-8B,bf16,1,mixed,16,256,8193,100",
      "vllm,Qwen3-8B,bf16,1,decode,0,1,256,6",
    );
    expect(others.map(({ isExtrapolated }) => isExtrapolated)).toEqual([false, true, true, true]);
    const [bad] = steps("vllm,Llama-3.1-8B,bf16,1,decode,0,1,256,n/a");
    expect(bad.predictedMs).toBeGreaterThan(0);
    expect(bad.errorPct).toBe(undefined);
    expect(bad.note).toBe('not compared: latency_ms is "n/a". Wanted a number.');
    expect(others[3].note).toContain("times of Qwen3 8B are extrapolated");
    expect(rows.slice(1).map(({ note }) => note)).toEqual([
      expect.stringContaining("computes nothing"),
      expect.stringContaining('model "Llama-3.1-9Z" is not known'),
      expect.stringContaining("decode_bs is 1.5"),
    ]);
    expect(summarizeSteps(rows).map(({ rows: count }) => count)).toEqual([1]);
  });
});
