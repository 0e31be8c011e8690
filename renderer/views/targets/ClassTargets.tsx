/** Latency targets of each class, at a percentile of its requests. */
import { TableFrame } from "../../components/DataTable.tsx";
import { useEditing } from "../../components/editing.tsx";
import { AmountField } from "../../components/fields/AmountField.tsx";
import { Term } from "../../components/Term.tsx";
import { type TargetMetric, targetMetrics, useTarget, usualPercentile } from "./useTarget.ts";

const tierNames = { realTime: "real-time", nearLine: "near-line", batch: "batch" } as const;

function TargetCell({ index, metric }: { readonly index: number; readonly metric: TargetMetric }) {
  const { target, classId, name, field, set } = useTarget(index, metric);
  return (
    <td className="target-cell">
      <AmountField
        label=""
        name={`${name} of ${classId}`}
        unit="ms"
        value={target?.ms}
        field={`${field}.ms`}
        fallback="none"
        onChange={(ms) => set("ms", ms)}
      />
      {target !== undefined && (
        <AmountField
          label=""
          name={`${name} of ${classId}, percentile`}
          unit="% of requests"
          scale={100}
          value={target.percentile}
          field={`${field}.percentile`}
          fallback={usualPercentile}
          onChange={(percentile) => set("percentile", percentile)}
        />
      )}
    </td>
  );
}

export function ClassTargets() {
  const { input } = useEditing();
  return (
    <section>
      <h2>Latency targets</h2>
      <TableFrame>
        <table className="targets-table">
          <caption className="visually-hidden">Latency targets by class</caption>
          <thead>
            <tr>
              <th scope="col">Class</th>
              {targetMetrics.map(({ id, name }) => (
                <th scope="col" key={id}>
                  <Term word={name} />
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {input.traffic.classes.map((each, index) => (
              <tr key={each.id}>
                <th scope="row" className="row-name">
                  {each.id}
                  {tierNames[each.tier ?? "realTime"] !== each.id && (
                    <span className="source"> {tierNames[each.tier ?? "realTime"]}</span>
                  )}
                </th>
                {targetMetrics.map(({ id }) => (
                  <TargetCell key={id} index={index} metric={id} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </TableFrame>
    </section>
  );
}
