/** On which conditions a rule takes a request, and what happens while it waits. */
import { formatGiven } from "../../../shared/reports/formatters.ts";
import { put } from "../../components/editing.tsx";
import { AmountField } from "../../components/fields/AmountField.tsx";
import { HoursField } from "../../components/fields/ScheduleField.tsx";
import { SwitchField } from "../../components/fields/SwitchField.tsx";
import { Term } from "../../components/Term.tsx";
import { inGuards, type RuleProps, useRule } from "./ruleContext.ts";
import { type RuleInput, targetKind } from "./ruleSentence.ts";

type Guards = NonNullable<RuleInput["guards"]>;
type Hold = NonNullable<RuleInput["hold"]>;

interface GuardRow {
  readonly key:
    | "maxWaiting"
    | "maxEstimatedWaitS"
    | "maxKvUsage"
    | "maxRunningShare"
    | "monthlyBudgetUsd";
  readonly label: string;
  readonly unit: string;
  readonly scale?: number;
  readonly of: "own" | "api";
}

const guardRows: readonly GuardRow[] = [
  { key: "maxWaiting", label: "Waiting, at most", unit: "per replica", of: "own" },
  { key: "maxEstimatedWaitS", label: "Estimated wait, at most", unit: "s", of: "own" },
  { key: "maxKvUsage", label: "KV cache full, at most", unit: "%", scale: 100, of: "own" },
  { key: "maxRunningShare", label: "Places taken, at most", unit: "%", scale: 100, of: "own" },
  { key: "monthlyBudgetUsd", label: "Budget", unit: "$ a month", of: "api" },
];

/** Guards that work at the rule's target, and those that are set though they do not. */
export function GuardFields({ index }: RuleProps) {
  const { rule, field, change } = useRule(index);
  const guards: Guards = rule.guards ?? {};
  const kind = targetKind(rule);
  const shown = guardRows.filter(({ key, of }) => of === kind || guards[key] !== undefined);
  return (
    <fieldset className="rule-part">
      <legend>Only while</legend>
      <div className="field-grid">
        {shown.map(({ key, label, unit, scale }) => (
          <AmountField
            key={key}
            label={label}
            unit={unit}
            {...(scale !== undefined && { scale })}
            value={guards[key]}
            field={`${field}.guards.${key}`}
            fallback="no limit"
            min={0}
            onChange={(value) =>
              change(
                label.toLowerCase(),
                inGuards((own) => put(own, key, value)),
                `guards.${key}`,
              )
            }
          />
        ))}
      </div>
      {(kind === "api" || guards.withinProviderLimits !== undefined) && (
        <SwitchField
          value={guards.withinProviderLimits ?? false}
          field={`${field}.guards.withinProviderLimits`}
          onChange={(isOn) =>
            change(
              "the guard on limits",
              inGuards((own) => put(own, "withinProviderLimits", isOn ? true : undefined)),
            )
          }
        >
          Only within the provider's limits
        </SwitchField>
      )}
    </fieldset>
  );
}

function inHold(recipe: (hold: Hold) => void): (rule: RuleInput) => void {
  return (rule) => recipe(rule.hold!);
}

/** When held work is released. */
function ReleaseFields({ index, hold }: RuleProps & { readonly hold: Hold }) {
  const { field, change } = useRule(index);
  return (
    <div className="field-grid">
      <AmountField
        label="Released while places taken below"
        unit="%"
        scale={100}
        value={hold.whenRunningBelow}
        field={`${field}.hold.whenRunningBelow`}
        fallback="not by load"
        onChange={(value) =>
          change(
            "the hold",
            inHold((own) => put(own, "whenRunningBelow", value)),
            "hold.below",
          )
        }
      />
      <AmountField
        label="Released before its deadline by"
        unit="min"
        scale={1 / 60}
        value={hold.releaseBeforeDeadlineS}
        field={`${field}.hold.releaseBeforeDeadlineS`}
        fallback={formatGiven(1800 / 60)}
        onChange={(value) =>
          change(
            "the hold",
            inHold((own) => put(own, "releaseBeforeDeadlineS", value)),
            "hold.release",
          )
        }
      />
      <SwitchField
        value={hold.window !== undefined}
        onChange={(isOn) =>
          change(
            "the hold",
            inHold((own) => put(own, "window", isOn ? { from: "22:00", to: "06:00" } : undefined)),
          )
        }
      >
        Released in a window
      </SwitchField>
    </div>
  );
}

function HoldFields({ index }: RuleProps) {
  const { rule, field, change } = useRule(index);
  const { hold } = rule;
  return (
    <>
      <SwitchField
        value={hold !== undefined}
        field={`${field}.hold`}
        onChange={(isOn) =>
          change("the hold", (own) =>
            put(own, "hold", isOn ? { window: { from: "22:00", to: "06:00" } } : undefined),
          )
        }
      >
        Hold this work until GPUs are idle or a window opens
      </SwitchField>
      {hold !== undefined && <ReleaseFields index={index} hold={hold} />}
      {hold?.window !== undefined && (
        <HoursField
          hours={hold.window}
          field={`${field}.hold.window`}
          name={`Window of ${rule.id}`}
          onChange={(recipe) =>
            change(
              "the window",
              inHold((own) => recipe(own.window!)),
              "hold.window",
            )
          }
        />
      )}
    </>
  );
}

/** What only a pool can do: let requests wait, and hold them. */
export function WaitFields({ index }: RuleProps) {
  const { rule, field, change } = useRule(index);
  if (targetKind(rule) !== "own" && rule.spillAfterS === undefined && rule.hold === undefined) {
    return null;
  }
  return (
    <fieldset className="rule-part">
      <legend>
        Waiting and <Term word="spill" />
      </legend>
      <div className="field-grid">
        <AmountField
          label="Goes on after waiting"
          unit="s"
          value={rule.spillAfterS}
          field={`${field}.spillAfterS`}
          fallback="never"
          onChange={(value) =>
            change("the spill", (own) => put(own, "spillAfterS", value), "spillAfterS")
          }
        />
      </div>
      <HoldFields index={index} />
    </fieldset>
  );
}
