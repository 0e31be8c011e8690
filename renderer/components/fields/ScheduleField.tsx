/** When something is on: always, or at hours of certain days. */
import { Button, Group } from "react-aria-components";
import type { Draft } from "../editing.tsx";
import { useEditing } from "../editing.tsx";
import { ChoiceField } from "./ChoiceField.tsx";
import { MultiChoice } from "./MultiChoice.tsx";
import { TextEntry } from "./TextEntry.tsx";

type Pool = NonNullable<Draft["pools"]>[number];
export type ScheduleInput = NonNullable<Pool["schedule"]>;
export type HoursInput = Extract<ScheduleInput, { kind: "hours" }>["hours"][number];

const days = [
  { id: "monday", name: "Mo" },
  { id: "tuesday", name: "Tu" },
  { id: "wednesday", name: "We" },
  { id: "thursday", name: "Th" },
  { id: "friday", name: "Fr" },
  { id: "saturday", name: "Sa" },
  { id: "sunday", name: "Su" },
];

interface HoursFieldProps {
  readonly hours: HoursInput;
  readonly field: string;
  /** Said before "from": what the hours are of. */
  readonly name: string;
  onChange(recipe: (hours: HoursInput) => void): void;
}

/** One interval of the day: from, to, days. */
export function HoursField({ hours, field, name, onChange }: HoursFieldProps) {
  return (
    <Group className="hours" aria-label={name}>
      <TextEntry
        label="From"
        isMono
        value={hours.from}
        field={`${field}.from`}
        onChange={(from) => onChange((own) => Object.assign(own, { from }))}
      />
      <TextEntry
        label="To"
        isMono
        value={hours.to}
        field={`${field}.to`}
        onChange={(to) => onChange((own) => Object.assign(own, { to }))}
      />
      <MultiChoice
        label="Days"
        name={`Days, ${name}`}
        values={hours.days ?? days.map(({ id }) => id)}
        choices={days}
        field={`${field}.days`}
        onChange={(chosen) =>
          onChange((own) => {
            if (chosen.length === 0 || chosen.length === days.length) delete own.days;
            else own.days = chosen as NonNullable<HoursInput["days"]>;
          })
        }
      />
    </Group>
  );
}

interface HoursListProps {
  readonly list: readonly HoursInput[];
  readonly field: string;
  readonly name: string;
  /** Changes the list; `what` names the step. */
  onChange(what: string, recipe: (list: HoursInput[]) => void): void;
}

/** Several intervals; at least one stays. */
export function HoursList({ list, field, name, onChange }: HoursListProps) {
  return (
    <div className="hours-list" data-field={field}>
      {list.map((hours, i) => (
        <div className="hours-row" key={i}>
          <HoursField
            hours={hours}
            field={`${field}[${i}]`}
            name={`${name}, interval ${i + 1}`}
            onChange={(recipe) => onChange("change", (own) => recipe(own[i]))}
          />
          {list.length > 1 && (
            <Button
              className="button small quiet"
              onPress={() => onChange("remove", (own) => void own.splice(i, 1))}
            >
              Remove
            </Button>
          )}
        </div>
      ))}
      <Button
        className="button small quiet"
        onPress={() => onChange("add", (own) => void own.push({ from: "08:00", to: "18:00" }))}
      >
        Add hours
      </Button>
    </div>
  );
}

interface ScheduleFieldProps {
  readonly schedule: ScheduleInput | undefined;
  readonly field: string;
  /** Of what: "own-h100". */
  readonly of: string;
  /** Puts the schedule of a draft in place. */
  change(
    draft: Draft,
    recipe: (schedule: ScheduleInput | undefined) => ScheduleInput | undefined,
  ): void;
}

/** Always on, or hours; what is off is not billed. */
export function ScheduleField({ schedule, field, of, change }: ScheduleFieldProps) {
  const { edit } = useEditing();
  const kind = schedule?.kind ?? "always";
  return (
    <div className="stack">
      <ChoiceField
        label="On"
        value={kind}
        field={field}
        choices={[
          { id: "always", name: "always" },
          { id: "hours", name: "at certain hours", note: "billed for these hours only" },
        ]}
        onChange={(chosen) =>
          edit(`change the hours of ${of}`, (draft) =>
            change(draft, () =>
              chosen === "always"
                ? { kind: "always" }
                : { kind: "hours", hours: [{ from: "08:00", to: "20:00" }] },
            ),
          )
        }
      />
      {schedule?.kind === "hours" && (
        <HoursList
          list={schedule.hours}
          field={`${field}.hours`}
          name={`Hours of ${of}`}
          onChange={(what, recipe) =>
            edit(
              `${what} hours of ${of}`,
              (draft) =>
                change(draft, (own) => {
                  if (own?.kind === "hours") recipe(own.hours);
                  return own;
                }),
              what === "change" ? `${field}.hours` : undefined,
            )
          }
        />
      )}
    </div>
  );
}
