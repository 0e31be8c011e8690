/** How long a new replica takes from being asked for until it serves. */
import { weightBytes } from "../../catalog/modelMath.ts";
import type { Model } from "../../schema/catalog.ts";
import type { Pool } from "../../schema/fleet.ts";
import { InputError } from "../../units/errors.ts";
import { secondsToNs } from "../../units/units.ts";

/** A cold start with the arithmetic in words. */
export interface ColdStart {
  readonly ns: number;
  /** Undefined for a pool without an autoscaler, whose replicas are there from the start. */
  readonly note: string | undefined;
}

/** provisionS + imagePullS + the time to load the weights: given, or the weights' bytes / loadBytesPerS. Throws InputError when neither is given. */
export function coldStartOf(pool: Pool, model: Model): ColdStart {
  const { autoscaler } = pool;
  if (autoscaler === undefined) return { ns: 0, note: undefined };
  const { provisionS, imagePullS, weightLoadS, loadBytesPerS } = autoscaler;
  const bytes = weightBytes(model, pool.precision);
  if (weightLoadS === undefined && loadBytesPerS === undefined) {
    throw new InputError(
      `Pool "${pool.id}": its autoscaler says neither weightLoadS nor loadBytesPerS. Give the seconds to load the ${gigabytes(bytes)} GB of weights, or the bandwidth at which they load.`,
      { field: `pools.${pool.id}.autoscaler.loadBytesPerS` },
    );
  }
  const loadS = weightLoadS ?? bytes / loadBytesPerS!;
  const how =
    weightLoadS === undefined
      ? ` (${gigabytes(bytes)} GB at ${gigabytes(loadBytesPerS!)} GB/s)`
      : "";
  const ns = secondsToNs(provisionS) + secondsToNs(imagePullS) + secondsToNs(loadS);
  const note = `a cold start takes ${seconds(ns / 1e9)} s: ${seconds(provisionS)} s to provision, ${seconds(imagePullS)} s to pull the image, ${seconds(loadS)} s to load the weights${how}`;
  return { ns, note };
}

function gigabytes(bytes: number): string {
  return String(Number((bytes / 1e9).toPrecision(3)));
}

function seconds(value: number): string {
  return String(Number(value.toPrecision(4)));
}
