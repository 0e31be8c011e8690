/** A pool of replicas: what it serves, on what, under which limits. */
import { Button } from "react-aria-components";
import { formatCount } from "../../../shared/reports/formatters.ts";
import { useEditing } from "../../components/editing.tsx";
import { AmountField } from "../../components/fields/AmountField.tsx";
import { ChoiceField } from "../../components/fields/ChoiceField.tsx";
import { ScheduleField } from "../../components/fields/ScheduleField.tsx";
import { SwitchField } from "../../components/fields/SwitchField.tsx";
import { asId } from "../../components/ids.ts";
import { More } from "../../components/More.tsx";
import { PartHead } from "../../components/PartHead.tsx";
import { useCatalog } from "../../components/useCatalog.ts";
import { hoursWords } from "../routing/ruleSentence.ts";
import { EngineFields } from "./EngineFields.tsx";
import { GpuPriceFields } from "./GpuPriceFields.tsx";
import { fromOffer, offersOf } from "./gpuOffers.ts";
import { LicenceField } from "./LicenceField.tsx";
import { MemoryBar } from "./MemoryBar.tsx";
import { usePool } from "./poolContext.ts";
import {
  addRuleTo,
  duplicatePool,
  gpusOfPool,
  type PoolInput,
  poolsOf,
  removePool,
  renamePool,
  rulesTo,
} from "./poolEdits.ts";
import { AutoscalerFields, FailureFields } from "./ScalingFields.tsx";

const backends = [
  { id: "vllm", name: "vLLM" },
  { id: "sglang", name: "SGLang" },
  { id: "trtllm", name: "TensorRT-LLM" },
  { id: "nim", name: "NIM", note: "picks the engine for the GPU it finds" },
];
const precisions = ["bf16", "fp8", "int4", "nvfp4", "mxfp4"].map((id) => ({ id, name: id }));
const kvPrecisions = ["bf16", "fp8"].map((id) => ({ id, name: id }));
const groupSizes = [1, 2, 4, 8, 16].map((size) => ({
  id: String(size),
  name: size === 1 ? "1 GPU" : `${size} GPUs`,
}));
const balancers = [
  { id: "leastOutstandingTokens", name: "fewest outstanding tokens" },
  { id: "roundRobin", name: "in turn" },
  { id: "powerOfTwoChoices", name: "better of two at random" },
  { id: "prefixAffinity", name: "where the prefix is cached" },
];

/** "2 GPUs: 1 replica on 2 x H100". */
function poolWords(pool: PoolInput): string {
  const replicas = `${formatCount(pool.replicas)} ${pool.replicas === 1 ? "replica" : "replicas"}`;
  if (pool.partition !== undefined) {
    return `${replicas} on ${pool.partition.profile} of ${pool.partition.id}`;
  }
  const gpus = gpusOfPool(pool);
  return `${formatCount(gpus)} ${gpus === 1 ? "GPU" : "GPUs"}: ${replicas} of ${pool.tensorParallel ?? 1} x ${pool.gpu}`;
}

function Head({ index }: { readonly index: number }) {
  const { pool, field } = usePool(index);
  const { edit } = useEditing();
  const { id } = pool;
  return (
    <PartHead
      kind="own"
      heading={`Pool ${id}`}
      name={id}
      nameLabel={`Name of the pool ${id}`}
      nameField={`${field}.id`}
      onRename={(text) =>
        edit(`rename ${id}`, (draft) => renamePool(draft, index, asId(text)), `${field}.id`)
      }
      onDuplicate={() => edit(`duplicate ${id}`, (draft) => duplicatePool(draft, index))}
      onRemove={() => edit(`remove ${id} and its rules`, (draft) => removePool(draft, index))}
    >
      {poolWords(pool)}
    </PartHead>
  );
}

