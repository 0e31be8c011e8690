/** A week of arrivals drawn by hand: 168 hours, as a drawing, hour by hour as figures, as a table. */
import { useState } from "react";
import { Button } from "react-aria-components";
import { formatNumber, formatPercent } from "../../../shared/reports/formatters.ts";
import { DataTable } from "../../components/DataTable.tsx";
import { AmountField } from "../../components/fields/AmountField.tsx";
import { More } from "../../components/More.tsx";
import {
  type Arrivals,
  copyDay,
  dayNames,
  hourName,
  shapeWeights,
  stroke,
  weekHours,
  weekSentence,
  weekShapes,
  weightsOf,
  withWeights,
} from "../../state/weekWeights.ts";
import { DrawBoard } from "./DrawBoard.tsx";

type Weekly = Extract<Arrivals, { process: "weekly" }>;

interface WeekEditorProps {
  readonly arrivals: Weekly;
  readonly field: string;
  /** The new process, the step's name, and what joins it to the step before. */
  onChange(arrivals: Weekly, name: string, key: string): void;
}

type WriteWeek = (weights: readonly number[], name: string, key: string) => void;

interface WeekToolsProps {
  readonly weights: readonly number[];
  /** The day in hand, 0 for Monday. */
  readonly day: number;
  readonly write: WriteWeek;
}

/** Shapes to begin from, and one day's hours for others. */
function WeekTools({ weights, day, write }: WeekToolsProps) {
  const alike = day < 5 ? [0, 1, 2, 3, 4] : [5, 6];
  return (
    <div className="row">
      {weekShapes.map(({ id, name }) => (
        <Button
          key={id}
          className="button small"
          onPress={() => write(shapeWeights(id), `draw ${name.toLowerCase()}`, `shape ${id}`)}
        >
          {name}
        </Button>
      ))}
      <Button
        className="button small"
        onPress={() => write(copyDay(weights, day, alike), "copy a day", "copy")}
      >
        {dayNames[day]} on {day < 5 ? "all weekdays" : "both days of the weekend"}
      </Button>
      <Button
        className="button small"
        onPress={() =>
          write(copyDay(weights, day, [0, 1, 2, 3, 4, 5, 6]), "copy a day", "copy all")
        }
      >
        {dayNames[day]} on all days
      </Button>
    </div>
  );
}

/** The drawing as figures: an hour a row, a day a column. */
function WeekTable({ rates }: { readonly rates: readonly number[] }) {
  return (
    <More title="Hours as a table" summary="requests a second by hour and day">
      <DataTable
        caption="Requests a second by hour and day"
        columns={[{ heading: "From" }, ...dayNames.map((heading) => ({ heading, isFigure: true }))]}
        rows={Array.from({ length: 24 }, (_, hour) => [
          `${String(hour).padStart(2, "0")}:00`,
          ...dayNames.map((_, day) => formatNumber(rates[day * 24 + hour])),
        ])}
      />
    </More>
  );
}

export function WeekEditor({ arrivals, field, onChange }: WeekEditorProps) {
  const weights = weightsOf(arrivals);
  const [hour, setHour] = useState(9);
  const write: WriteWeek = (next, name, key) => onChange(withWeights(arrivals, next), name, key);
  const set = (at: number, weight: number, key: string): void =>
    write(stroke(weights, { hour: at, weight }, { hour: at, weight }), "draw the week", key);
  const sum = weights.reduce((all, weight) => all + weight, 0);
  const rates = weights.map((weight) =>
    sum > 0 ? (weight * weekHours * arrivals.meanRps) / sum : 0,
  );
  const rateText = `${formatNumber(rates[hour])} requests a second`;
  return (
    <figure className="week" data-field={field}>
      <figcaption>{weekSentence(weights, arrivals.meanRps, formatNumber)}</figcaption>
      <DrawBoard
        label="Weight of each hour of the week"
        valueText={`${hourName(hour)}: ${formatPercent(weights[hour])} of the busiest hour, ${rateText}`}
        heights={weights}
        at={hour}
        page={24}
        rules={[24, 48, 72, 96, 120, 144]}
        topText={`${formatNumber(Math.max(...rates))} requests/s`}
        onMove={setHour}
        onStroke={(from, to, key) =>
          write(
            stroke(
              weights,
              { hour: from.at, weight: from.height },
              { hour: to.at, weight: to.height },
            ),
            "draw the week",
            key,
          )
        }
      />
      <div className="week-days" aria-hidden="true">
        {dayNames.map((name) => (
          <span key={name}>{name}</span>
        ))}
      </div>
      <div className="draw-hand">
        <AmountField
          label={hourName(hour)}
          name={`Weight of ${hourName(hour)}`}
          unit="% of the busiest hour"
          scale={100}
          value={weights[hour]}
          min={0}
          max={100}
          onChange={(weight) => set(hour, weight ?? 0, `typed ${hour}`)}
        />
        <p className="part-words">
          {rateText}. Draw with the pointer; or choose an hour with ← and →, change it with ↑ and ↓,
          hold Shift to carry it on.
        </p>
      </div>
      <WeekTools weights={weights} day={Math.floor(hour / 24)} write={write} />
      <WeekTable rates={rates} />
    </figure>
  );
}
