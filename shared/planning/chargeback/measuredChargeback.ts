/** A chargeback of measured GPU-hours: who held which GPU or MIG slice, for how long, at what price. */
import { findMigProfile } from "../../catalog/memoryFit.ts";
import { memorySlicesPerGpu } from "../../catalog/migPlacement.ts";
import type { IdleRule } from "../../cost/chargeback/chargebackReport.ts";
import type { Gpu } from "../../schema/catalog.ts";
import type { GpuSample } from "../../schema/gpuSamples.ts";
import { apportion, roundTogether } from "../../units/apportion.ts";
import { InputError } from "../../units/errors.ts";
import { readGpu } from "../benchmark/spellings.ts";
import { measuredPeriod } from "./measuredPeriod.ts";

/** By whom measured hours are charged. */
export const measuredKeys = ["namespace", "pod"] as const;
export type MeasuredKey = (typeof measuredKeys)[number];

/** How to charge. */
export interface MeasuredOptions {
  readonly by: MeasuredKey;
  /** Who bears what no pool of pods holds. */
  readonly idle: IdleRule;
  /** USD for an hour of a whole GPU. */
  readonly usdPerGpuHour: number;
  /** Hours that the samples stand for; undefined where their times say it. */
  readonly hours: number | undefined;
}

/** GPU-hours, slices as parts of an hour. */
export interface MeasuredHours {
  /** Active, by the exporter's activity. */
  readonly used: number;
  /** Held and not active. */
  readonly idle: number;
  /** Held, with an activity that the exporter does not tell. */
  readonly unknown: number;
}

/** USD in whole units of `unitUsd`; total is the sum. */
export interface MeasuredCharges {
  readonly used: number;
  readonly idle: number;
  readonly unknown: number;
  /** Its part of what nobody held. */
  readonly unallocated: number;
  readonly total: number;
}

/** One payer. */
export interface MeasuredRow {
  readonly id: string;
  readonly kind: "named" | "unallocated";
  readonly gpuHours: MeasuredHours;
  readonly usd: MeasuredCharges;
  /** Of the bill, 0..1; null for a bill of 0. */
  readonly share: number | null;
}

/** A part of a GPU: a holder of it or of a slice, or what nobody held. */
export interface MeasuredPart {
  readonly id: string;
  /** MIG profile; null for a whole GPU and for what nobody held. */
  readonly profile: string | null;
  readonly gpuHours: number;
}

/** A GPU whose parts add up to the hours in which it was seen. */
export interface MeasuredGpu {
  readonly id: string;
  readonly modelName: string;
  readonly hostname: string;
  readonly gpuHours: number;
  readonly parts: readonly MeasuredPart[];
}

/** The whole. */
export interface MeasuredChargeback {
  readonly by: MeasuredKey;
  readonly idle: IdleRule;
  readonly usdPerGpuHour: number;
  readonly unitUsd: number;
  /** Hours that the samples stand for, and moments in them. */
  readonly periodHours: number;
  readonly moments: number;
  readonly gpuHours: number;
  /** usdPerGpuHour * gpuHours. */
  readonly billUsd: number;
  readonly total: MeasuredCharges;
  readonly rows: readonly MeasuredRow[];
  readonly gpus: readonly MeasuredGpu[];
  readonly notes: readonly string[];
}

const unitUsd = 1e-6;
const perUsd = 1e6;
/** Name of what nobody held. */
const nobody = "(unallocated)";

/** Charges measured hours; rows and parts of a GPU add up exactly. Throws InputError for samples that say no period, or slices that cannot be. */
export function measuredChargeback(
  samples: readonly GpuSample[],
  gpus: readonly Gpu[],
  options: MeasuredOptions,
): MeasuredChargeback {
  const period = measuredPeriod(samples, options.hours);
  const ledger = new Ledger(options.by, gpus);
  for (const [gpu, moments] of momentsByGpu(samples)) ledger.addGpu(gpu, moments, period.hoursEach);
  const { holdings } = ledger;
  const gpuHours = holdings.reduce((sum, each) => sum + each.hours, 0);
  const billUsd = gpuHours * options.usdPerGpuHour;
  if (billUsd > Number.MAX_SAFE_INTEGER * unitUsd) {
    throw new InputError(
      `A bill of ${billUsd} USD cannot be divided to the cent. Correct --price or --hours.`,
      { field: "price" },
    );
  }
  const rows = chargeRows(holdings, options);
  return {
    ...{ by: options.by, idle: options.idle, usdPerGpuHour: options.usdPerGpuHour, unitUsd },
    ...{ periodHours: period.hours, moments: period.moments, gpuHours, billUsd },
    total: chargesOf(sumUnits(rows.map((row) => row.units))),
    rows: rows.map(({ units, ...row }) => ({
      ...row,
      usd: chargesOf(units),
      share: billUsd > 0 ? chargesOf(units).total / billUsd : null,
    })),
    gpus: ledger.gpuParts(),
    notes: [...period.notes, ...ledger.notes],
  };
}