/** A pool that no rule sends to costs and serves nothing: one press makes the rule. */
function RulesLine({ index }: { readonly index: number }) {
  const { pool, input } = usePool(index);
  const { edit } = useEditing();
  const rules = rulesTo(input.rules ?? [], pool.id);
  if (rules.length > 0) {
    return (
      <p className="source">
        Work comes by {rules.length === 1 ? "the rule" : "the rules"} {rules.join(", ")}.
      </p>
    );
  }
  return (
    <p className="field-note" data-tone="warn">
      ▲ No rule sends to this pool: it costs and serves nothing.{" "}
      <Button
        className="link"
        onPress={() => edit(`add a rule to ${pool.id}`, (draft) => addRuleTo(draft, pool.id))}
      >
        Add a rule before the last one
      </Button>
    </p>
  );
}

const wholeGpus = "whole";

function PlaceField({ index }: { readonly index: number }) {
  const { pool, field, input, change } = usePool(index);
  const catalog = useCatalog();
  const places = (input.partitions ?? []).flatMap((partition) =>
    [
      ...new Set([
        ...partition.layout,
        ...(partition.reconfiguration?.layouts ?? []).flatMap(({ layout }) => layout),
      ]),
    ].map((profile) => ({
      id: `${partition.id} ${profile}`,
      name: `${profile} of ${partition.id}`,
      note: `MIG instances of ${partition.gpu}`,
    })),
  );
  const { partition } = pool;
  const place = (chosen: string) => (own: PoolInput) => {
    if (chosen === wholeGpus) {
      delete own.partition;
      const [offer] = offersOf(catalog, own.gpu);
      if (own.price === undefined && offer !== undefined) own.price = fromOffer(offer);
      return;
    }
    const [id, profile] = chosen.split(" ");
    own.partition = { id, profile };
    own.gpu = (input.partitions ?? []).find((each) => each.id === id)?.gpu ?? own.gpu;
    own.tensorParallel = 1;
    delete own.price;
    delete own.licence;
  };
  return (
    <ChoiceField
      label="Runs on"
      value={partition === undefined ? wholeGpus : `${partition.id} ${partition.profile}`}
      field={`${field}.partition`}
      choices={[{ id: wholeGpus, name: "whole GPUs" }, ...places]}
      onChange={(chosen) => change("the place", place(chosen))}
    />
  );
}

/** Changes what a pool serves; what it then names and lacks is copied from the catalog. */
function useFill(index: number) {
  const { pool } = usePool(index);
  const { editFilled } = useEditing();
  return (what: string, patch: Partial<PoolInput>): void =>
    editFilled(
      `change ${what} of ${pool.id}`,
      (draft) => void Object.assign(poolsOf(draft)[index], patch),
    );
}

function ModelFields({ index }: { readonly index: number }) {
  const { pool, field, input } = usePool(index);
  const fill = useFill(index);
  const catalog = useCatalog();
  const own = input.models ?? [];
  const models = [
    ...own,
    ...catalog.models.filter(({ id }) => !own.some((each) => each.id === id)),
  ];
  return (
    <>
      <ChoiceField
        label="Model"
        isWide
        value={pool.model}
        field={`${field}.model`}
        choices={models.map(({ id, name, maxContextTokens }) => ({
          ...{ id, name },
          note: `${formatCount(maxContextTokens)} tokens of context`,
        }))}
        onChange={(model) => fill("the model", { model })}
      />
      <ChoiceField
        label="Backend"
        value={pool.backend}
        field={`${field}.backend`}
        choices={backends}
        onChange={(backend) => fill("the backend", { backend: backend as PoolInput["backend"] })}
      />
    </>
  );
}

function PrecisionFields({ index }: { readonly index: number }) {
  const { pool, field } = usePool(index);
  const fill = useFill(index);
  return (
    <>
      <ChoiceField
        label="Weights"
        value={pool.precision ?? "bf16"}
        field={`${field}.precision`}
        choices={precisions}
        onChange={(precision) =>
          fill("the precision", { precision: precision as NonNullable<PoolInput["precision"]> })
        }
      />
      <ChoiceField
        label="KV cache"
        value={pool.kvPrecision ?? "bf16"}
        field={`${field}.kvPrecision`}
        choices={kvPrecisions}
        onChange={(kvPrecision) =>
          fill("the KV precision", {
            kvPrecision: kvPrecision as NonNullable<PoolInput["kvPrecision"]>,
          })
        }
      />
    </>
  );
}

