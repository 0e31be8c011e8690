/** Traffic that is made up: when requests come, how long they are, or clients that wait for their answers. */
import type { ReactNode } from "react";
import { Button } from "react-aria-components";
import { formatNumber, formatSeconds } from "../../../shared/reports/formatters.ts";
import { type Draft, useEditing } from "../../components/editing.tsx";
import { AmountField } from "../../components/fields/AmountField.tsx";
import { ChoiceField } from "../../components/fields/ChoiceField.tsx";
import { curveOfWeek, weekOfCurve } from "../../state/rateCurve.ts";
import { type Arrivals, shapeWeights, weekHours } from "../../state/weekWeights.ts";
import { CurveEditor } from "./CurveEditor.tsx";
import { LengthFields } from "./LengthFields.tsx";
import type { ClosedLoopInput, SyntheticInput } from "./sources.ts";
import { startHour } from "./startClock.ts";
import { WeekEditor } from "./WeekEditor.tsx";

const processes = [
  { id: "poisson", name: "at a steady rate", note: "each knows nothing of the others" },
  { id: "gamma", name: "in bursts or evenly", note: "a steady rate, gaps of your own spread" },
  { id: "weekly", name: "by the hours of a week", note: "drawn below" },
  { id: "curve", name: "by a curve", note: "a rate for each window, drawn or pasted below" },
] as const;

/** Requests per second of a process on average. */
function meanRps(arrivals: Arrivals): number {
  if (arrivals.process === "weekly") return arrivals.meanRps;
  if (arrivals.process !== "curve") return arrivals.rateRps;
  const { ratesRps } = arrivals;
  return ratesRps.reduce((sum, rate) => sum + rate, 0) / Math.max(1, ratesRps.length);
}

/** Another process with the same mean rate; between a week and its hours as a curve nothing else changes either. */
function changed(arrivals: Arrivals, process: string, startHour: number): Arrivals {
  if (process === "curve" && arrivals.process === "weekly") return curveOfWeek(arrivals, startHour);
  if (process === "weekly" && arrivals.process === "curve") return weekOfCurve(arrivals, startHour);
  const rateRps = meanRps(arrivals) || 1;
  const cv = arrivals.process === "poisson" ? 1 : (arrivals.cv ?? 1);
  if (process === "weekly") {
    const hourWeights = shapeWeights("office");
    return { process, meanRps: rateRps, cv, hourWeights, dayWeights: [1, 1, 1, 1, 1, 1, 1] };
  }
  if (process === "curve") {
    return { process, windowS: 3600, ratesRps: new Array<number>(curveHours).fill(rateRps), cv };
  }
  return process === "gamma" ? { process, rateRps, cv } : { process: "poisson", rateRps };
}

/** Hours of a curve that begins flat: a day. */
const curveHours = weekHours / 7;

interface SyntheticProps {
  readonly source: SyntheticInput;
  readonly index: number;
}

type SetArrivals = (name: string, recipe: (arrivals: Arrivals) => Arrivals, key: string) => void;

interface ArrivalProps {
  readonly arrivals: Arrivals;
  readonly field: string;
  readonly set: SetArrivals;
}

/** The process, its rate and its burstiness. */
function ArrivalFields({ arrivals, field, set }: ArrivalProps) {
  const { input } = useEditing();
  const rateKey = arrivals.process === "weekly" ? "meanRps" : "rateRps";
  const changeTo = (key: string, value: number): Arrivals =>
    ({ ...arrivals, [key]: value }) as Arrivals;
  return (
    <>
      <ChoiceField
        label="Requests come"
        value={arrivals.process}
        field={`${field}.process`}
        choices={processes}
        onChange={(process) =>
          set(
            "change how requests come",
            (before) => changed(before, process, startHour(input.clock)),
            "process",
          )
        }
      />
      {arrivals.process !== "curve" && (
        <AmountField
          label="Rate"
          unit="requests/s"
          value={meanRps(arrivals)}
          field={`${field}.${rateKey}`}
          min={0.000001}
          onChange={(rate) => {
            if (rate !== undefined) set("change the rate", () => changeTo(rateKey, rate), rateKey);
          }}
        />
      )}
      {arrivals.process !== "poisson" && (
        <AmountField
          label="Spread of gaps"
          unit="× their mean"
          value={arrivals.cv}
          field={`${field}.cv`}
          fallback={1}
          min={0.01}
          max={50}
          onChange={(cv) => set("change the burstiness", () => changeTo("cv", cv ?? 1), "cv")}
        />
      )}
    </>
  );
}

/** When traffic ends that is given no duration, as the field shows it. */
function endWithout({ arrivals, requests }: SyntheticInput): string {
  if (requests !== undefined) return "until all came";
  if (arrivals.process === "curve") return "the whole curve";
  return arrivals.process === "weekly" ? "one week" : "no end";
}