type Activity = keyof MeasuredHours | "unallocated";

/** Hours of one kind that one holder had of one GPU. */
interface Holding {
  readonly gpu: string;
  readonly owner: string;
  readonly profile: string | undefined;
  readonly kind: Activity;
  hours: number;
}

/** Samples by GPU, then moment. */
function momentsByGpu(samples: readonly GpuSample[]): Map<string, Map<string, GpuSample[]>> {
  const gpus = new Map<string, Map<string, GpuSample[]>>();
  for (const sample of samples) {
    const moments = gpus.get(sample.gpu) ?? new Map<string, GpuSample[]>();
    gpus.set(sample.gpu, moments);
    const key = `${sample.timeS ?? ""} ${sample.scrape}`;
    const own = moments.get(key);
    if (own === undefined) moments.set(key, [sample]);
    else own.push(sample);
  }
  return gpus;
}

/** Adds up who held what. */
class Ledger {
  readonly holdings: Holding[] = [];
  readonly notes: string[] = [];
  private readonly known = new Map<string, Holding>();
  private readonly described = new Map<string, GpuSample>();
  private readonly by: MeasuredKey;
  private readonly catalog: readonly Gpu[];

  constructor(by: MeasuredKey, catalog: readonly Gpu[]) {
    this.by = by;
    this.catalog = catalog;
  }

  /** All moments at which a GPU was seen. */
  addGpu(gpu: string, moments: ReadonlyMap<string, readonly GpuSample[]>, hoursEach: number): void {
    const all = [...moments.values()].flat();
    this.described.set(gpu, all[0]);
    const isMig = all.some((each) => each.instance !== undefined);
    let shared = 0;
    for (const samples of moments.values()) {
      const parts = isMig ? samples.filter((each) => each.instance !== undefined) : samples;
      shared += this.addMoment(gpu, parts, hoursEach);
    }
    if (shared > 0) {
      this.notes.push(
        `${gpu}: at ${shared} moments several pods held the same GPU or slice (time-slicing); it is charged to them in equal parts.`,
      );
    }
  }

  /** Whole GPUs with their parts, in the order of the files. */
  gpuParts(): MeasuredGpu[] {
    return [...this.described].map(([id, { modelName, hostname }]) => {
      const own = this.holdings.filter((each) => each.gpu === id);
      const parts = new Map<string, MeasuredPart>();
      for (const { owner, profile = null, hours } of own) {
        const key = `${owner} ${profile}`;
        const before = parts.get(key)?.gpuHours ?? 0;
        parts.set(key, { id: owner, profile, gpuHours: before + hours });
      }
      const gpuHours = own.reduce((sum, each) => sum + each.hours, 0);
      return { id, modelName, hostname, gpuHours, parts: [...parts.values()] };
    });
  }

  /** Returns 1 where some part had several holders. */
  private addMoment(gpu: string, samples: readonly GpuSample[], hours: number): number {
    const parts = new Map<string, GpuSample[]>();
    for (const sample of samples) {
      const key = sample.instance?.id ?? "";
      parts.set(key, [...(parts.get(key) ?? []), sample]);
    }
    let rest = 1;
    let isShared = false;
    for (const holders of parts.values()) {
      const share = this.shareOf(holders[0]);
      rest -= share;
      const held = holders.filter((each) => each.pod !== undefined || each.namespace !== undefined);
      const own = held.length > 0 ? held : holders.slice(0, 1);
      isShared ||= own.length > 1;
      for (const each of own) this.addHolder(each, (hours * share) / own.length);
    }
    if (rest < -1e-9) {
      throw new InputError(
        `GPU ${gpu}: its MIG instances take ${(1 - rest).toFixed(3)} of its memory at one moment. Wanted at most all of it; the layout may have changed within a scrape, or two files overlap.`,
        { field: "dcgm" },
      );
    }
    if (rest > 1e-9) this.add(gpu, nobody, undefined, "unallocated", hours * rest);
    return isShared ? 1 : 0;
  }

