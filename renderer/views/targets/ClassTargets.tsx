/** Latency targets of each class, at a percentile of its requests. */
import { TableFrame } from "../../components/DataTable.tsx";
import { put, useEditing } from "../../components/editing.tsx";
import { AmountField } from "../../components/fields/AmountField.tsx";
import { Term } from "../../components/Term.tsx";

const metrics = [
  { id: "ttft", name: "TTFT" },
  { id: "tpot", name: "TPOT" },
  { id: "e2e", name: "end to end" },
] as const;
type Metric = (typeof metrics)[number]["id"];

const tierNames = { realTime: "real-time", nearLine: "near-line", batch: "batch" } as const;
const defaultPercentile = 0.95;

function TargetCell({ index, metric }: { readonly index: number; readonly metric: Metric }) {
  const { input, edit } = useEditing();
  const each = input.traffic.classes[index];
  const target = each.targets?.[metric];
  const field = `traffic.classes[${index}].targets.${metric}`;
  const name = metrics.find(({ id }) => id === metric)!.name;
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
  return (
    <td className="target-cell">
      <AmountField
        label=""
        name={`${name} of ${each.id}`}
        unit="ms"
        value={target?.ms}
        field={`${field}.ms`}
        fallback="none"
        onChange={(ms) => set("ms", ms)}
      />
      {target !== undefined && (
        <AmountField
          label=""
          name={`${name} of ${each.id}, percentile`}
          unit="% of requests"
          scale={100}
          value={target.percentile}
          field={`${field}.percentile`}
          fallback={defaultPercentile}
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
              {metrics.map(({ id, name }) => (
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
                  <span className="source"> {tierNames[each.tier ?? "realTime"]}</span>
                </th>
                {metrics.map(({ id }) => (
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
