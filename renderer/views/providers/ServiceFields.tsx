/** What a provider allows and how fast it is: limits, latency, errors, retries, prompt cache, batch window. */
import { providerSchema } from "../../../shared/schema/routing.ts";
import { put } from "../../components/editing.tsx";
import { AmountField } from "../../components/fields/AmountField.tsx";
import { ChoiceField } from "../../components/fields/ChoiceField.tsx";
import { SwitchField } from "../../components/fields/SwitchField.tsx";
import { ProvenanceList } from "../../components/Provenance.tsx";
import { useProvider } from "./providerContext.ts";
import type { ProviderInput } from "./providerEdits.ts";

const defaults = {
  latency: providerSchema.shape.latency.parse({}),
  limits: providerSchema.shape.limits.parse({}),
  retry: providerSchema.shape.retry.parse({}),
  batch: providerSchema.shape.batch.parse({}),
};

type Group = "latency" | "limits" | "retry" | "batch";

interface Row {
  readonly key: string;
  readonly label: string;
  readonly unit?: string;
  readonly scale?: number;
  readonly fallback?: string;
}

const rows: Readonly<Record<Group, readonly Row[]>> = {
  limits: [
    { key: "requestsPerMinute", label: "Requests", unit: "a minute", fallback: "no limit" },
    { key: "tokensPerMinute", label: "Tokens", unit: "a minute", fallback: "no limit" },
    { key: "inputTokensPerMinute", label: "Input tokens", unit: "a minute", fallback: "no limit" },
    {
      key: "outputTokensPerMinute",
      label: "Output tokens",
      unit: "a minute",
      fallback: "no limit",
    },
    { key: "concurrency", label: "Requests at once", fallback: "no limit" },
    { key: "burstS", label: "Burst", unit: "s of the limit" },
  ],
  latency: [
    { key: "ttftMedianS", label: "First token, median", unit: "s" },
    { key: "ttftSigma", label: "Spread of first token", unit: "sigma of log" },
    { key: "ttftPerPromptTokenS", label: "Per prompt token", unit: "ms", scale: 1000 },
    { key: "outputTokensPerS", label: "Output", unit: "tokens/s" },
    { key: "outputSigma", label: "Spread of output", unit: "sigma of log" },
  ],
  retry: [
    { key: "maxAttempts", label: "Tries", unit: "in all" },
    { key: "baseS", label: "First back-off", unit: "s" },
    { key: "maxS", label: "Longest back-off", unit: "s" },
    { key: "jitter", label: "Jitter", unit: "%", scale: 100 },
  ],
  batch: [{ key: "windowS", label: "Batch window", unit: "h", scale: 1 / 3600 }],
};

function numberAt(part: object | undefined, key: string): number | undefined {
  const value: unknown = part === undefined ? undefined : Reflect.get(part, key);
  return typeof value === "number" ? value : undefined;
}

function GroupFields({ index, group }: { readonly index: number; readonly group: Group }) {
  const { provider, field, change } = useProvider(index);
  return rows[group].map(({ key, label, unit, scale, fallback }) => (
    <AmountField
      key={key}
      label={label}
      value={numberAt(provider[group], key)}
      field={`${field}.${group}.${key}`}
      fallback={fallback ?? numberAt(defaults[group], key) ?? "-"}
      {...(unit !== undefined && { unit })}
      {...(scale !== undefined && { scale })}
      onChange={(value) =>
        change(
          `${label.toLowerCase()} (${group})`,
          (own) => {
            own[group] ??= {};
            put(own[group] as Record<string, number | undefined>, key, value);
          },
          `${group}.${key}`,
        )
      }
    />
  ));
}

export function LimitFields({ index }: { readonly index: number }) {
  const { provider, field, change } = useProvider(index);
  return (
    <>
      <p className="lead">
        A request over a limit is answered 429. One whose prompt and output are longer than the
        context is not sent: it goes on to the next rule.
      </p>
      <div className="field-grid">
        <AmountField
          label="Context"
          unit="tokens"
          value={provider.maxContextTokens}
          field={`${field}.maxContextTokens`}
          fallback="no limit"
          onChange={(value) =>
            change("the context", (own) => put(own, "maxContextTokens", value), "maxContextTokens")
          }
        />
        <GroupFields index={index} group="limits" />
      </div>
    </>
  );
}

