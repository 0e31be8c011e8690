/** Where tokens and dollars went in the last run. */
import { useEffect, useMemo, useState } from "react";
import { ToggleButton, ToggleButtonGroup } from "react-aria-components";
import type { ScenarioDocument } from "../../../shared/contract/common.ts";
import type { FlowReply } from "../../../shared/contract/insightMethods.ts";
import { formatTokens, formatUsd } from "../../../shared/reports/formatters.ts";
import { FlowChart } from "../../charts/FlowChart.tsx";
import { type OptionStyle, optionStyles } from "../../charts/optionStyles.ts";
import { useEditing } from "../../components/editing.tsx";
import { useApp, useLive } from "../../components/useApp.ts";
import { newJob } from "../../state/jobNames.ts";
import { type FlowMeasure, flowLinks, flowSentence } from "./flowLinks.ts";

interface ShownFlow {
  readonly flow: FlowReply;
  readonly of: ScenarioDocument;
}

/** The flow of the newest answer; the one before stays until it is there. An edit drops the question: its own answer comes first. */
function useFlow(): ShownFlow | undefined {
  const app = useApp();
  const { scenario } = useEditing();
  const answered = useLive(scenario, (state) => state.answered);
  const [shown, setShown] = useState<ShownFlow>();
  const isCurrent = answered === scenario.document.document;
  useEffect(() => {
    if (answered === undefined || !isCurrent) return;
    const job = newJob("flow");
    let isWanted = true;
    void app.client
      .call("run.flow", { job, run: { document: answered } })
      .then((flow) => {
        if (isWanted) setShown({ flow, of: answered });
      })
      .catch(() => undefined);
    return () => {
      isWanted = false;
      void app.client.call("job.cancel", { job });
    };
  }, [app, answered, isCurrent]);
  return shown;
}

const formats = { tokens: formatTokens, dollars: formatUsd } as const;
const titles = {
  tokens: "Tokens of the run, from classes to where they were served",
  dollars: "Dollars of a month, from classes to who is paid",
} as const;

function MeasureChoice(props: {
  readonly measure: FlowMeasure;
  onChoose(measure: FlowMeasure): void;
}) {
  return (
    <ToggleButtonGroup
      aria-label="What flows"
      className="toggles"
      disallowEmptySelection
      selectedKeys={[props.measure]}
      onSelectionChange={(keys) => {
        const [chosen] = keys;
        props.onChoose(chosen as FlowMeasure);
      }}
    >
      {(["tokens", "dollars"] as const).map((each) => (
        <ToggleButton key={each} id={each} className="toggle">
          {each}
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  );
}

export function FlowPicture() {
  const { scenario, input } = useEditing();
  const shown = useFlow();
  const hasError = useLive(scenario, ({ error }) => error !== undefined);
  const document = scenario.document.document;
  const [measure, setMeasure] = useState<FlowMeasure>("tokens");
  const pools = (input.pools ?? []).map(({ id }) => id).join("\n");
  const providers = (input.providers ?? []).map(({ id }) => id).join("\n");
  const styleOf = useMemo(() => {
    const own = new Set(pools.split("\n"));
    const api = new Set(providers.split("\n"));
    return (destination: string): OptionStyle =>
      optionStyles[own.has(destination) ? "own" : api.has(destination) ? "api" : "other"];
  }, [pools, providers]);
  const links = useMemo(
    () => (shown === undefined ? [] : flowLinks(shown.flow, measure)),
    [shown, measure],
  );
  const empty =
    shown === undefined
      ? hasError
        ? "There is no run of the scenario as it stands."
        : "The last run is being added up."
      : links.some(({ value }) => value > 0)
        ? undefined
        : "Nothing was served in the last run.";
  return (
    <section
      className="flow-part"
      aria-label="Flow of the last run"
      data-old={shown !== undefined && shown.of !== document}
    >
      <div className="row spread">
        <h2>Where it went in the last run</h2>
        <MeasureChoice measure={measure} onChoose={setMeasure} />
      </div>
      <FlowChart
        title={titles[measure]}
        summary={shown === undefined ? "" : flowSentence(shown.flow, measure)}
        {...(empty !== undefined && { empty })}
        links={links}
        styleOf={styleOf}
        what={measure}
        format={formats[measure]}
      />
    </section>
  );
}
