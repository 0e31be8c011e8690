/** One class: what it takes, how urgent it is, what it is held to. */
import { Button, Input, TextField } from "react-aria-components";
import { formatCount } from "../../../shared/reports/formatters.ts";
import { type Draft, put, useEditing } from "../../components/editing.tsx";
import { AmountField } from "../../components/fields/AmountField.tsx";
import { ChoiceField } from "../../components/fields/ChoiceField.tsx";
import { MultiChoice } from "../../components/fields/MultiChoice.tsx";
import { TextEntry } from "../../components/fields/TextEntry.tsx";
import { asId } from "../../components/ids.ts";
import { More } from "../../components/More.tsx";
import { useLive } from "../../components/useApp.ts";
import { ClassTargetFields } from "./ClassTargetFields.tsx";
import {
  type ClassInput,
  type KnownNames,
  renameClass,
  type Tier,
  takesText,
  tiers,
  unreachable,
} from "./classes.ts";

interface ClassProps {
  readonly index: number;
  readonly names: KnownNames;
}

type Match = NonNullable<ClassInput["match"]>;
type ListKey = "sources" | "models" | "tenants" | "tags";
type RangeKey = "promptTokens" | "outputTokens";

/** Edits the class at a place in named steps. */
function useClass(index: number) {
  const { input, edit } = useEditing();
  const own = input.traffic.classes[index];
  const field = `traffic.classes[${index}]`;
  const set = (what: string, recipe: (own: ClassInput) => void, key: string): void =>
    edit(
      `${what} of ${own.id}`,
      (draft) => recipe(draft.traffic.classes[index]),
      `${field}.${key}`,
    );
  const setMatch = (what: string, recipe: (match: Match) => void, key: string): void =>
    set(
      what,
      (each) => {
        each.match ??= {};
        recipe(each.match);
      },
      key,
    );
  return { own, field, set, setMatch };
}

function MatchList({
  index,
  listKey,
  label,
  choices,
}: {
  readonly index: number;
  readonly listKey: ListKey;
  readonly label: string;
  readonly choices: readonly string[];
}) {
  const { own, field, setMatch } = useClass(index);
  const values = own.match?.[listKey];
  if (choices.length === 0 && values === undefined) return null;
  return (
    <MultiChoice
      label={label}
      name={`${label} of ${own.id}`}
      values={values ?? []}
      choices={choices.slice(0, 40).map((id) => ({ id, name: id }))}
      field={`${field}.match.${listKey}`}
      onChange={(next) =>
        setMatch(
          `change the ${listKey}`,
          (match) => put(match, listKey, next.length === 0 ? undefined : next),
          listKey,
        )
      }
    />
  );
}

function MatchRange({
  index,
  rangeKey,
  label,
}: {
  readonly index: number;
  readonly rangeKey: RangeKey;
  readonly label: string;
}) {
  const { own, field, setMatch } = useClass(index);
  const range = own.match?.[rangeKey];
  const change = (end: "min" | "max", value: number | undefined): void =>
    setMatch(
      `change the ${label.toLowerCase()}`,
      (match) => {
        const { [end]: _, ...others } = match[rangeKey] ?? {};
        const next = value === undefined ? others : { ...others, [end]: value };
        put(match, rangeKey, Object.keys(next).length === 0 ? undefined : next);
      },
      `${rangeKey}.${end}`,
    );
  return (["min", "max"] as const).map((end) => (
    <AmountField
      key={end}
      label={`${label}, ${end === "min" ? "from" : "to"}`}
      name={`${label} of ${own.id}, ${end === "min" ? "from" : "to"}`}
      unit="tokens"
      value={range?.[end]}
      field={`${field}.match.${rangeKey}.${end}`}
      fallback={end === "min" ? 0 : "any"}
      min={0}
      step={1}
      onChange={(value) => change(end, value)}
    />
  ));
}

/** Priority and deadline. */
function DeadlineFields({ index }: { readonly index: number }) {
  const { own, field, set } = useClass(index);
  const within =
    own.deadline && "withinS" in own.deadline ? (own.deadline.withinS as number) : undefined;
  const by = own.deadline && "by" in own.deadline ? String(own.deadline.by) : "";
  return (
    <>
      <AmountField
        label="Priority"
        value={own.priority}
        fallback="0, served first"
        field={`${field}.priority`}
        min={0}
        max={100}
        step={1}
        onChange={(value) =>
          set("change the priority", (each) => put(each, "priority", value), "priority")
        }
      />
      <AmountField
        label="Done within"
        unit="h"
        scale={1 / 3600}
        value={within}
        fallback="no deadline"
        field={`${field}.deadline.withinS`}
        min={0}
        onChange={(value) =>
          set(
            "change the deadline",
            (each) => put(each, "deadline", value === undefined ? undefined : { withinS: value }),
            "deadline",
          )
        }
      />
      <TextEntry
        label="or by, local time"
        value={by}
        placeholder="06:00"
        field={`${field}.deadline.by`}
        onChange={(text) =>
          set(
            "change the deadline",
            (each) => put(each, "deadline", text.trim() === "" ? undefined : { by: text.trim() }),
            "deadline",
          )
        }
      />
    </>
  );
}

