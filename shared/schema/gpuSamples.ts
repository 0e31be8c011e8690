/** What a GPU exporter saw: who held which GPU or MIG instance at a moment, and how active it was. */

/** One GPU or MIG instance at one moment. */
export interface GpuSample {
  /** Unix seconds; undefined for a scrape, which does not say when it was taken. */
  readonly timeS: number | undefined;
  /** Which scrape, for samples without a time: 0, 1, ... */
  readonly scrape: number;
  /** The GPU's UUID, or host and number where the exporter gives none. */
  readonly gpu: string;
  /** As the exporter names it: "NVIDIA H100 80GB HBM3". */
  readonly modelName: string;
  readonly hostname: string;
  /** Set for a MIG instance. */
  readonly instance: { readonly id: string; readonly profile: string } | undefined;
  /** Who holds it; undefined where no pod does. */
  readonly namespace: string | undefined;
  readonly pod: string | undefined;
  /** Share of the time that it was active, 0..1; undefined where the exporter does not say (GPU_UTIL is not there for MIG instances). */
  readonly activity: number | undefined;
}

/** A part of a file that could not be read. */
export interface GpuSampleReject {
  /** Line of a scrape, or number of a series. */
  readonly place: string;
  readonly reason: string;
}

/** Samples of files, with what could not be read of them. */
export interface GpuSamples {
  readonly samples: readonly GpuSample[];
  readonly rejects: readonly GpuSampleReject[];
  readonly warnings: readonly string[];
}
