/** What the folded parts of a provider hold, in a few words. */
import { formatCount, formatPercent } from "../../../shared/reports/formatters.ts";
import { givenSeconds } from "../../../shared/reports/ruleSentence.ts";
import type { Provenance } from "../../../shared/schema/common.ts";
import type { Provider } from "../../../shared/schema/routing.ts";
import { shortSource } from "../../components/shortSource.ts";
import { type ProviderInput, priceText } from "./providerEdits.ts";

/** "context of 1,047,576 tokens; 10,000 requests, 30,000,000 tokens a minute". */
export function limitWords({ limits = {}, maxContextTokens }: ProviderInput): string {
  const perMinute = [
    [limits.requestsPerMinute, "requests"],
    [limits.tokensPerMinute, "tokens"],
    [limits.inputTokensPerMinute, "input tokens"],
    [limits.outputTokensPerMinute, "output tokens"],
  ] as const;
  const rates = perMinute.flatMap(([value, unit]) =>
    value === undefined ? [] : [`${formatCount(value)} ${unit}`],
  );
  const words = [
    ...(maxContextTokens === undefined
      ? []
      : [`context of ${formatCount(maxContextTokens)} tokens`]),
    ...(rates.length === 0 ? [] : [`${rates.join(", ")} a minute`]),
    ...(limits.concurrency === undefined
      ? []
      : [`${formatCount(limits.concurrency)} requests at once`]),
  ];
  return words.length === 0 ? "none known" : words.join("; ");
}

/** "no errors, 5 tries, prompt cache by prefix for 5 min". */
export function serviceWords({
  api,
  errorRate = 0,
  retry = {},
  promptCache,
  batch = {},
}: ProviderInput): string {
  const tries = retry.maxAttempts ?? 5;
  const cache =
    promptCache === undefined || ("share" in promptCache && promptCache.share === 0)
      ? "no prompt cache"
      : "share" in promptCache
        ? `${formatPercent(Number(promptCache.share))} of prompts cached`
        : `prompt cache by prefix for ${givenSeconds(Number(promptCache.ttlS ?? 300))}`;
  return [
    errorRate === 0 ? "no errors" : `${formatPercent(errorRate)} of calls fail`,
    `${formatCount(tries)} ${tries === 1 ? "try" : "tries"}`,
    cache,
    ...(api === "batch" ? [`answers within ${givenSeconds(batch.windowS ?? 86_400)}`] : []),
  ].join(", ");
}

/** "list price of developers.openai.com", with how many entries there are in all. */
export function entryWords(provenance: readonly Provenance[] | undefined): string {
  const [newest] = [...(provenance ?? [])].sort((a, b) =>
    b.retrievedOn.localeCompare(a.retrievedOn),
  );
  if (newest === undefined) return "no source is given";
  const [source] = shortSource(newest.source).split(" (");
  const more = provenance!.length - 1;
  return `${newest.basis}, ${source}${more === 0 ? "" : ` and ${formatCount(more)} more`}`;
}

/** "; 3 others serve the model, input $0.10 to $1.04": what the catalog has of the same model elsewhere. Empty without others. */
export function sourceSpread(
  { id, model, api = "realTime" }: ProviderInput,
  catalog: readonly Provider[],
): string {
  const others = catalog.filter(
    (each) => each.model === model && each.id !== id && each.api === api,
  );
  if (others.length === 0) return "";
  const inputs = others.map(({ price }) => price.inputUsdPerMTok);
  const [least, most] = [Math.min(...inputs), Math.max(...inputs)].map((usd) =>
    priceText("inputUsdPerMTok", usd),
  );
  const spread = least === most ? least : `${least} to ${most}`;
  const who = others.length === 1 ? "1 other serves" : `${formatCount(others.length)} others serve`;
  return `; ${who} the model, input ${spread}`;
}
