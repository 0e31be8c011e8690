/** A latency target of a class, edited in named steps. */
import { put, useEditing } from "../../components/editing.tsx";

/** Latencies that can have a target, as tables and cards list them. */
export const targetMetrics = [
  { id: "ttft", name: "TTFT" },
  { id: "tpot", name: "TPOT" },
  { id: "e2e", name: "end to end" },
] as const;
export type TargetMetric = (typeof targetMetrics)[number]["id"];

/** Share of the requests that a target holds for where none is given. */
export const usualPercentile = 0.95;

/** The target of the class at a place in the list; undefined for none. Taking out its time takes out the target. */
export function useTarget(index: number, metric: TargetMetric) {
  const { input, edit } = useEditing();
  const each = input.traffic.classes[index];
  const field = `traffic.classes[${index}].targets.${metric}`;
  const name = targetMetrics.find(({ id }) => id === metric)!.name;
  const set = (key: "ms" | "percentile", value: number | undefined): void =>
    edit(
      `change the ${name} target of ${each.id}`,
      (draft) => {
        const own = draft.traffic.classes[index];
        own.targets ??= {};
        if (key === "ms" && value === undefined) delete own.targets[metric];
        else own.targets[metric] = { ...(own.targets[metric] ?? { ms: 1000 }) };
        const part = own.targets[metric];
        if (part !== undefined) put(part as Partial<typeof part>, key, value);
      },
      `${field}.${key}`,
    );
  return { target: each.targets?.[metric], classId: each.id, name, field, set };
}
