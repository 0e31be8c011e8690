/** API and GPU prices out of a file: the catalog's own form, a scenario, or LiteLLM's list of model prices. Pure. */
import { type GpuOffer, gpuOfferSchema, type RateCard, rateCardSchema } from "../schema/catalog.ts";
import type { Provenance } from "../schema/common.ts";
import { describeIssues } from "../schema/schemaProblems.ts";
import type { z } from "../schema/zod.ts";
import { InputError } from "../units/errors.ts";

/** The prices that a file has for one API model. */
export interface PricedModel {
  readonly id: string;
  readonly name: string;
  readonly model: string;
  readonly price: RateCard;
}

/** An entry that could not be read, and why. */
export interface PriceReject {
  readonly entry: string;
  readonly reason: string;
}

/** What a price file holds. */
export interface PriceFile {
  readonly form: "catalog" | "scenario" | "litellm";
  readonly models: readonly PricedModel[];
  readonly offers: readonly GpuOffer[];
  readonly rejects: readonly PriceReject[];
}

/** Where a file without sources of its own comes from: its name, and the day on which it was read. */
export interface FileOrigin {
  readonly fileName: string;
  readonly readOn: string;
}

type Entry = Readonly<Record<string, unknown>>;

const perMTok = 1e6;

function isEntry(value: unknown): value is Entry {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function listAt(value: Entry, key: string): unknown[] {
  const list = value[key];
  return Array.isArray(list) ? list : [];
}

/**
 * Reads prices from the JSON value of a file. Entries that do not fit are in `rejects`; entries without a price (LiteLLM lists
 * images and speech too) are left out, as is its sample. Throws InputError for a file of none of the three forms.
 */
export function readPriceFile(value: unknown, origin: FileOrigin): PriceFile {
  if (isEntry(value)) {
    if (value.format === "crossover-scenario") return fromLists(value, "scenario");
    if (Array.isArray(value.entries)) return fromEntries(value.entries);
    if (Array.isArray(value.providers) || Array.isArray(value.offers)) {
      return fromLists(value, "catalog");
    }
    if (Object.values(value).some(isLiteLlm)) return fromLiteLlm(value, origin);
  }
  throw new InputError(
    `${origin.fileName}: found no prices. Wanted the catalog's form ("entries", or "providers" and "offers"), a Crossover scenario, or LiteLLM's model_prices_and_context_window.json. Choose one of these.`,
  );
}

/** A catalog file has entries of one kind: offers have a GPU, providers a price. */
function fromEntries(entries: readonly unknown[]): PriceFile {
  const isOffer = (each: unknown): boolean => isEntry(each) && "usdPerGpuHour" in each;
  return fromLists(
    {
      offers: entries.filter(isOffer),
      providers: entries.filter((each) => !isOffer(each)),
    },
    "catalog",
  );
}

function fromLists(value: Entry, form: PriceFile["form"]): PriceFile {
  const rejects: PriceReject[] = [];
  const models = listAt(value, "providers").flatMap((each, i) => modelOf(each, i, rejects));
  const offers = listAt(value, "offers").flatMap((each, i) => offerOf(each, i, rejects));
  return { form, models, offers, rejects };
}

function nameOf(each: unknown, i: number): string {
  return isEntry(each) && typeof each.id === "string" ? each.id : `entry ${i + 1}`;
}

function modelOf(each: unknown, i: number, rejects: PriceReject[]): PricedModel[] {
  const id = nameOf(each, i);
  const card = isEntry(each) ? each.price : undefined;
  const price = rateCardSchema.safeParse(card);
  if (!price.success) {
    rejects.push({ entry: id, reason: `its price does not fit: ${firstIssue(price.error, card)}` });
    return [];
  }
  const { name, model } = each as Entry;
  return [
    {
      ...{ id, price: price.data },
      name: typeof name === "string" ? name : id,
      model: typeof model === "string" ? model : id,
    },
  ];
}

function offerOf(each: unknown, i: number, rejects: PriceReject[]): GpuOffer[] {
  const offer = gpuOfferSchema.safeParse(each);
  if (offer.success) return [offer.data];
  rejects.push({
    entry: nameOf(each, i),
    reason: `it is no offer: ${firstIssue(offer.error, each)}`,
  });
  return [];
}

/** What is wrong first, in the words of every check. */
function firstIssue(error: z.ZodError, input: unknown): string {
  const [finding] = describeIssues(error.issues, input);
  return finding === undefined ? "unknown" : `${finding.field}: ${finding.message}`;
}

function isLiteLlm(value: unknown): value is Entry {
  return isEntry(value) && "litellm_provider" in value;
}

const textModes: readonly unknown[] = ["chat", "completion", "embedding", "responses", undefined];

function fromLiteLlm(value: Entry, origin: FileOrigin): PriceFile {
  const rejects: PriceReject[] = [];
  const models = Object.entries(value).flatMap(([key, each]) => {
    if (key === "sample_spec" || !isLiteLlm(each) || !textModes.includes(each.mode)) return [];
    if (each.input_cost_per_token === undefined) return [];
    return liteLlmModel(key, each, origin, rejects);
  });
  return { form: "litellm", models, offers: [], rejects };
}

function liteLlmModel(
  key: string,
  each: Entry,
  origin: FileOrigin,
  rejects: PriceReject[],
): PricedModel[] {
  const card = liteLlmPrice(each, origin);
  const price = rateCardSchema.safeParse(card);
  if (!price.success) {
    rejects.push({
      entry: key,
      reason: `its price does not fit: ${firstIssue(price.error, card)}`,
    });
    return [];
  }
  const name = `${key} (${String(each.litellm_provider)})`;
  return [{ id: key, name, model: key.split("/").pop() ?? key, price: price.data }];
}

/** USD per million tokens of a price per token, without the noise of the division; undefined where there is none. */
function perMillion(value: unknown): number | undefined {
  return typeof value === "number" ? Number((value * perMTok).toPrecision(9)) : undefined;
}

function liteLlmPrice(each: Entry, { fileName, readOn }: FileOrigin): object {
  const inputUsdPerMTok = perMillion(each.input_cost_per_token);
  const outputUsdPerMTok = perMillion(each.output_cost_per_token) ?? 0;
  const cached = perMillion(each.cache_read_input_token_cost);
  const write = perMillion(each.cache_creation_input_token_cost);
  const batchDiscount = discountOf(each);
  const tiers = tiersOf(each, outputUsdPerMTok);
  const source = typeof each.source === "string" ? `${each.source} (via ${fileName})` : fileName;
  const provenance: Provenance[] = [{ source, retrievedOn: readOn, basis: "list price" }];
  return {
    ...{ inputUsdPerMTok, outputUsdPerMTok, provenance },
    ...(cached !== undefined && { cachedInputUsdPerMTok: cached }),
    ...(write !== undefined && { cacheWriteUsdPerMTok: write }),
    ...(batchDiscount !== undefined && { batchDiscount }),
    ...(tiers.length > 0 && { contextTiers: tiers }),
  };
}

/** The batch API's discount where input and output have the same; undefined else. */
function discountOf(each: Entry): number | undefined {
  const share = (batch: unknown, list: unknown): number | undefined =>
    typeof batch === "number" && typeof list === "number" && list > 0
      ? Number((1 - batch / list).toFixed(6))
      : undefined;
  const input = share(each.input_cost_per_token_batches, each.input_cost_per_token);
  const output = share(each.output_cost_per_token_batches, each.output_cost_per_token);
  if (input === undefined || (output !== undefined && output !== input)) return undefined;
  return input;
}

const tierKey = /^input_cost_per_token_above_(\d+)k_tokens$/;

/** Prices of long prompts: LiteLLM has them in the names of fields. */
function tiersOf(each: Entry, outputUsdPerMTok: number): object[] {
  return Object.keys(each).flatMap((key) => {
    const thousands = tierKey.exec(key)?.[1];
    if (thousands === undefined) return [];
    const above = `above_${thousands}k_tokens`;
    const cached = perMillion(each[`cache_read_input_token_cost_${above}`]);
    return [
      {
        abovePromptTokens: Number(thousands) * 1000,
        inputUsdPerMTok: perMillion(each[key]),
        outputUsdPerMTok: perMillion(each[`output_cost_per_token_${above}`]) ?? outputUsdPerMTok,
        ...(cached !== undefined && { cachedInputUsdPerMTok: cached }),
      },
    ];
  });
}