export function LatencyFields({ index }: { readonly index: number }) {
  const { provider } = useProvider(index);
  return (
    <>
      <div className="field-grid">
        <GroupFields index={index} group="latency" />
      </div>
      <ProvenanceList
        entries={provider.latency?.provenance}
        emptyText="No source for these figures: no provider publishes them. Enter what you measured."
      />
    </>
  );
}

type PromptCache = NonNullable<ProviderInput["promptCache"]>;

const newCaches: Readonly<Record<string, PromptCache>> = {
  share: { share: 0.3 },
  ttl: { ttlS: 300, minTokens: 1024 },
  none: { share: 0 },
};

function cacheKind(cache: PromptCache | undefined): string {
  if (cache === undefined) return "none";
  if (!("share" in cache)) return "ttl";
  return cache.share === 0 ? "none" : "share";
}

function PromptCacheFields({ index }: { readonly index: number }) {
  const { provider, field, change } = useProvider(index);
  const cache = provider.promptCache;
  const kind = cacheKind(cache);
  const set = (key: string, value: number | undefined): void =>
    change(
      "the prompt cache",
      (own) => put(own.promptCache as Record<string, number | undefined>, key, value),
      `promptCache.${key}`,
    );
  return (
    <>
      <ChoiceField
        label="Prompt cache"
        value={kind}
        field={`${field}.promptCache`}
        choices={[
          { id: "none", name: "none" },
          { id: "share", name: "a stated share" },
          { id: "ttl", name: "by prefix and time", note: "simulated from shared prefixes" },
        ]}
        onChange={(chosen) =>
          change("the prompt cache", (own) =>
            Object.assign(own, { promptCache: { ...newCaches[chosen] } }),
          )
        }
      />
      {kind === "share" && (
        <AmountField
          label="Cached share"
          unit="%"
          scale={100}
          value={numberAt(cache, "share")}
          field={`${field}.promptCache.share`}
          onChange={(value) => set("share", value)}
        />
      )}
      {kind === "ttl" && (
        <>
          <AmountField
            label="Kept for"
            unit="s"
            value={numberAt(cache, "ttlS")}
            field={`${field}.promptCache.ttlS`}
            fallback={300}
            onChange={(value) => set("ttlS", value)}
          />
          <AmountField
            label="From"
            unit="tokens"
            value={numberAt(cache, "minTokens")}
            field={`${field}.promptCache.minTokens`}
            fallback={1024}
            onChange={(value) => set("minTokens", value)}
          />
        </>
      )}
    </>
  );
}

export function RetryFields({ index }: { readonly index: number }) {
  const { provider, field, change } = useProvider(index);
  const retry = provider.retry ?? {};
  const setRetry = (what: string, patch: object): void =>
    change(what, (own) => {
      own.retry = { ...own.retry, ...patch };
    });
  return (
    <>
      <div className="field-grid">
        <AmountField
          label="Errors"
          unit="% of calls"
          scale={100}
          value={provider.errorRate}
          field={`${field}.errorRate`}
          fallback={0}
          onChange={(value) =>
            change("the error rate", (own) => put(own, "errorRate", value), "errorRate")
          }
        />
        <GroupFields index={index} group="retry" />
        <ChoiceField
          label="A 429"
          value={retry.onLimit ?? "retry"}
          field={`${field}.retry.onLimit`}
          choices={[
            { id: "retry", name: "backs off and tries again" },
            { id: "failover", name: "goes to the next rule at once" },
          ]}
          onChange={(onLimit) => setRetry("what a 429 does", { onLimit })}
        />
        <PromptCacheFields index={index} />
        <GroupFields index={index} group="batch" />
        <AmountField
          label="Its tokens per trace token"
          value={provider.tokenizerFactor}
          field={`${field}.tokenizerFactor`}
          fallback={1}
          onChange={(value) =>
            change(
              "the tokenizer factor",
              (own) => put(own, "tokenizerFactor", value),
              "tokenizerFactor",
            )
          }
        />
      </div>
      <SwitchField
        value={retry.thenFailover ?? true}
        field={`${field}.retry.thenFailover`}
        onChange={(thenFailover) => setRetry("the last attempt", { thenFailover })}
      >
        After the last try the request goes to the next rule; else it is rejected
      </SwitchField>
    </>
  );
}
