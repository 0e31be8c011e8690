/** Replicas that come and go with the load, and replicas that fail. */

import { formatSeconds } from "../../../shared/reports/formatters.ts";
import type { Provenance } from "../../../shared/schema/common.ts";
import { put } from "../../components/editing.tsx";
import { AmountField } from "../../components/fields/AmountField.tsx";
import { ChoiceField } from "../../components/fields/ChoiceField.tsx";
import { SwitchField } from "../../components/fields/SwitchField.tsx";
import { More } from "../../components/More.tsx";
import { ProvenanceList } from "../../components/Provenance.tsx";
import { handSource } from "../providers/priceDifferences.ts";
import { usePool } from "./poolContext.ts";
import type { PoolInput } from "./poolEdits.ts";

type Autoscaler = NonNullable<PoolInput["autoscaler"]>;
type Failures = NonNullable<PoolInput["failures"]>;

interface Row<Part> {
  readonly key: keyof Part & string;
  readonly label: string;
  readonly unit?: string;
  readonly scale?: number;
  readonly fallback?: number | string;
}

const scalerRows: readonly Row<Autoscaler>[] = [
  { key: "target", label: "Target" },
  { key: "min", label: "Fewest replicas", fallback: 1 },
  { key: "initial", label: "At the start", fallback: "fewest" },
  { key: "evaluationIntervalS", label: "Judged every", unit: "s", fallback: 15 },
  { key: "scaleDownDelayS", label: "Goes after", unit: "s unwanted", fallback: 300 },
  { key: "provisionS", label: "Machine ready in", unit: "s" },
  { key: "imagePullS", label: "Container in", unit: "s" },
  { key: "weightLoadS", label: "Weights load in", unit: "s", fallback: "by rate" },
  { key: "loadBytesPerS", label: "or at", unit: "GB/s", scale: 1e-9, fallback: "-" },
];

/** A share is told in percent, waiting requests as they are. */
function rowsFor({ signal = "runningShare" }: Autoscaler): readonly Row<Autoscaler>[] {
  if (signal !== "runningShare") return scalerRows;
  return scalerRows.map((row) => (row.key === "target" ? { ...row, unit: "%", scale: 100 } : row));
}

const failureRows: readonly Row<Failures>[] = [
  { key: "mtbfS", label: "Time between failures", unit: "days", scale: 1 / 86_400 },
  { key: "repairS", label: "Repair takes", unit: "h", scale: 1 / 3600 },
  { key: "spares", label: "Spare replicas", fallback: 0 },
];

function byHand(note: string): Provenance[] {
  const retrievedOn = new Date().toISOString().slice(0, 10);
  return [{ source: handSource, retrievedOn, basis: "estimated", note }];
}

const newAutoscaler = (): Autoscaler => ({
  ...{ target: 0.7, min: 1, provisionS: 120, imagePullS: 60, loadBytesPerS: 2e9 },
  provenance: byHand("Starting values: measure your own cluster's cold start."),
});

const newFailures = (): Failures => ({
  ...{ mtbfS: 2000 * 86_400, repairS: 4 * 3600, spares: 0 },
  provenance: byHand(
    "Starting values, to be replaced: 2,000 GPU-days between failures, 4 h to repair.",
  ),
});

function Amounts<Part extends Autoscaler | Failures>(props: {
  readonly part: Part;
  readonly rows: readonly Row<Part>[];
  readonly field: string;
  change(label: string, key: string, recipe: (part: Part) => void): void;
}) {
  const { part, rows, field, change } = props;
  return rows.map(({ key, label, ...shown }) => (
    <AmountField
      key={key}
      label={label}
      value={part[key] as number | undefined}
      field={`${field}.${key}`}
      {...shown}
      onChange={(value) =>
        change(label.toLowerCase(), key, (own) => put(own, key, value as Part[typeof key]))
      }
    />
  ));
}

