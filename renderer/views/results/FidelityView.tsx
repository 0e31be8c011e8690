/** How far predictions are off what was measured, group by group, as the fit's own script found it. */
import { useEffect, useState } from "react";
import type { MethodResult } from "../../../shared/contract/methods.ts";
import { formatCount, formatNumber } from "../../../shared/reports/formatters.ts";
import { figureColumn, type Table, textColumn } from "../../../shared/reports/table.ts";
import type { ErrorPair } from "../../../shared/schema/fidelityCard.ts";
import { useApp } from "../../components/useApp.ts";
import { TableSection } from "./TableSection.tsx";

type Reply = MethodResult<"fidelity.card">;

function pair(errors: ErrorPair | null): string {
  return errors === null
    ? "-"
    : `${formatNumber(errors.medianPct)} / ${formatNumber(errors.p90Pct)}`;
}

/** The bar, and whether the cross-validated errors keep it. */
function barText(bar: ErrorPair | null, isWithin: boolean | null | undefined): string {
  if (bar === null) return "none";
  if (isWithin === null || isWithin === undefined) return pair(bar);
  return `${pair(bar)} ${isWithin ? "✓ kept" : "✕ missed"}`;
}

function iterationTable({ card, isWithinBar }: Reply): Table {
  return {
    columns: [
      ...[textColumn("group"), textColumn("model"), figureColumn("rows")],
      ...["fitted", "cross-validated", "model left out", "bar"].map(figureColumn),
    ],
    rows: card.iterationTimes.groups.map((each, i) => [
      ...[each.set, each.model, formatCount(each.rows), pair(each.fitted)],
      ...[pair(each.crossValidated), pair(each.modelLeftOut)],
      barText(each.bar, isWithinBar.iterationTimes[i]),
    ]),
  };
}

const figureNames = { tpot: "TPOT", ttft: "TTFT", throughput: "throughput" };

function servingTable({ card, isWithinBar }: Reply): Table {
  return {
    columns: [
      ...[textColumn("figure"), textColumn("engine, model, precision"), figureColumn("rows")],
      ...["fitted", "cross-validated", "NVIDIA's estimator", "bar"].map(figureColumn),
    ],
    rows: card.serving.groups.map((each, i) => [
      figureNames[each.figure],
      `${each.backend}, ${each.model}, ${each.precision}${each.kind === "offline_max" ? ", offline" : ""}`,
      ...[formatCount(each.rows), pair(each.fitted), pair(each.crossValidated)],
      ...[pair(each.estimator), barText(each.bar, isWithinBar.serving[i])],
    ]),
  };
}

export function FidelityView() {
  const app = useApp();
  const [reply, setReply] = useState<Reply>();
  useEffect(() => {
    void app.try(async () => setReply(await app.client.call("fidelity.card", {})));
  }, [app]);
  if (reply === undefined) return <p className="empty">Reading the fidelity card …</p>;
  const { iterationTimes, serving } = reply.card;
  const { prefillTokens, meanContextTokens, batch, gpus } = iterationTimes.fittedRange;
  return (
    <div className="fidelity">
      <p className="lead">
        Absolute errors in percent, median / 90th percentile, of this engine against what was
        measured: the bar is what both are to keep. Cross-validated: five folds of whole blocks held
        back. The range that was fitted ends at {formatCount(prefillTokens)} prompt tokens in an
        iteration, {formatCount(meanContextTokens)} tokens of mean context and a batch of{" "}
        {formatCount(batch)}, on {gpus.join(", ")}; a run says which share of its iterations lies
        beyond.
      </p>
      <TableSection heading="Served latency and throughput" table={servingTable(reply)} />
      <p className="hash">
        {serving.about} {serving.rows.source}, read {serving.rows.readOn}.
      </p>
      <TableSection heading="Time of an iteration" table={iterationTable(reply)} />
      <p className="hash">
        {iterationTimes.about} {iterationTimes.rows.source}, read {iterationTimes.rows.readOn}.
      </p>
    </div>
  );
}
