/** What a preset is made from and what it gives. */
import { type Catalog, findOffer } from "../../catalog/catalog.ts";
import type { ScenarioInput } from "../../schema/scenario.ts";

/** A complete scenario to start from. */
export interface Preset {
  readonly id: string;
  readonly title: string;
  /** One or two sentences: what it models, and what to look at. */
  readonly about: string;
  /** The scenario; catalog entries that it names are copied in by whoever asks (presets.ts). */
  build(catalog: Catalog): ScenarioInput;
}

/** What an hour of a GPU costs by an offer of the catalog, with its source. */
export function offerPrice(catalog: Catalog, offer: string) {
  const { usdPerGpuHour, provenance } = findOffer(catalog, offer);
  return { usdPerGpuHour, provenance };
}

/** Token lengths with a long tail. */
export function lognormalLengths(
  prompt: { readonly mean: number; readonly sigma: number },
  output: { readonly mean: number; readonly sigma: number },
) {
  return {
    prompt: { kind: "lognormal" as const, ...prompt },
    output: { kind: "lognormal" as const, ...output },
  };
}

/** Hourly weights of an office day, from midnight on. */
export const officeHours = [
  2, 1, 1, 1, 1, 2, 4, 8, 14, 18, 20, 20, 17, 19, 20, 19, 17, 14, 11, 9, 8, 6, 4, 3,
];

/** Weights of the days of an office week, Monday first. */
export const officeWeek = [10, 11, 11, 11, 9, 3, 3];
