/** GPUs cut into MIG instances: the layout on its ruler, other layouts at certain hours, what fits where, price and licence. */
import { Button } from "react-aria-components";
import { formatCount, formatUsd } from "../../../shared/reports/formatters.ts";
import type { Client } from "../../api/client.ts";
import { type Draft, useEditing } from "../../components/editing.tsx";
import { AmountField } from "../../components/fields/AmountField.tsx";
import { ScheduleField } from "../../components/fields/ScheduleField.tsx";
import { asId } from "../../components/ids.ts";
import { More } from "../../components/More.tsx";
import { PartHead } from "../../components/PartHead.tsx";
import { useApp } from "../../components/useApp.ts";
import { useCatalog } from "../../components/useCatalog.ts";
import { fitQuestion } from "./fitQuestions.ts";
import { GpuPriceFields } from "./GpuPriceFields.tsx";
import { monthRentUsd } from "./gpuOffers.ts";
import { InstanceFits } from "./InstanceFits.tsx";
import { LayoutEditor } from "./LayoutEditor.tsx";
import { LayoutsByHours } from "./LayoutsByHours.tsx";
import { LicenceField } from "./LicenceField.tsx";
import { addPoolOn, candidatesForPart, type ServedKind } from "./newParts.ts";
import { scheduleWords } from "./PoolEditor.tsx";
import { usePartition } from "./partitionContext.ts";
import { partitionsOf, removePartition, renamePartition } from "./poolEdits.ts";

function Head({ index }: { readonly index: number }) {
  const { partition, field, input } = usePartition(index);
  const { edit } = useEditing();
  const { id, gpus, gpu, price } = partition;
  return (
    <PartHead
      kind="own"
      heading={`Partition ${id}`}
      name={id}
      nameLabel={`Name of the partition ${id}`}
      nameField={`${field}.id`}
      onRename={(text) =>
        edit(`rename ${id}`, (draft) => renamePartition(draft, index, asId(text)), `${field}.id`)
      }
      onRemove={() => edit(`remove ${id} and its pools`, (draft) => removePartition(draft, index))}
    >
      {formatCount(gpus)} x {gpu} cut into instances, rent{" "}
      {formatUsd(monthRentUsd(input, price.usdPerGpuHour, gpus))} a month
    </PartHead>
  );
}

/** KV room below which an instance is of little use. */
const usefulKvTokens = 8192;

/** The first kind that fits the instance with room for work, else the first that fits; the smallest where none does, for its editor to say why. */
async function fittingKind(
  client: Client,
  input: Draft,
  gpu: string,
  profile: string,
): Promise<ServedKind> {
  const kinds = candidatesForPart(input);
  let tight: ServedKind | undefined;
  for (const kind of kinds) {
    const question = fitQuestion(input, { ...kind, id: "new", gpu, replicas: 1 }, profile);
    if (question === undefined) continue;
    const { fit } = await client.call("catalog.fit", question);
    if (fit.fits && fit.kvCapacityTokens >= usefulKvTokens) return kind;
    if (fit.fits) tight ??= kind;
  }
  return tight ?? kinds[kinds.length - 1];
}

/** Instances without a pool, with a press each to give them one. */
function FreeInstances({ index }: { readonly index: number }) {
  const app = useApp();
  const { partition, input } = usePartition(index);
  const { editFilled } = useEditing();
  const profiles = [...new Set(partition.layout)].filter(
    (profile) =>
      !(input.pools ?? []).some(
        (pool) => pool.partition?.id === partition.id && pool.partition.profile === profile,
      ),
  );
  if (profiles.length === 0) return null;
  return (
    <div className="row">
      <span className="source">No pool runs on:</span>
      {profiles.map((profile) => (
        <Button
          key={profile}
          className="button small"
          onPress={() =>
            void app.try(async () => {
              const kind = await fittingKind(app.client, input, partition.gpu, profile);
              editFilled(`add a pool on ${profile}`, (draft) =>
                addPoolOn(draft, index, profile, kind),
              );
            })
          }
        >
          Add a pool on {profile}
        </Button>
      ))}
    </div>
  );
}

