/** A week of arrivals drawn by hand: 168 hours, with the pointer in strokes, with the keys hour by hour. */
import { type KeyboardEvent, type PointerEvent, useRef, useState } from "react";
import { Button } from "react-aria-components";
import { formatNumber, formatPercent } from "../../../shared/reports/formatters.ts";
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

type Weekly = Extract<Arrivals, { process: "weekly" }>;

interface WeekEditorProps {
  readonly arrivals: Weekly;
  /** The new process, the step's name, and what joins it to the step before. */
  onChange(arrivals: Weekly, name: string, key: string): void;
}

const width = 1008;
const height = 150;
const hourWidth = width / weekHours;

interface Spot {
  readonly hour: number;
  readonly weight: number;
}

function spotOf(event: PointerEvent<HTMLElement>): Spot {
  const box = event.currentTarget.getBoundingClientRect();
  const hour = Math.floor(((event.clientX - box.left) / box.width) * weekHours);
  const weight = 1 - (event.clientY - box.top) / box.height;
  return {
    hour: Math.min(weekHours - 1, Math.max(0, hour)),
    weight: Math.min(1, Math.max(0, weight)),
  };
}

const hourSteps: Readonly<Record<string, number>> = {
  ...{ ArrowLeft: -1, ArrowRight: 1, PageUp: -24, PageDown: 24 },
};
const weightSteps: Readonly<Record<string, number>> = { ArrowUp: 0.05, ArrowDown: -0.05 };

function Bars({ weights, hour }: { readonly weights: readonly number[]; readonly hour: number }) {
  return (
    <svg
      className="week-bars"
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      {weights.map((weight, i) => (
        <rect
          key={i}
          className={i === hour ? "week-bar current" : "week-bar"}
          x={i * hourWidth + 0.5}
          width={hourWidth - 1}
          y={height - Math.max(1, weight * height)}
          height={Math.max(1, weight * height)}
        />
      ))}
      {dayNames.slice(1).map((name, i) => (
        <line
          key={name}
          className="axis-line"
          x1={(i + 1) * 24 * hourWidth}
          x2={(i + 1) * 24 * hourWidth}
          y2={height}
        />
      ))}
    </svg>
  );
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

/** The hour in hand, and how pointer and keys draw. */
function useDrawing(weights: readonly number[], write: WriteWeek) {
  const [hour, setHour] = useState(9);
  const last = useRef<Spot>(undefined);
  const strokes = useRef(0);
  const draw = (from: Spot, to: Spot, key: string): void =>
    write(stroke(weights, from, to), "draw the week", key);
  const move = (event: PointerEvent<HTMLElement>): void => {
    const from = last.current;
    if (from === undefined) return;
    const spot = spotOf(event);
    draw(from, spot, `stroke ${strokes.current}`);
    last.current = spot;
    setHour(spot.hour);
  };
  const begin = (event: PointerEvent<HTMLElement>): void => {
    event.currentTarget.setPointerCapture(event.pointerId);
    strokes.current++;
    last.current = spotOf(event);
    move(event);
  };
  const end = (): void => {
    last.current = undefined;
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = weightSteps[event.key];
    const by = hourSteps[event.key];
    const weight = weights[hour];
    if (step !== undefined) {
      draw({ hour, weight: weight + step }, { hour, weight: weight + step }, `key ${hour}`);
    } else if (by !== undefined) {
      const next = (hour + by + weekHours) % weekHours;
      if (event.shiftKey) draw({ hour: next, weight }, { hour: next, weight }, "keys");
      setHour(next);
    } else if (event.key === "Home" || event.key === "End") {
      setHour(event.key === "Home" ? 0 : weekHours - 1);
    } else return;
    event.preventDefault();
  };
  return { hour, begin, move, end, onKeyDown };
}

export function WeekEditor({ arrivals, onChange }: WeekEditorProps) {
  const weights = weightsOf(arrivals);
  const write: WriteWeek = (next, name, key) => onChange(withWeights(arrivals, next), name, key);
  const { hour, begin, move, end, onKeyDown } = useDrawing(weights, write);
  const sum = weights.reduce((all, weight) => all + weight, 0);
  const rate = sum > 0 ? (weights[hour] * weekHours * arrivals.meanRps) / sum : 0;
  return (
    <figure className="week">
      <figcaption>{weekSentence(weights, arrivals.meanRps, formatNumber)}</figcaption>
      <div
        className="week-board"
        role="slider"
        tabIndex={0}
        aria-label="Weight of each hour of the week"
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(weights[hour] * 100)}
        aria-valuetext={`${hourName(hour)}: ${formatPercent(weights[hour])} of the busiest hour, ${formatNumber(rate)} requests a second`}
        onPointerDown={begin}
        onPointerMove={move}
        onPointerUp={end}
        onPointerCancel={end}
        onKeyDown={onKeyDown}
      >
        <Bars weights={weights} hour={hour} />
      </div>
      <div className="week-days" aria-hidden="true">
        {dayNames.map((name) => (
          <span key={name}>{name}</span>
        ))}
      </div>
      <p className="part-words">
        {hourName(hour)}: {formatNumber(rate)} requests a second. Draw with the pointer; or choose
        an hour with ← and →, change it with ↑ and ↓, hold Shift to carry it on.
      </p>
      <WeekTools weights={weights} day={Math.floor(hour / 24)} write={write} />
    </figure>
  );
}
