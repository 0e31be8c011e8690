/** Cost of a month, $ per million tokens, share of requests within their targets: each with its interval and how it moved. */
import { Button } from "react-aria-components";
import type { ReplicatedFigure, RunReport } from "../../../shared/planning/runReport.ts";
import { formatPercent, formatUsd } from "../../../shared/reports/formatters.ts";
import { keepUnits } from "../../charts/keepUnits.ts";
import { useApp, useWindow } from "../../components/useApp.ts";
import { type AnswerBaseline, answerBaseline } from "../../state/answerBaseline.ts";
import type { OpenScenario } from "../../state/appState.ts";
import { changeText, pointsText } from "../results/answerTexts.ts";

interface FiguresProps {
  readonly scenario: OpenScenario;
  readonly report: RunReport;
  readonly baseline: AnswerBaseline | undefined;
}

/** What the answer of a scenario is held against, as things stand. */
export function useBaseline(
  scenario: OpenScenario,
  live: { readonly pinned: RunReport | undefined; readonly before: RunReport | undefined },
): AnswerBaseline | undefined {
  const { id } = scenario.document.store.getState();
  const other = useWindow(({ scenarios, settings }) =>
    settings.baselineScenario === id
      ? undefined
      : scenarios.find((each) => each.id === settings.baselineScenario),
  );
  return answerBaseline(live.pinned, other, live.before);
}

interface AnswerFigureProps {
  readonly scenario: OpenScenario;
  readonly label: string;
  readonly value: string;
  /** Path of the figure. */
  readonly figure: string;
  readonly spread: string | undefined;
  readonly note?: string | undefined;
  /** How it moved; its line is kept free where it did not. */
  readonly change: string | undefined;
  readonly testId?: string;
}

function AnswerFigure(props: AnswerFigureProps) {
  const { scenario, label, value, figure, spread, note, change, testId } = props;
  return (
    <div className="figure">
      <dt>{label}</dt>
      <dd>
        <Button
          className="figure-button"
          aria-label={`${label}: ${value}. Where it comes from`}
          onPress={() => scenario.explained.show(figure)}
        >
          <span className="figure-value" data-testid={testId}>
            {value}
          </span>
        </Button>
        {spread !== undefined && <span className="figure-spread"> {spread}</span>}
        {note !== undefined && <span className="figure-note">{note}</span>}
        <span className="figure-note figure-change">{change}</span>
      </dd>
    </div>
  );
}

/** "± 1.2 %" of a figure over runs with other draws; undefined before there are any, or where it does not spread. */
function spreadText(figure: ReplicatedFigure | undefined, format: (value: number) => string) {
  if (figure === undefined || figure.halfWidth95 === null || figure.halfWidth95 === 0)
    return undefined;
  return `± ${format(figure.halfWidth95)}`;
}

function useChanges(report: RunReport, baseline: AnswerBaseline | undefined) {
  const by = baseline?.kind === "lastEdit" ? " by the last edit" : "";
  const told = (text: string | undefined): string | undefined =>
    text === undefined ? undefined : keepUnits(`${text}${by}`);
  const { cost, sloAttainment } = report;
  const { monthUsd = null, usdPerMTok = null, sloAttainment: slo = null } = baseline ?? {};
  return {
    month: told(changeText(monthUsd, cost.monthUsd, formatUsd)),
    perMTok: told(changeText(usdPerMTok, cost.usdPerMTokReservation, formatUsd)),
    slo: told(pointsText(slo, sloAttainment.all)),
  };
}

export function AnswerFigures({ scenario, report, baseline }: FiguresProps) {
  const { cost, sloAttainment, replications } = report;
  const perMTok = cost.usdPerMTokReservation;
  const usage = cost.usdPerMTokUsage;
  const spread = replications?.figures ?? {};
  const changes = useChanges(report, baseline);
  const isIdleDear = usage !== null && perMTok !== null && formatUsd(usage) !== formatUsd(perMTok);
  return (
    <dl className="answer-figures">
      <AnswerFigure
        {...{ scenario, label: "A month", value: formatUsd(cost.monthUsd), figure: "cost/month" }}
        spread={spreadText(spread.monthUsd, formatUsd)}
        note={
          cost.idleMonthUsd > 0 ? `${formatUsd(cost.idleMonthUsd)} of it idle hours` : undefined
        }
        change={changes.month}
        testId="month-usd"
      />
      <AnswerFigure
        {...{ scenario, label: "Per million tokens", figure: "cost/perMTok" }}
        value={perMTok === null ? "-" : formatUsd(perMTok)}
        spread={spreadText(spread.usdPerMTokReservation, formatUsd)}
        note={isIdleDear ? `${formatUsd(usage)} without idle hours` : undefined}
        change={changes.perMTok}
      />
      <AnswerFigure
        {...{ scenario, label: "Requests within all targets", figure: "slo/all" }}
        value={sloAttainment.all === null ? "-" : formatPercent(sloAttainment.all)}
        spread={spreadText(spread.sloAttainment, formatPercent)}
        change={changes.slo}
      />
    </dl>
  );
}

/** Which baseline the changes are against, and the press that pins this answer or takes the pin out. */
export function BaselineLine({ scenario, baseline }: Omit<FiguresProps, "report">) {
  const app = useApp();
  const isPinned = baseline?.kind === "pinned";
  return (
    <p className="baseline-line">
      {isPinned &&
        `Changes are against the pinned answer, ${formatUsd(baseline.monthUsd)} a month. `}
      {baseline?.kind === "scenario" &&
        `Changes are against "${baseline.name}", the pinned baseline. `}
      <Button className="link" onPress={() => scenario.live.pin(!isPinned)}>
        {isPinned ? "Unpin" : "Pin this answer"}
      </Button>
      {baseline?.kind === "scenario" && (
        <>
          {" "}
          <Button className="link" onPress={() => void app.set({ baselineScenario: null })}>
            Unpin the baseline
          </Button>
        </>
      )}
    </p>
  );
}
