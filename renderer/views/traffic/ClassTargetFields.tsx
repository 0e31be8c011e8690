/** What a class is held to, on its card: a time for each latency, and for how many of its requests. */
import { AmountField } from "../../components/fields/AmountField.tsx";
import { Term } from "../../components/Term.tsx";
import {
  type TargetMetric,
  targetMetrics,
  useTarget,
  usualPercentile,
} from "../targets/useTarget.ts";

interface TargetProps {
  readonly index: number;
  readonly metric: TargetMetric;
}

function TargetPair({ index, metric }: TargetProps) {
  const { target, classId, name, field, set } = useTarget(index, metric);
  return (
    <div className="target-pair">
      <AmountField
        label={
          <>
            <Term word={name} /> at most
          </>
        }
        name={`${name} of ${classId}, at most`}
        unit="ms"
        value={target?.ms}
        field={`${field}.ms`}
        fallback="no target"
        min={0}
        onChange={(ms) => set("ms", ms)}
      />
      {target !== undefined && (
        <AmountField
          label="for"
          name={`${name} of ${classId}, for`}
          unit="% of requests"
          scale={100}
          value={target.percentile}
          field={`${field}.percentile`}
          fallback={usualPercentile}
          min={0}
          max={100}
          onChange={(percentile) => set("percentile", percentile)}
        />
      )}
    </div>
  );
}

export function ClassTargetFields({ index }: { readonly index: number }) {
  return (
    <div className="class-targets">
      {targetMetrics.map(({ id }) => (
        <TargetPair key={id} index={index} metric={id} />
      ))}
    </div>
  );
}
