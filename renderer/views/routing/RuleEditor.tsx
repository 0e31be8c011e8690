/** One rule in place: which requests, what share, where to, on which conditions, held until when, and when they go on. */
import { type Draft, put, useEditing } from "../../components/editing.tsx";
import { AmountField } from "../../components/fields/AmountField.tsx";
import { ChoiceField } from "../../components/fields/ChoiceField.tsx";
import { MultiChoice } from "../../components/fields/MultiChoice.tsx";
import { HoursField } from "../../components/fields/ScheduleField.tsx";
import { SwitchField } from "../../components/fields/SwitchField.tsx";
import { TextEntry } from "../../components/fields/TextEntry.tsx";
import { asId } from "../../components/ids.ts";
import { GuardFields, WaitFields } from "./RuleConditions.tsx";
import { inMatch, type RuleProps, useRule } from "./ruleContext.ts";
import { type RuleInput, targetKind } from "./ruleSentence.ts";

type Match = NonNullable<RuleInput["match"]>;
type Range = NonNullable<Match["promptTokens"]>;

function listOrNone(values: readonly string[]): string[] | undefined {
  return values.length === 0 ? undefined : [...values];
}

const tiers = [
  { id: "realTime", name: "real-time" },
  { id: "nearLine", name: "near-line" },
  { id: "batch", name: "batch" },
];

function targetKey(rule: RuleInput): string {
  const { pool, provider } = rule.to as { pool?: string; provider?: string };
  if (pool !== undefined) return `pool ${pool}`;
  return provider === undefined ? "reject" : `provider ${provider}`;
}

function targetFrom(key: string): RuleInput["to"] {
  const [kind, id] = key.split(" ");
  if (kind === "pool") return { pool: id };
  return kind === "provider" ? { provider: id } : { reject: true };
}

function targetChoices(input: Draft) {
  return [
    ...(input.pools ?? []).map(({ id, model }) => ({
      ...{ id: `pool ${id}`, name: id },
      note: `own GPUs, ${model}`,
    })),
    ...(input.providers ?? []).map(({ id, name }) => ({
      ...{ id: `provider ${id}`, name: id },
      note: `API, ${name}`,
    })),
    { id: "reject", name: "rejection", note: "the request is refused" },
  ];
}

function RangeFields(props: {
  readonly index: number;
  readonly part: "promptTokens" | "outputTokens";
  readonly label: string;
}) {
  const { index, part, label } = props;
  const { rule, field, change } = useRule(index);
  const range: Range = rule.match?.[part] ?? {};
  const set = (end: "min" | "max", value: number | undefined): void =>
    change(
      label,
      inMatch((match) => {
        const own: Range = { ...match[part] };
        put(own, end, value);
        put(match, part, Object.keys(own).length === 0 ? undefined : own);
      }),
      `match.${part}.${end}`,
    );
  return (["min", "max"] as const).map((end) => (
    <AmountField
      key={end}
      label={`${label}, ${end === "min" ? "at least" : "at most"}`}
      unit="tokens"
      value={range[end]}
      field={`${field}.match.${part}${end === "min" ? "" : ".max"}`}
      fallback="any"
      min={0}
      onChange={(value) => set(end, value)}
    />
  ));
}

/** Names with commas between them. */
function NamesField(props: {
  readonly index: number;
  readonly part: "models" | "tenants";
  readonly label: string;
}) {
  const { index, part, label } = props;
  const { rule, field, change } = useRule(index);
  const names = rule.match?.[part] ?? [];
  return (
    <TextEntry
      label={label}
      value={names.join(", ")}
      field={`${field}.match.${part}`}
      placeholder="any"
      onChange={(text) =>
        change(
          label.toLowerCase(),
          inMatch((match) =>
            put(match, part, listOrNone(text === "" ? [] : text.split(/\s*,\s*/))),
          ),
          `match.${part}`,
        )
      }
      onDone={() =>
        change(
          label.toLowerCase(),
          inMatch((match) => put(match, part, listOrNone(names.filter((name) => name !== "")))),
          `match.${part}`,
        )
      }
    />
  );
}

function MatchFields({ index }: RuleProps) {
  const { rule, field, input, change } = useRule(index);
  const match: Match = rule.match ?? {};
  const classes = input.traffic.classes.map(({ id }) => ({ id, name: id }));
  return (
    <fieldset className="rule-part">
      <legend>Which requests</legend>
      <div className="field-grid">
        <MultiChoice
          label="Tiers, none for any"
          name={`Tiers of ${rule.id}`}
          values={match.tiers ?? []}
          choices={tiers}
          field={`${field}.match.tiers`}
          onChange={(chosen) =>
            change(
              "the tiers",
              inMatch((own) => put(own, "tiers", listOrNone(chosen) as Match["tiers"])),
            )
          }
        />
        <MultiChoice
          label="Classes, none for any"
          name={`Classes of ${rule.id}`}
          values={match.classes ?? []}
          choices={classes}
          field={`${field}.match.classes`}
          onChange={(chosen) =>
            change(
              "the classes",
              inMatch((own) => put(own, "classes", listOrNone(chosen))),
            )
          }
        />
        <AmountField
          label="Share of them"
          unit="%"
          scale={100}
          value={rule.share}
          field={`${field}.share`}
          fallback={1}
          min={0}
          max={100}
          onChange={(share) => change("the share", (own) => put(own, "share", share), "share")}
        />
        <NamesField index={index} part="models" label="Models asked for" />
        <NamesField index={index} part="tenants" label="Tenants" />
      </div>
      <div className="field-grid pairs">
        <RangeFields index={index} part="promptTokens" label="Prompt" />
        <RangeFields index={index} part="outputTokens" label="Expected output" />
      </div>
      <SwitchField
        value={match.hours !== undefined}
        onChange={(isOn) =>
          change(
            "the hours",
            inMatch((own) => put(own, "hours", isOn ? { from: "08:00", to: "18:00" } : undefined)),
          )
        }
      >
        Only at certain hours
      </SwitchField>
      {match.hours !== undefined && (
        <HoursField
          hours={match.hours}
          field={`${field}.match.hours`}
          name={`Hours of ${rule.id}`}
          onChange={(recipe) =>
            change(
              "the hours",
              inMatch((own) => recipe(own.hours!)),
              "match.hours",
            )
          }
        />
      )}
    </fieldset>
  );
}

/** Nothing for a rule that has just been undone or removed: the list lets go of its row a moment later. */
export function RuleEditor({ index }: RuleProps) {
  const { input } = useEditing();
  return input.rules[index] === undefined ? null : <OpenRule index={index} />;
}

function OpenRule({ index }: RuleProps) {
  const { rule, field, input, change } = useRule(index);
  return (
    <div className="rule-editor">
      <div className="field-grid">
        <ChoiceField
          label="Sends to"
          value={targetKey(rule)}
          field={`${field}.to`}
          choices={targetChoices(input)}
          onChange={(key) =>
            change("the target", (own) => Object.assign(own, { to: targetFrom(key) }))
          }
        />
        <TextEntry
          label="Name of the rule"
          isMono
          value={rule.id}
          field={`${field}.id`}
          onChange={(text) =>
            change("the name", (own) => Object.assign(own, { id: asId(text) }), "id")
          }
        />
      </div>
      <MatchFields index={index} />
      {targetKind(rule) !== "reject" && <GuardFields index={index} />}
      <WaitFields index={index} />
    </div>
  );
}