/** Shared prefix and patience. */
function PrefixFields({ index }: { readonly index: number }) {
  const { own, field, set } = useClass(index);
  return (
    <>
      <AmountField
        label="Shared prefix"
        unit="tokens"
        value={own.sharedPrefix?.tokens}
        fallback="none"
        field={`${field}.sharedPrefix.tokens`}
        min={1}
        step={1}
        onChange={(tokens) =>
          set(
            "change the shared prefix",
            (each) =>
              put(
                each,
                "sharedPrefix",
                tokens === undefined ? undefined : { ...each.sharedPrefix, tokens },
              ),
            "prefix",
          )
        }
      />
      {own.sharedPrefix !== undefined && (
        <AmountField
          label="Shared by"
          unit="% of requests"
          scale={100}
          value={own.sharedPrefix.reuseProbability}
          fallback={1}
          field={`${field}.sharedPrefix.reuseProbability`}
          min={0}
          max={100}
          onChange={(value) =>
            set(
              "change the shared prefix",
              (each) => {
                if (each.sharedPrefix) put(each.sharedPrefix, "reuseProbability", value);
              },
              "reuse",
            )
          }
        />
      )}
      <AmountField
        label="Given up without a first token after"
        unit="s"
        value={own.abandonAfterS}
        fallback="never"
        field={`${field}.abandonAfterS`}
        min={0}
        onChange={(value) =>
          set("change the patience", (each) => put(each, "abandonAfterS", value), "abandon")
        }
      />
    </>
  );
}

function furtherText({ deadline, sharedPrefix, abandonAfterS, priority }: ClassInput): string {
  const parts = [
    deadline === undefined ? [] : ["has a deadline"],
    sharedPrefix === undefined ? [] : [`${formatCount(sharedPrefix.tokens)} tokens shared`],
    abandonAfterS === undefined ? [] : ["clients give up"],
    priority === undefined || priority === 0 ? [] : [`priority ${priority}`],
  ].flat();
  return parts.length === 0 ? "none" : parts.join(", ");
}

function Actions({ index }: { readonly index: number }) {
  const { input, edit, done } = useEditing();
  const { classes } = input.traffic;
  const { id } = classes[index];
  const move = (by: -1 | 1): void => {
    edit(`move ${id}`, ({ traffic }: Draft) => {
      const [own] = traffic.classes.splice(index, 1);
      traffic.classes.splice(index + by, 0, own);
    });
    done();
  };
  return (
    <span className="part-actions">
      <Button
        className="button small quiet"
        aria-label={`Move ${id} up`}
        isDisabled={index === 0}
        onPress={() => move(-1)}
      >
        ↑
      </Button>
      <Button
        className="button small quiet"
        aria-label={`Move ${id} down`}
        isDisabled={index === classes.length - 1}
        onPress={() => move(1)}
      >
        ↓
      </Button>
      <Button
        className="button small quiet"
        aria-label={`Remove class ${id}`}
        isDisabled={classes.length === 1}
        onPress={() => {
          edit(`remove class ${id}`, (draft) => void draft.traffic.classes.splice(index, 1));
          done();
        }}
      >
        Remove
      </Button>
    </span>
  );
}

/** Its name, what it takes, and what can be done with it. */
function Head({ index }: { readonly index: number }) {
  const { scenario, edit, done } = useEditing();
  const { own, field } = useClass(index);
  const served = useLive(scenario, (state) => state.report?.latency.classes[own.id]?.e2eMs.n);
  return (
    <div className="part-head">
      <TextField
        className="id-field"
        aria-label={`Name of the class ${own.id}`}
        value={own.id}
        onChange={(text) =>
          edit("rename a class", (draft) => renameClass(draft, index, asId(text)), `${field}.id`)
        }
        onBlur={done}
      >
        <Input />
      </TextField>
      <span className="part-words">
        {takesText(own, index === 0)}
        {served !== undefined && served > 0 && ` · ${formatCount(served)} served in the last run`}
      </span>
      <Actions index={index} />
    </div>
  );
}

export function ClassCard({ index, names }: ClassProps) {
  const { input } = useEditing();
  const { own, field, set } = useClass(index);
  const { classes, sources } = input.traffic;
  const isCut = unreachable(classes).includes(index);
  return (
    <div className="part-card" data-field={field}>
      <Head index={index} />
      {isCut && (
        <p className="field-warning">
          Nothing reaches this class: an earlier one takes everything. Move it up.
        </p>
      )}
      <div className="field-grid">
        <ChoiceField
          label="Tier"
          value={own.tier ?? "realTime"}
          choices={tiers}
          field={`${field}.tier`}
          onChange={(tier) =>
            set("change the tier", (each) => put(each, "tier", tier as Tier), "tier")
          }
        />
        <AmountField
          label="Share"
          name={`Share of ${own.id}`}
          unit="% of what matches"
          scale={100}
          value={own.share}
          fallback={1}
          field={`${field}.share`}
          min={0}
          max={100}
          onChange={(share) =>
            set("change the share", (each) => put(each, "share", share), "share")
          }
        />
        <MatchRange index={index} rangeKey="promptTokens" label="Prompts" />
        <MatchRange index={index} rangeKey="outputTokens" label="Outputs" />
      </div>
      <ClassTargetFields index={index} />
      <div className="class-match">
        {sources.length > 1 && (
          <MatchList
            index={index}
            listKey="sources"
            label="Only from"
            choices={sources.map(({ id }) => id)}
          />
        )}
        <MatchList index={index} listKey="models" label="Only for models" choices={names.models} />
        <MatchList
          index={index}
          listKey="tenants"
          label="Only of tenants"
          choices={names.tenants}
        />
        <MatchList index={index} listKey="tags" label="Only with tags" choices={names.tags} />
      </div>
      <More title="Deadline, prefix, patience" summary={furtherText(own)} field={field}>
        <div className="field-grid">
          <DeadlineFields index={index} />
          <PrefixFields index={index} />
        </div>
      </More>
    </div>
  );
}