function Money({ index }: { readonly index: number }) {
  const { partition, field, change } = usePartition(index);
  return (
    <div className="money">
      <GpuPriceFields
        gpu={partition.gpu}
        price={partition.price}
        field={`${field}.price`}
        change={(what, price, key) =>
          change(what, (own) => Object.assign(own, { price: price(own.price) }), key)
        }
      />
      <LicenceField part={partition} field={field} find={(draft) => partitionsOf(draft)[index]} />
    </div>
  );
}

/** When its GPUs are held, and how instances slow one another down. */
function WhenAndBeside({ index }: { readonly index: number }) {
  const { partition, field, change } = usePartition(index);
  return (
    <>
      <More title="Hours" summary={scheduleWords(partition.schedule)} field={`${field}.schedule`}>
        <ScheduleField
          schedule={partition.schedule}
          field={`${field}.schedule`}
          of={partition.id}
          change={(draft, recipe) => {
            const own = partitionsOf(draft)[index];
            const schedule = recipe(own.schedule);
            if (schedule !== undefined) own.schedule = schedule;
          }}
        />
      </More>
      <More
        title="Neighbours"
        summary={
          partition.neighbourSlowdown === undefined
            ? "do not slow one another down"
            : `kernels take ${partition.neighbourSlowdown} times as long beside others`
        }
        field={`${field}.neighbourSlowdown`}
      >
        <AmountField
          label="Kernel times beside others"
          unit="times"
          value={partition.neighbourSlowdown}
          field={`${field}.neighbourSlowdown`}
          fallback={1}
          onChange={(neighbourSlowdown) =>
            change(
              "the neighbours' slowdown",
              (own) => {
                if (neighbourSlowdown === undefined) delete own.neighbourSlowdown;
                else own.neighbourSlowdown = neighbourSlowdown;
              },
              "neighbourSlowdown",
            )
          }
        />
      </More>
    </>
  );
}

export function PartitionEditor({ index }: { readonly index: number }) {
  const { partition, field, input, change } = usePartition(index);
  const catalog = useCatalog();
  const gpu = [...(input.gpus ?? []), ...catalog.gpus].find(({ id }) => id === partition.gpu);
  const shown = (gpu?.migProfiles ?? []).filter(({ name }) => !name.endsWith("+me"));
  return (
    <section className="part-card" aria-label={`Partition ${partition.id}`} data-field={field}>
      <Head index={index} />
      {gpu === undefined ? (
        <p className="problem">
          The GPU {partition.gpu} is neither in the scenario nor in the catalog: its instances are
          not known. Choose another GPU in the file.
        </p>
      ) : (
        <>
          <LayoutEditor
            gpu={gpu}
            layout={partition.layout}
            name={partition.id}
            field={`${field}.layout`}
            partition={partition.id}
            commit={(layout, what) => change(what, (own) => Object.assign(own, { layout }))}
          />
          <FreeInstances index={index} />
          <More
            title="What fits where"
            summary="tokens of KV room that each model has on each instance"
            isOpen
          >
            <InstanceFits gpu={gpu.id} profiles={shown} />
          </More>
        </>
      )}
      <div className="field-grid">
        <AmountField
          label="GPUs, all cut the same"
          value={partition.gpus}
          field={`${field}.gpus`}
          min={1}
          max={4096}
          step={1}
          hasSteppers
          onChange={(gpus) => change("the GPUs", (own) => Object.assign(own, { gpus }), "gpus")}
        />
      </div>
      <Money index={index} />
      <div className="more-list">
        {gpu !== undefined && <LayoutsByHours index={index} gpu={gpu} />}
        <WhenAndBeside index={index} />
      </div>
    </section>
  );
}
