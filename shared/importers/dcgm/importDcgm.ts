/** Samples of NVIDIA's DCGM exporter: scrapes of it, or Prometheus' record of them. */
import type { GpuSample, GpuSampleReject, GpuSamples } from "../../schema/gpuSamples.ts";
import { InputError } from "../../units/errors.ts";
import type { Labels, MetricPoint } from "./metricPoint.ts";
import { readPrometheusText } from "./prometheusText.ts";
import { readQueryRange } from "./queryRange.ts";

/** The largest file, bytes. */
export const maxDcgmBytes = 256e6;

/** A file and what is in it. */
export interface DcgmFile {
  readonly name: string;
  readonly text: string;
}

/** Share of the time in which the graphics engine was active, 0..1; there for MIG instances too. */
const engineActive = "DCGM_FI_PROF_GR_ENGINE_ACTIVE";
/** Percent of the time; not there for MIG instances, or 0. */
const gpuUtil = "DCGM_FI_DEV_GPU_UTIL";
/** DCGM writes values from here on for "no value" (0x7ffffffffffffff0). */
const blank = 9.223372036854775e18;

function isDcgm(name: string): boolean {
  return name.startsWith("DCGM_FI_");
}

/**
 * Samples of one or several files: a scrape in the text format is one moment, an answer of query_range as many as it has.
 * Any DCGM metric shows who held a GPU; how active it was is told by DCGM_FI_PROF_GR_ENGINE_ACTIVE, for whole GPUs also by
 * DCGM_FI_DEV_GPU_UTIL. Throws InputError for a file without any.
 */
export function importDcgm(files: readonly DcgmFile[]): GpuSamples {
  const gathered = new SampleGatherer();
  files.forEach((file, scrape) => {
    const { points, rejects } = readFile(file);
    if (points.length === 0) {
      throw new InputError(
        `${file.name} has no metric of the DCGM exporter. Wanted lines such as ${gpuUtil}{gpu="0",UUID="GPU-..."} 93, or query_range's JSON of them.`,
        { field: "dcgm" },
      );
    }
    gathered.take(points, scrape);
    gathered.reject(rejects.map((each) => ({ ...each, place: `${file.name}, ${each.place}` })));
  });
  return gathered.finish();
}

function readFile({ name, text }: DcgmFile) {
  return /^\s*[[{]/.test(text.replace(/^\ufeff/, ""))
    ? readQueryRange(text, name, isDcgm)
    : readPrometheusText(text, isDcgm);
}

interface Draft {
  readonly sample: Omit<GpuSample, "activity">;
  engine: number | undefined;
  util: number | undefined;
}

/** Puts the metrics of one GPU or instance at one moment together. */
class SampleGatherer {
  private readonly drafts = new Map<string, Draft>();
  private readonly rejects: GpuSampleReject[] = [];
  private aboveOne = 0;

  take(points: readonly MetricPoint[], scrape: number): void {
    const isExported = points.some(
      ({ labels }) => "exported_pod" in labels || "exported_namespace" in labels,
    );
    for (const point of points) {
      const sample = describe(point, scrape, isExported);
      if (sample === undefined) {
        this.rejects.push({ place: point.name, reason: "neither UUID nor gpu among its labels" });
        continue;
      }
      const key = JSON.stringify(sample);
      const draft = this.drafts.get(key) ?? { sample, engine: undefined, util: undefined };
      this.drafts.set(key, draft);
      if (!(point.value >= 0 && point.value < blank)) continue;
      if (point.name === engineActive) draft.engine = point.value;
      if (point.name === gpuUtil) draft.util = point.value / 100;
    }
  }

  reject(rejects: readonly GpuSampleReject[]): void {
    this.rejects.push(...rejects);
  }

  finish(): GpuSamples {
    const samples = [...this.drafts.values()].map((draft) => this.sampleOf(draft));
    const warnings: string[] = [];
    if (this.aboveOne > 0) {
      warnings.push(`${this.aboveOne} activities above 1 were read as 1.`);
    }
    return { samples, rejects: this.rejects, warnings };
  }

  private sampleOf({ sample, engine, util }: Draft): GpuSample {
    const known = engine ?? (sample.instance === undefined ? util : undefined);
    if (known !== undefined && known > 1) this.aboveOne++;
    return { ...sample, activity: known === undefined ? undefined : Math.min(1, known) };
  }
}

/** Who and what a point is about; undefined without a GPU. */
function describe(
  { labels, timeS }: MetricPoint,
  scrape: number,
  isExported: boolean,
): Omit<GpuSample, "activity"> | undefined {
  const hostname = labels.hostname ?? labels.Hostname ?? labels.HOSTNAME ?? "";
  const gpu = labels.UUID ?? (labels.gpu === undefined ? undefined : `${hostname}/${labels.gpu}`);
  if (gpu === undefined) return undefined;
  const id = textOf(labels.GPU_I_ID);
  const profile = textOf(labels.GPU_I_PROFILE);
  const instance =
    id === undefined && profile === undefined
      ? undefined
      : { id: id ?? "", profile: profile ?? "" };
  return {
    ...{ timeS, scrape: timeS === undefined ? scrape : 0, gpu, hostname, instance },
    modelName: labels.modelName ?? "",
    ...holderOf(labels, isExported),
  };
}

/**
 * Namespace and pod that hold a GPU. Where Prometheus does not honour the exporter's labels they are called exported_*, and
 * namespace and pod are the exporter's own; earlier exporters said pod_name and pod_namespace.
 */
function holderOf(labels: Labels, isExported: boolean): Pick<GpuSample, "namespace" | "pod"> {
  if (isExported) {
    return { namespace: textOf(labels.exported_namespace), pod: textOf(labels.exported_pod) };
  }
  const pod = textOf(labels.pod ?? labels.pod_name);
  const namespace = textOf(labels.namespace ?? labels.pod_namespace);
  const isExporter = labels.job !== undefined && pod !== undefined && /dcgm-exporter/.test(pod);
  return isExporter ? { namespace: undefined, pod: undefined } : { namespace, pod };
}

function textOf(label: string | undefined): string | undefined {
  return label === undefined || label === "" ? undefined : label;
}