const signals = [
  { id: "runningShare", name: "share of running places", note: "running over requests at once" },
  { id: "waitingPerReplica", name: "waiting per replica" },
  { id: "requestsPerReplica", name: "requests per replica", note: "running and waiting" },
];

export function AutoscalerFields({ index }: { readonly index: number }) {
  const { pool, field, change } = usePool(index);
  const { autoscaler } = pool;
  const at = `${field}.autoscaler`;
  const summary =
    autoscaler === undefined
      ? `off: ${pool.replicas} all the time`
      : `${autoscaler.min ?? 1} to ${pool.replicas} ${pool.replicas === 1 ? "replica" : "replicas"}`;
  return (
    <More title="Autoscaler" summary={summary} field={at}>
      <SwitchField
        value={autoscaler !== undefined}
        onChange={(isOn) =>
          change("the autoscaler", (own) =>
            put(own, "autoscaler", isOn ? newAutoscaler() : undefined),
          )
        }
      >
        Replicas come and go with the load; the pool's replicas are the most there may be
      </SwitchField>
      {autoscaler !== undefined && (
        <>
          <div className="field-grid">
            <ChoiceField
              label="Judged by"
              value={autoscaler.signal ?? "runningShare"}
              field={`${at}.signal`}
              choices={signals}
              onChange={(signal) =>
                change("the signal", (own) => Object.assign(own.autoscaler!, { signal }))
              }
            />
            <Amounts
              part={autoscaler}
              rows={rowsFor(autoscaler)}
              field={at}
              change={(label, key, recipe) =>
                change(label, (own) => recipe(own.autoscaler!), `autoscaler.${key}`)
              }
            />
          </div>
          <ProvenanceList entries={autoscaler.provenance} emptyText="No source for these times." />
        </>
      )}
    </More>
  );
}

function failureSummary(failures: Failures | undefined): string {
  if (failures === undefined) return "none: every replica always serves";
  const spares = failures.spares ?? 0;
  const each = formatSeconds(failures.mtbfS);
  return `one in ${each} per ${failures.per === "replica" ? "replica" : "GPU"}${spares > 0 ? `, N+${spares}` : ""}`;
}

export function FailureFields({ index }: { readonly index: number }) {
  const { pool, field, change } = usePool(index);
  const { failures } = pool;
  const at = `${field}.failures`;
  const set = (what: string, patch: Partial<Failures>): void =>
    change(what, (own) => void Object.assign(own.failures!, patch));
  return (
    <More title="Failures" summary={failureSummary(failures)} field={at}>
      <SwitchField
        value={failures !== undefined}
        onChange={(isOn) =>
          change("failures", (own) => put(own, "failures", isOn ? newFailures() : undefined))
        }
      >
        Replicas fail and are repaired; what a failed one computed is lost
      </SwitchField>
      {failures !== undefined && (
        <>
          <div className="field-grid">
            <Amounts
              part={failures}
              rows={failureRows}
              field={at}
              change={(label, key, recipe) =>
                change(label, (own) => recipe(own.failures!), `failures.${key}`)
              }
            />
            <ChoiceField
              label="Time is of"
              value={failures.per ?? "gpu"}
              choices={[
                { id: "gpu", name: "a GPU" },
                { id: "replica", name: "a replica" },
              ]}
              onChange={(per) => set("failures", { per: per as Failures["per"] })}
            />
            <ChoiceField
              label="Its requests"
              value={failures.onFailure ?? "reroute"}
              choices={[
                { id: "reroute", name: "go through the rules again" },
                { id: "requeue", name: "go to another replica of the pool" },
              ]}
              onChange={(onFailure) =>
                set("failures", { onFailure: onFailure as Failures["onFailure"] })
              }
            />
            <SwitchField
              value={failures.billRepair ?? true}
              onChange={(billRepair) => set("failures", { billRepair })}
            >
              Billed while repaired
            </SwitchField>
          </div>
          <ProvenanceList entries={failures.provenance} emptyText="No source for these times." />
        </>
      )}
    </More>
  );
}