  private addHolder(sample: GpuSample, hours: number): void {
    const { gpu, instance, namespace, pod, activity } = sample;
    const owner = this.ownerOf(namespace, pod);
    const profile = instance?.profile;
    if (owner === undefined) this.add(gpu, nobody, profile, "unallocated", hours);
    else if (activity === undefined) this.add(gpu, owner, profile, "unknown", hours);
    else {
      this.add(gpu, owner, profile, "used", hours * activity);
      this.add(gpu, owner, profile, "idle", hours * (1 - activity));
    }
  }

  private ownerOf(namespace: string | undefined, pod: string | undefined): string | undefined {
    if (namespace === undefined && pod === undefined) return undefined;
    const name = namespace ?? "(no namespace)";
    return this.by === "namespace" ? name : `${name}/${pod ?? "(no pod)"}`;
  }

  private add(
    gpu: string,
    owner: string,
    profile: string | undefined,
    kind: Activity,
    hours: number,
  ): void {
    const key = JSON.stringify([gpu, owner, profile, kind]);
    const known = this.known.get(key);
    if (known !== undefined) known.hours += hours;
    else {
      const holding: Holding = { gpu, owner, profile, kind, hours };
      this.known.set(key, holding);
      this.holdings.push(holding);
    }
  }

  /** Share of the GPU's memory slices. */
  private shareOf({ instance, modelName }: GpuSample): number {
    if (instance === undefined) return 1;
    const { gpu } = readGpu(modelName, this.catalog);
    return findMigProfile(gpu, instance.profile)!.memorySlices / memorySlicesPerGpu;
  }
}

type Units = Readonly<Record<Activity, number>>;

interface UnitRow {
  readonly id: string;
  readonly kind: MeasuredRow["kind"];
  readonly gpuHours: MeasuredHours;
  readonly units: Units;
}

function chargeRows(holdings: readonly Holding[], options: MeasuredOptions): UnitRow[] {
  const units = roundTogether(
    holdings.map((each) => each.hours * options.usdPerGpuHour),
    unitUsd,
  );
  const sumOf = (values: readonly number[], owner: string, kind: Activity): number =>
    holdings.reduce(
      (sum, each, i) => (each.owner === owner && each.kind === kind ? sum + values[i] : sum),
      0,
    );
  const hours = holdings.map((each) => each.hours);
  const owners = [...new Set(holdings.map((each) => each.owner))].filter((id) => id !== nobody);
  const rows = owners.map((id): UnitRow => {
    const three = (values: readonly number[]): MeasuredHours => ({
      used: sumOf(values, id, "used"),
      idle: sumOf(values, id, "idle"),
      unknown: sumOf(values, id, "unknown"),
    });
    return {
      id,
      kind: "named",
      gpuHours: three(hours),
      units: { ...three(units), unallocated: 0 },
    };
  });
  return withUnallocated(rows, sumOf(units, nobody, "unallocated"), options.idle);
}

/** Divides what nobody held over the rows, or puts it into one of its own. */
function withUnallocated(rows: readonly UnitRow[], units: number, rule: IdleRule): UnitRow[] {
  const none = { used: 0, idle: 0, unknown: 0 };
  if (rule === "separate" || rows.length === 0) {
    if (units === 0) return [...rows];
    const own = { ...none, unallocated: units };
    return [...rows, { id: nobody, kind: "unallocated", gpuHours: none, units: own }];
  }
  if (units === 0) return [...rows];
  const heldHours = ({ gpuHours }: UnitRow): number =>
    gpuHours.used + gpuHours.idle + gpuHours.unknown;
  const weights = rows.map((row) => (rule === "even" ? 1 : heldHours(row)));
  const parts = apportion(units, weights);
  return rows.map((row, i) => ({ ...row, units: { ...row.units, unallocated: parts[i] } }));
}

function sumUnits(all: readonly Units[]): Units {
  const sum = (kind: Activity): number => all.reduce((total, each) => total + each[kind], 0);
  return {
    used: sum("used"),
    idle: sum("idle"),
    unknown: sum("unknown"),
    unallocated: sum("unallocated"),
  };
}

function chargesOf({ used, idle, unknown, unallocated }: Units): MeasuredCharges {
  return {
    used: used / perUsd,
    idle: idle / perUsd,
    unknown: unknown / perUsd,
    unallocated: unallocated / perUsd,
    total: (used + idle + unknown + unallocated) / perUsd,
  };
}
