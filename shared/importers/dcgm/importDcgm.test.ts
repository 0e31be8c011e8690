import { describe, expect, it } from "vitest";
import { importDcgm } from "./importDcgm.ts";

const labels = 'gpu="0",UUID="GPU-a",modelName="NVIDIA H100 80GB HBM3"';
const pod = 'namespace="inference",pod="llama-0",container="vllm"';

const scrape = (...lines: string[]) => importDcgm([{ name: "s.prom", text: lines.join("\n") }]);

function range(metric: Record<string, string>, values: unknown) {
  const result = [{ metric: { gpu: "0", UUID: "GPU-a", ...metric }, values }];
  return { status: "success", data: { resultType: "matrix", result } };
}

const answer = (document: object) =>
  importDcgm([{ name: "r.json", text: JSON.stringify(document) }]);

describe("a scrape of the DCGM exporter", () => {
  it("is one sample for each GPU or instance, whatever metrics it has", () => {
    const { samples, rejects } = scrape(
      "# HELP DCGM_FI_DEV_GPU_UTIL GPU utilization (in %).",
      `DCGM_FI_DEV_GPU_UTIL{${labels},${pod}} 93`,
      `DCGM_FI_DEV_FB_USED{${labels},${pod}} 73412`,
      `DCGM_FI_PROF_GR_ENGINE_ACTIVE{${labels},${pod}} 0.912345 1791187200000`,
      "go_goroutines 12",
      "",
    );
    expect(rejects).toEqual([]);
    expect(samples).toMatchObject([
      { gpu: "GPU-a", pod: "llama-0", namespace: "inference", activity: 0.93, timeS: undefined },
      { gpu: "GPU-a", activity: 0.912345, timeS: 1791187200 },
    ]);
  });

  it("tells the activity by the graphics engine, and takes GPU_UTIL for whole GPUs only", () => {
    const mig = `${labels},GPU_I_PROFILE="3g.40gb",GPU_I_ID="1",${pod}`;
    const activity = (...lines: string[]) => scrape(...lines).samples[0].activity;
    expect(activity(`DCGM_FI_DEV_GPU_UTIL{${mig}} 0`)).toBeUndefined();
    expect(
      activity(`DCGM_FI_DEV_GPU_UTIL{${mig}} 0`, `DCGM_FI_PROF_GR_ENGINE_ACTIVE{${mig}} 0.4`),
    ).toBe(0.4);
    const both = [
      `DCGM_FI_DEV_GPU_UTIL{${labels}} 93`,
      `DCGM_FI_PROF_GR_ENGINE_ACTIVE{${labels}} 0.5`,
    ];
    expect(activity(...both)).toBe(0.5);
  });

  it("reads blanks of DCGM and NaN as unknown, and activities above 1 as 1 with a warning", () => {
    const of = (value: string) => scrape(`DCGM_FI_PROF_GR_ENGINE_ACTIVE{${labels}} ${value}`);
    expect(of("9223372036854775794").samples[0].activity).toBeUndefined();
    expect(of("NaN").samples[0].activity).toBeUndefined();
    expect(of("1.02")).toMatchObject({ samples: [{ activity: 1 }], warnings: [/above 1/] });
  });

  it("knows earlier names of labels, escapes in them, and GPUs without UUID by host and number", () => {
    const { samples } = scrape(
      'DCGM_FI_DEV_GPU_UTIL{gpu="3",Hostname="dgx",pod_name="a\\"b",pod_namespace="n"} 1',
    );
    expect(samples).toMatchObject([{ gpu: "dgx/3", hostname: "dgx", pod: 'a"b', namespace: "n" }]);
  });

  it("rejects lines that cannot be read, with their numbers", () => {
    const { samples, rejects } = scrape(
      `DCGM_FI_DEV_GPU_UTIL{${labels}} 1`,
      `DCGM_FI_DEV_GPU_UTIL{${labels} 1`,
      `DCGM_FI_DEV_GPU_UTIL{${labels}} much`,
      'DCGM_FI_DEV_GPU_UTIL{device="x"} 1',
      "{} 1",
    );
    expect(samples).toHaveLength(1);
    expect(rejects.map(({ place }) => place)).toEqual([
      "DCGM_FI_DEV_GPU_UTIL",
      "s.prom, line 2",
      "s.prom, line 3",
      "s.prom, line 5",
    ]);
  });

  it("refuses a file without DCGM metrics", () => {
    expect(() => scrape("vllm:num_requests_running 3")).toThrow(
      "s.prom has no metric of the DCGM exporter",
    );
  });
});

describe("Prometheus' record of the exporter", () => {
  const name = { __name__: "DCGM_FI_PROF_GR_ENGINE_ACTIVE" };

  it("is a sample for each value, with its time", () => {
    const { samples } = answer(
      range(name, [
        [100, "0.25"],
        [160.5, "NaN"],
      ]),
    );
    expect(samples.map(({ timeS, activity }) => [timeS, activity])).toEqual([
      [100, 0.25],
      [160.5, undefined],
    ]);
  });

  it("prefers exported_* labels: pod and namespace are then the exporter's own", () => {
    const own = { namespace: "gpu-operator", pod: "nvidia-dcgm-exporter-x", job: "dcgm" };
    const exported = { exported_namespace: "team", exported_pod: "llama" };
    const value = [[100, "0.25"]];
    expect(answer(range({ ...name, ...own, ...exported }, value)).samples).toMatchObject([
      { namespace: "team", pod: "llama" },
    ]);
    expect(answer(range({ ...name, ...own }, value)).samples).toMatchObject([
      { namespace: undefined, pod: undefined },
    ]);
    const honoured = { ...name, namespace: "team", pod: "llama", job: "dcgm" };
    expect(answer(range(honoured, value)).samples[0].pod).toBe("llama");
  });

  it("rejects series and values that cannot be read, by their number", () => {
    const { samples, rejects } = answer(range(name, [[100, "0.25"], [160, 0.3], "x"]));
    expect(samples).toHaveLength(1);
    expect(rejects.map(({ place }) => place)).toEqual(["r.json, series 1", "r.json, series 1"]);
    expect(() => answer(range({}, [[1, "1"]]))).toThrow("no metric of the DCGM exporter");
  });

  it("refuses JSON that is no answer of Prometheus", () => {
    expect(() => answer({ status: "error" })).toThrow("r.json is no answer of Prometheus");
  });
});