/** What a duration of its own makes of the curve. */
function CurveLength(props: { readonly lastsS: number; readonly curveS: number; onWhole(): void }) {
  const { lastsS, curveS } = props;
  if (lastsS === curveS) return null;
  const times = formatNumber(lastsS / curveS);
  return (
    <p className="part-words">
      {lastsS < curveS
        ? `Traffic lasts ${formatSeconds(lastsS)}, so the curve is not played to its end after ${formatSeconds(curveS)}.`
        : `Traffic lasts ${formatSeconds(lastsS)}: the curve is played ${times} times.`}{" "}
      <Button className="link" onPress={props.onWhole}>
        Play it once, whole
      </Button>
    </p>
  );
}

export function SyntheticFields({ source, index }: SyntheticProps) {
  const { edit } = useEditing();
  const field = `traffic.sources[${index}]`;
  const own = (draft: Draft): SyntheticInput => draft.traffic.sources[index] as SyntheticInput;
  const { arrivals } = source;
  const setArrivals: SetArrivals = (name, recipe, key) =>
    edit(
      name,
      (draft) => {
        own(draft).arrivals = recipe(own(draft).arrivals);
      },
      `${field}.arrivals.${key}`,
    );
  return (
    <>
      <div className="field-grid">
        <ArrivalFields arrivals={arrivals} field={`${field}.arrivals`} set={setArrivals} />
        <AmountField
          label="For"
          unit="h"
          value={source.durationS}
          scale={1 / 3600}
          field={`${field}.durationS`}
          fallback={endWithout(source)}
          min={0}
          onChange={(durationS) => setSize(edit, own, "durationS", durationS, field)}
        />
        <AmountField
          label="At most"
          unit="requests"
          value={source.requests}
          field={`${field}.requests`}
          fallback="no limit"
          min={1}
          step={1}
          onChange={(requests) => setSize(edit, own, "requests", requests, field)}
        />
      </div>
      {arrivals.process === "weekly" && (
        <WeekEditor
          arrivals={arrivals}
          field={`${field}.arrivals`}
          onChange={(next, name, key) => setArrivals(name, () => next, key)}
        />
      )}
      {arrivals.process === "curve" && (
        <CurveEditor
          curve={arrivals}
          field={`${field}.arrivals`}
          onChange={(next, name, key) => setArrivals(name, () => next, key)}
        />
      )}
      {arrivals.process === "curve" && source.durationS !== undefined && (
        <CurveLength
          lastsS={source.durationS}
          curveS={arrivals.windowS * arrivals.ratesRps.length}
          onWhole={() => setSize(edit, own, "durationS", undefined, field)}
        />
      )}
      <LengthFields index={index} lengths={source.lengths} />
    </>
  );
}

function setSize(
  edit: (name: string, recipe: (draft: Draft) => void, key?: string) => void,
  own: (draft: Draft) => SyntheticInput,
  key: "durationS" | "requests",
  value: number | undefined,
  field: string,
): void {
  edit(
    key === "durationS" ? "change how long traffic lasts" : "change the number of requests",
    (draft) => {
      if (value === undefined) delete own(draft)[key];
      else own(draft)[key] = value;
    },
    `${field}.${key}`,
  );
}

interface ClosedLoopProps {
  readonly source: ClosedLoopInput;
  readonly index: number;
}

export function ClosedLoopFields({ source, index }: ClosedLoopProps): ReactNode {
  const { edit } = useEditing();
  const field = `traffic.sources[${index}]`;
  const set = (key: "clients" | "requests" | "staggerS", value: number | undefined): void =>
    edit(
      `change ${key === "staggerS" ? "the start" : `the number of ${key}`} of ${source.id}`,
      (draft) => {
        const own = draft.traffic.sources[index] as ClosedLoopInput;
        if (value === undefined && key === "staggerS") delete own.staggerS;
        else if (value !== undefined) own[key] = value;
      },
      `${field}.${key}`,
    );
  return (
    <>
      <div className="field-grid">
        <AmountField
          label="Clients"
          value={source.clients}
          field={`${field}.clients`}
          min={1}
          step={1}
          hasSteppers
          onChange={(value) => set("clients", value)}
        />
        <AmountField
          label="Requests of all"
          value={source.requests}
          field={`${field}.requests`}
          min={1}
          step={1}
          onChange={(value) => set("requests", value)}
        />
        <AmountField
          label="Clients start within"
          unit="s"
          value={source.staggerS}
          fallback={0}
          field={`${field}.staggerS`}
          min={0}
          onChange={(value) => set("staggerS", value)}
        />
      </div>
      <LengthFields index={index} lengths={source.lengths} />
    </>
  );
}
