/** How many GPUs a scenario has. */
import { formatCount } from "../../shared/reports/formatters.ts";

/** "no own GPUs", "1 GPU", "12 GPUs". */
export function gpusText(gpus: number): string {
  if (gpus === 0) return "no own GPUs";
  return gpus === 1 ? "1 GPU" : `${formatCount(gpus)} GPUs`;
}
