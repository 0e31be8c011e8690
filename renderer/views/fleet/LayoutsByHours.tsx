/** Layouts that stand at certain hours, and what changing them takes. */
import { Button } from "react-aria-components";
import type { Gpu } from "../../../shared/schema/catalog.ts";
import { AmountField } from "../../components/fields/AmountField.tsx";
import { HoursList } from "../../components/fields/ScheduleField.tsx";
import { More } from "../../components/More.tsx";
import { ProvenanceList } from "../../components/Provenance.tsx";
import { today } from "../../components/today.ts";
import { handSource } from "../providers/priceDifferences.ts";
import { hoursWords } from "../routing/ruleSentence.ts";
import { LayoutEditor } from "./LayoutEditor.tsx";
import { usePartition } from "./partitionContext.ts";
import type { PartitionInput } from "./poolEdits.ts";

const changeNote =
  "Starting values, to be replaced with your own: 30 s to clear and create instances, 120 s until engines have loaded their weights.";

type LayoutAtHours = NonNullable<PartitionInput["reconfiguration"]>["layouts"][number];

interface ByHoursProps {
  readonly index: number;
  readonly gpu: Gpu;
}

/** "3g.40gb + 3g.40gb from 22:00 to 06:00". */
function layoutWords({ layout, hours }: LayoutAtHours): string {
  return `${layout.join(" + ")} ${hours.map((each) => hoursWords(each)).join(", ")}`;
}

/** Adds a layout, the partition's own to begin with, at night. */
function addLayout(own: PartitionInput): void {
  own.reconfiguration ??= {
    ...{ layouts: [], changeS: 30, startS: 120 },
    provenance: [
      { source: handSource, retrievedOn: today(), basis: "estimated", note: changeNote },
    ],
  };
  own.reconfiguration.layouts.push({
    layout: [...own.layout],
    hours: [{ from: "22:00", to: "06:00" }],
  });
}

function removeLayout(own: PartitionInput, place: number): void {
  own.reconfiguration!.layouts.splice(place, 1);
  if (own.reconfiguration!.layouts.length === 0) delete own.reconfiguration;
}

function OneLayout({ index, gpu, place }: ByHoursProps & { readonly place: number }) {
  const { partition, field, change } = usePartition(index);
  const { layout, hours } = partition.reconfiguration!.layouts[place];
  const at = `${field}.reconfiguration.layouts[${place}]`;
  return (
    <div className="layout-by-hours">
      <HoursList
        list={hours}
        field={`${at}.hours`}
        name={`Hours of layout ${place + 1}`}
        onChange={(what, recipe) =>
          change(
            what === "change" ? "the hours of a layout" : `${what} hours of a layout`,
            (own) => recipe(own.reconfiguration!.layouts[place].hours),
            what === "change" ? `layouts[${place}].hours` : undefined,
          )
        }
      />
      <LayoutEditor
        gpu={gpu}
        layout={layout}
        name={`${partition.id}, layout ${place + 1} by hours`}
        field={`${at}.layout`}
        partition={partition.id}
        commit={(next, what) =>
          change(
            what,
            (own) => void Object.assign(own.reconfiguration!.layouts[place], { layout: next }),
          )
        }
      />
      <Button
        className="button small quiet"
        onPress={() => change("remove a layout by hours", (own) => removeLayout(own, place))}
      >
        Remove this layout
      </Button>
    </div>
  );
}

/** How long a change of layouts takes. */
function ChangeTimes({ index }: { readonly index: number }) {
  const { partition, field, change } = usePartition(index);
  const { reconfiguration } = partition;
  if (reconfiguration === undefined) return null;
  return (
    <>
      <div className="field-grid">
        {(["changeS", "startS"] as const).map((key) => (
          <AmountField
            key={key}
            label={key === "changeS" ? "The change takes" : "Engines serve after"}
            unit="s"
            value={reconfiguration[key]}
            field={`${field}.reconfiguration.${key}`}
            onChange={(seconds) =>
              change(
                "the time of a layout change",
                (own) => void Object.assign(own.reconfiguration!, { [key]: seconds }),
                key,
              )
            }
          />
        ))}
      </div>
      <ProvenanceList entries={reconfiguration.provenance} />
    </>
  );
}

export function LayoutsByHours({ index, gpu }: ByHoursProps) {
  const { partition, field, change } = usePartition(index);
  const layouts = partition.reconfiguration?.layouts ?? [];
  const summary =
    layouts.length === 0 ? "one layout all the time" : layouts.map(layoutWords).join("; ");
  return (
    <More title="Layouts by hours" summary={summary} field={`${field}.reconfiguration`}>
      <p className="lead">
        Outside of these hours the layout above stands. All GPUs drain, change and start together.
      </p>
      {layouts.map((_, place) => (
        <OneLayout key={`layouts[${String(place)}]`} index={index} gpu={gpu} place={place} />
      ))}
      <Button className="button small" onPress={() => change("add a layout by hours", addLayout)}>
        Add a layout for certain hours
      </Button>
      <ChangeTimes index={index} />
    </More>
  );
}
