/** What a licence mode allows, held against what the scenario does with it. */
import type { Draft } from "../../components/editing.tsx";
import { gpusOfPool } from "./poolEdits.ts";

type LicenceInput = NonNullable<Draft["licences"]>[number];

/** What a licence allows and costs, in a sentence. */
export function licenceSentence(licence: LicenceInput): string {
  const perYear = licence.usdPerGpuYear ?? 0;
  const perHour = licence.usdPerGpuHour ?? 0;
  const price = [
    ...(perYear > 0 ? [`$${perYear.toLocaleString("en-US")} per GPU and year`] : []),
    ...(perHour > 0 ? [`$${perHour} per GPU-hour`] : []),
  ];
  const use = licence.production ? "production allowed" : "not for production";
  const limits = [
    ...(licence.maxGpus !== undefined ? [`at most ${licence.maxGpus} GPUs`] : []),
    ...(licence.evaluationDays !== undefined ? [`ends after ${licence.evaluationDays} days`] : []),
  ];
  return [price.join(" + ") || "no charge", use, ...limits].join(", ");
}

/** GPUs for which the scenario uses a licence. */
export function gpusUnder(input: Draft, licence: string): number {
  const pools = (input.pools ?? [])
    .filter((pool) => pool.licence === licence)
    .reduce((sum, pool) => sum + gpusOfPool(pool), 0);
  return (input.partitions ?? [])
    .filter((partition) => partition.licence === licence)
    .reduce((sum, { gpus }) => sum + gpus, pools);
}

interface LicensedPart {
  readonly licence?: string | undefined;
  readonly production?: boolean | undefined;
  readonly backend?: string | undefined;
}

/** Why a pool (or partition) may not run under its licence, and what to do; undefined where it may. */
export function licenceProblem(input: Draft, part: LicensedPart): string | undefined {
  const isProduction = part.production ?? true;
  const licence = (input.licences ?? []).find(({ id }) => id === part.licence);
  if (licence === undefined) {
    return part.backend === "nim" && isProduction && part.licence === undefined
      ? "NIM serves production here without a licence. Choose NVIDIA AI Enterprise, or say that this is not production."
      : undefined;
  }
  const { maxGpus } = licence;
  if (isProduction && !licence.production) {
    return `Production traffic on "${licence.name}", which does not allow it. Choose a licence for production, or say that this is not production.`;
  }
  if (isProduction && part.backend === "nim" && licence.id === "open-source") {
    return "NIM is not open source: in production it needs NVIDIA AI Enterprise.";
  }
  const gpus = gpusUnder(input, licence.id);
  if (maxGpus === undefined || gpus <= maxGpus) return undefined;
  return `"${licence.name}" allows ${maxGpus} GPUs; the scenario has ${gpus} under it. Choose another licence or fewer GPUs.`;
}
