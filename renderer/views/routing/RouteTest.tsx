/** The test box: what would happen to this request now, rule by rule. */
import { useEffect, useState } from "react";
import { useStore } from "zustand";
import type { RouteTestReply } from "../../../shared/contract/insightMethods.ts";
import type { MethodParams } from "../../../shared/contract/methods.ts";
import { useEditing } from "../../components/editing.tsx";
import { AmountField } from "../../components/fields/AmountField.tsx";
import { ChoiceField } from "../../components/fields/ChoiceField.tsx";
import { SwitchField } from "../../components/fields/SwitchField.tsx";
import { TextEntry } from "../../components/fields/TextEntry.tsx";
import { useApp } from "../../components/useApp.ts";
import { outcomeWords, routeSentence } from "./routeWords.ts";

type RouteParams = MethodParams<"run.routeTest">;
type Request = RouteParams["request"];
type PoolLoad = NonNullable<RouteParams["pools"]>[string];

interface Question {
  readonly request: Request;
  readonly pools: Readonly<Record<string, PoolLoad>>;
  /** By rule, of those with a budget. */
  readonly spentUsd: Readonly<Record<string, number>>;
  readonly limitedProviders: readonly string[];
}

const days = [
  "monday",
  "tuesday",
  "wednesday",
  "thursday",
  "friday",
  "saturday",
  "sunday",
] as const;
const dayChoices = days.map((id) => ({ id, name: id.charAt(0).toUpperCase() + id.slice(1) }));
const marks = { taken: "✓", held: "✓", skipped: "·", refused: "✕", unread: "·" } as const;
const askDelayMs = 100;
/** What the answer says of a class that was chosen, which needs no words. */
const givenNote = "as given";

function asParams({ request, pools, spentUsd, limitedProviders }: Question) {
  return { request, pools, spentUsd, limitedProviders: [...limitedProviders] };
}