function GpuField({ index }: { readonly index: number }) {
  const { pool, field } = usePool(index);
  const { editFilled } = useEditing();
  const catalog = useCatalog();
  if (pool.partition !== undefined) return null;
  return (
    <ChoiceField
      label="GPU"
      isWide
      value={pool.gpu}
      field={`${field}.gpu`}
      choices={catalog.gpus.map(({ id, name, memoryGib }) => ({
        ...{ id, name },
        note: `${memoryGib} GiB`,
      }))}
      onChange={(gpu) =>
        editFilled(`change the GPU of ${pool.id}`, (draft) => {
          const own = poolsOf(draft)[index];
          own.gpu = gpu;
          const [offer] = offersOf(catalog, gpu);
          if (offer !== undefined) own.price = fromOffer(offer);
          else delete own.price;
        })
      }
    />
  );
}

function SizeFields({ index }: { readonly index: number }) {
  const { pool, field, change } = usePool(index);
  const group = (size: string): void =>
    change("tensor parallel", (own) => {
      own.tensorParallel = Number(size) as NonNullable<PoolInput["tensorParallel"]>;
    });
  return (
    <>
      {pool.partition === undefined && (
        <ChoiceField
          label="Tensor parallel"
          value={String(pool.tensorParallel ?? 1)}
          field={`${field}.tensorParallel`}
          choices={groupSizes}
          onChange={group}
        />
      )}
      <AmountField
        label="Replicas"
        value={pool.replicas}
        field={`${field}.replicas`}
        min={1}
        max={4096}
        step={1}
        hasSteppers
        onChange={(replicas) =>
          change("the replicas", (own) => Object.assign(own, { replicas }), "replicas")
        }
      />
      <ChoiceField
        label="Balancer"
        isWide
        value={pool.balancer ?? "leastOutstandingTokens"}
        field={`${field}.balancer`}
        choices={balancers}
        onChange={(balancer) => change("the balancer", (own) => Object.assign(own, { balancer }))}
      />
    </>
  );
}

/** "always on", or the hours in words. */
export function scheduleWords(schedule: PoolInput["schedule"]): string {
  if (schedule === undefined || schedule.kind === "always") return "always on";
  return schedule.hours.map((each) => hoursWords(each)).join("; ");
}

function Money({ index }: { readonly index: number }) {
  const { pool, field, change } = usePool(index);
  if (pool.partition !== undefined) {
    return (
      <p className="source">
        Rent and licence are those of the partition {pool.partition.id}, which owns the GPUs.
      </p>
    );
  }
  return (
    <div className="money">
      <GpuPriceFields
        gpu={pool.gpu}
        price={pool.price}
        field={`${field}.price`}
        change={(what, price, key) =>
          change(what, (own) => Object.assign(own, { price: price(own.price) }), key)
        }
      />
      <LicenceField part={pool} field={field} find={(draft) => poolsOf(draft)[index]} />
    </div>
  );
}

export function PoolEditor({ index }: { readonly index: number }) {
  const { pool, field, change } = usePool(index);
  return (
    <section className="part-card" aria-label={`Pool ${pool.id}`} data-field={field}>
      <Head index={index} />
      <MemoryBar index={index} />
      <div className="field-grid pool-fields">
        <ModelFields index={index} />
        <PlaceField index={index} />
        <GpuField index={index} />
        <PrecisionFields index={index} />
        <SizeFields index={index} />
        <SwitchField
          value={pool.production ?? true}
          field={`${field}.production`}
          onChange={(production) => change("the use", (own) => Object.assign(own, { production }))}
        >
          Serves production traffic
        </SwitchField>
      </div>
      <Money index={index} />
      <RulesLine index={index} />
      <div className="more-list">
        <EngineFields index={index} />
        <More title="Hours" summary={scheduleWords(pool.schedule)} field={`${field}.schedule`}>
          <ScheduleField
            schedule={pool.schedule}
            field={`${field}.schedule`}
            of={pool.id}
            change={(draft, recipe) => {
              const own = poolsOf(draft)[index];
              const schedule = recipe(own.schedule);
              if (schedule !== undefined) own.schedule = schedule;
            }}
          />
        </More>
        <AutoscalerFields index={index} />
        <FailureFields index={index} />
      </div>
    </section>
  );
}
