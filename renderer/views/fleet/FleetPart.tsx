/** Own GPUs: pools of replicas, GPUs cut into instances, and the offers from which more are taken. */
import { Fragment } from "react";
import { formatUsd } from "../../../shared/reports/formatters.ts";
import { type Draft, useEditing } from "../../components/editing.tsx";
import { gpusText } from "../../components/gpusText.ts";
import { PartProblems } from "../../components/PartProblems.tsx";
import { Term } from "../../components/Term.tsx";
import { AddGpus } from "./AddGpus.tsx";
import { monthRentUsd } from "./gpuOffers.ts";
import { PartitionEditor } from "./PartitionEditor.tsx";
import { PoolEditor } from "./PoolEditor.tsx";
import { gpusOf, gpusOfPool } from "./poolEdits.ts";

/** Rent of a month in which every GPU is held all the time. */
function rentOf(input: Draft): number {
  const pools = (input.pools ?? []).reduce(
    (sum, pool) => sum + monthRentUsd(input, pool.price?.usdPerGpuHour ?? 0, gpusOfPool(pool)),
    0,
  );
  return (input.partitions ?? []).reduce(
    (sum, { price, gpus }) => sum + monthRentUsd(input, price.usdPerGpuHour, gpus),
    pools,
  );
}

function Summary() {
  const { input } = useEditing();
  const gpus = gpusOf(input);
  if ((input.pools ?? []).length === 0 && (input.partitions ?? []).length === 0) {
    return <p className="lead">No GPUs of its own: all traffic goes to APIs. Add some below.</p>;
  }
  return (
    <p className="lead">
      {gpusText(gpus)}, rent {formatUsd(rentOf(input))} in a month of {input.monthHours ?? 730}{" "}
      always-on hours; licences and fixed costs come on top. Each <Term word="replica" /> holds the
      whole model over its <Term word="tensor parallel" /> GPUs; what is left of their memory is{" "}
      <Term word="KV cache" />.
    </p>
  );
}

/** Places of the pools on a partition; without its id, of those on whole GPUs or on a partition that is not there. */
function poolsOn({ pools = [], partitions = [] }: Draft, partition: string | undefined): number[] {
  const known = new Set(partitions.map(({ id }) => id));
  return pools.flatMap(({ partition: use }, i) => {
    const on = use !== undefined && known.has(use.id) ? use.id : undefined;
    return on === partition ? [i] : [];
  });
}

export function FleetPart() {
  const { input } = useEditing();
  return (
    <>
      <Summary />
      <PartProblems fields={["pools", "partitions", "gpus", "models", "coefficients"]} />
      {poolsOn(input, undefined).map((i) => (
        <PoolEditor key={i} index={i} />
      ))}
      {(input.partitions ?? []).map(({ id }, i) => (
        <Fragment key={`partitions[${String(i)}]`}>
          <PartitionEditor index={i} />
          {poolsOn(input, id).map((pool) => (
            <PoolEditor key={pool} index={pool} />
          ))}
        </Fragment>
      ))}
      <AddGpus isOpen={gpusOf(input) === 0} />
    </>
  );
}