/** The answer to a question about the document as it stands; the one before stays until it is there, and while the document has problems. */
function useRoute(question: Question) {
  const app = useApp();
  const { scenario, input } = useEditing();
  const [reply, setReply] = useState<RouteTestReply>();
  const [problem, setProblem] = useState<string>();
  useEffect(() => {
    let isWanted = true;
    const { document } = scenario.document;
    const ask = (): void =>
      void app.client.call("run.routeTest", { document, ...asParams(question) }).then(
        (answer) => {
          if (!isWanted) return;
          setReply(answer);
          setProblem(undefined);
        },
        (error: Error) => {
          if (isWanted) setProblem(error.message);
        },
      );
    const timer = setTimeout(ask, askDelayMs);
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [app, scenario, input, question]);
  return { reply, problem };
}

function RequestFields(props: {
  readonly question: Question;
  set(request: Partial<Request>): void;
}) {
  const { input } = useEditing();
  const { question, set } = props;
  const { request } = question;
  const anyClass = "(by its size and source)";
  return (
    <div className="field-grid">
      <ChoiceField
        label="Class"
        value={request.class ?? anyClass}
        choices={[
          { id: anyClass, name: anyClass },
          ...input.traffic.classes.map(({ id }) => ({ id, name: id })),
        ]}
        onChange={(id) => set({ class: id === anyClass ? undefined : id })}
      />
      <AmountField
        label="Prompt"
        unit="tokens"
        value={request.promptTokens}
        min={0}
        step={100}
        onChange={(promptTokens) => set({ promptTokens: Math.round(promptTokens ?? 0) })}
      />
      <AmountField
        label="Output"
        unit="tokens"
        value={request.outputTokens}
        min={0}
        step={100}
        onChange={(outputTokens) => set({ outputTokens: Math.round(outputTokens ?? 0) })}
      />
      <TextEntry
        label="Tenant"
        value={request.tenant}
        placeholder="none"
        onChange={(tenant) => set({ tenant: tenant === "" ? undefined : tenant })}
      />
      <TextEntry
        label="Tag"
        value={request.tag}
        placeholder="none"
        onChange={(tag) => set({ tag: tag === "" ? undefined : tag })}
      />
      <ChoiceField
        label="Day"
        value={request.weekday}
        choices={dayChoices}
        onChange={(weekday) => set({ weekday: weekday as NonNullable<Request["weekday"]> })}
      />
      <TextEntry label="Time" isMono value={request.time} onChange={(time) => set({ time })} />
    </div>
  );
}

const loadRows = [
  { key: "waitingPerReplica", label: "Waiting", unit: "per replica", scale: 1 },
  { key: "runningShare", label: "Places taken", unit: "%", scale: 100 },
  { key: "kvUsage", label: "KV cache full", unit: "%", scale: 100 },
  { key: "estimatedWaitS", label: "Estimated wait", unit: "s", scale: 1 },
] as const;

function LoadFields(props: {
  readonly question: Question;
  set(pool: string, load: PoolLoad): void;
}) {
  const { input } = useEditing();
  const { question, set } = props;
  return (input.pools ?? []).map(({ id }) => (
    <fieldset className="rule-part" key={id}>
      <legend>How busy {id} is then</legend>
      <div className="field-grid">
        {loadRows.map(({ key, label, unit, scale }) => (
          <AmountField
            key={key}
            label={label}
            unit={unit}
            scale={scale}
            value={question.pools[id]?.[key]}
            fallback={0}
            min={0}
            onChange={(value) => set(id, { ...question.pools[id], [key]: value })}
          />
        ))}
      </div>
    </fieldset>
  ));
}

/** What has been spent, of rules with a budget, and whether limits are reached, of providers that a rule spares then. */
function ProviderFields(props: {
  readonly question: Question;
  set(patch: Partial<Question>): void;
}) {
  const { input } = useEditing();
  const { question, set } = props;
  const { spentUsd, limitedProviders } = question;
  const budgeted = input.rules.filter(({ guards }) => guards?.monthlyBudgetUsd !== undefined);
  const spared = input.rules.flatMap(({ guards, to }) =>
    guards?.withinProviderLimits === true ? [String((to as { provider?: string }).provider)] : [],
  );
  if (budgeted.length === 0 && spared.length === 0) return null;
  return (
    <fieldset className="rule-part">
      <legend>What the APIs have had by then</legend>
      <div className="field-grid">
        {budgeted.map(({ id }) => (
          <AmountField
            key={id}
            label={`Spent by ${id}`}
            unit="$ this month"
            value={spentUsd[id]}
            fallback={0}
            min={0}
            onChange={(usd) => set({ spentUsd: { ...spentUsd, [id]: usd ?? 0 } })}
          />
        ))}
        {[...new Set(spared)].map((id) => (
          <SwitchField
            key={id}
            value={limitedProviders.includes(id)}
            onChange={(isLimited) =>
              set({
                limitedProviders: isLimited
                  ? [...limitedProviders, id]
                  : limitedProviders.filter((each) => each !== id),
              })
            }
          >
            {id} has reached its limits
          </SwitchField>
        ))}
      </div>
    </fieldset>
  );
}

/** Why there is no answer: of a scenario that has problems, the problems are told where they are. */
function Unanswered({ problem }: { readonly problem: string }) {
  const { scenario } = useEditing();
  const isSound = useStore(scenario.check.store, ({ problems }) => problems.length === 0);
  if (isSound) return <p className="problem">{problem}</p>;
  return <p className="source">Requests can be tested once the scenario is put right.</p>;
}

function Answer({ reply }: { readonly reply: RouteTestReply }) {
  return (
    <>
      <p className="route-answer" role="status">
        {routeSentence(reply)}
        {reply.classNote !== givenNote && <span className="source"> {reply.classNote}</span>}
      </p>
      <ol className="route-steps">
        {reply.rules.map((each) => (
          <li key={each.rule} data-outcome={each.outcome}>
            <span className="route-mark" aria-hidden="true">
              {marks[each.outcome]}
            </span>
            <span>
              <code>{each.rule}</code> {outcomeWords(each)}.
            </span>
          </li>
        ))}
      </ol>
    </>
  );
}

export function RouteTest() {
  const { input } = useEditing();
  const [question, setQuestion] = useState<Question>({
    request: {
      ...{ promptTokens: 1000, outputTokens: 200, weekday: "monday", time: "12:00" },
      class: input.traffic.classes[0]?.id,
    },
    pools: {},
    ...{ spentUsd: {}, limitedProviders: [] },
  });
  const { reply, problem } = useRoute(question);
  return (
    <section aria-label="Test a request">
      <h2>What would happen to this request now?</h2>
      <div className="stack route-test" data-old={problem !== undefined}>
        <RequestFields
          question={question}
          set={(request) =>
            setQuestion({ ...question, request: { ...question.request, ...request } })
          }
        />
        <LoadFields
          question={question}
          set={(pool, load) =>
            setQuestion({ ...question, pools: { ...question.pools, [pool]: load } })
          }
        />
        <ProviderFields
          question={question}
          set={(patch) => setQuestion({ ...question, ...patch })}
        />
        {problem !== undefined && <Unanswered problem={problem} />}
        {reply !== undefined && <Answer reply={reply} />}
      </div>
    </section>
  );
}
