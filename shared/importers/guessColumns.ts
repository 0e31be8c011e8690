/** Guessing which column or key means what, by its name; what was guessed is said. */
import type { ColumnMapping } from "../schema/traffic.ts";
import { InputError } from "../units/errors.ts";
import { describeFormats } from "./formats.ts";
import { cutText } from "./rejects.ts";

/** What a column can mean. */
export type Meaning = Exclude<
  keyof ColumnMapping & string,
  "timeUnit" | "utcOffsetMinutes" | "cachedTokensAre"
>;

/** Meanings in the order in which they are listed; the first three are needed. */
export const meanings = [
  "arrival",
  "promptTokens",
  "outputTokens",
  "cachedTokens",
  "model",
  "tenant",
  "tag",
  "requests",
  "windowEnd",
] as const;
type KnownMeaning = (typeof meanings)[number];

// Names without case, spaces and punctuation; the more telling ones first.
const namesByMeaning: Readonly<Record<KnownMeaning, readonly string[]>> = {
  arrival: [
    "arrival",
    "arrivaltime",
    "arrivaltimestamp",
    "arrivedat",
    "requestreceived",
    "requestreceivedat",
    "requestcreatedat",
    "requesttime",
    "requesttimestamp",
    "requeststarttime",
    "requeststart",
    "starttime",
    "startedat",
    "starttimestamp",
    "start",
    "timestamp",
    "ts",
    "time",
    "datetime",
    "createdat",
    "created",
    "eventtime",
    "date",
  ],
  promptTokens: [
    "prompttokens",
    "inputtokens",
    "numprompttokens",
    "numinputtokens",
    "tokensprompt",
    "tokensinput",
    "contexttokens",
    "numprefilltokens",
    "prefilltokens",
    "requesttokens",
    "genaitokensinput",
    "genaiusageinputtokens",
    "usageprompttokens",
    "usageinputtokens",
    "requestinputtokens",
    "prompttokencount",
    "inputtokencount",
    "inputlength",
    "promptlength",
    "promptlen",
    "inputlen",
    "tokensin",
    "intokens",
    "usageinput",
    "usagedetailsinput",
    "requnits",
  ],
  outputTokens: [
    "outputtokens",
    "completiontokens",
    "numoutputtokens",
    "numcompletiontokens",
    "tokenscompletion",
    "tokensoutput",
    "generatedtokens",
    "numdecodetokens",
    "decodetokens",
    "responsetokens",
    "genaitokensoutput",
    "genaiusageoutputtokens",
    "usagecompletiontokens",
    "usageoutputtokens",
    "requestoutputtokens",
    "completiontokencount",
    "outputtokencount",
    "outputlength",
    "completionlength",
    "outputlen",
    "tokensout",
    "outtokens",
    "usageoutput",
    "usagedetailsoutput",
    "resunits",
  ],
  cachedTokens: [
    "cachedtokens",
    "tokenscached",
    "cachedprompttokens",
    "cachedinputtokens",
    "requestcachedtokens",
    "prompttokensdetailscachedtokens",
    "usageprompttokensdetailscachedtokens",
    "usageinputtokensdetailscachedtokens",
  ],
  model: [
    "model",
    "modelname",
    "modelid",
    "genaimodelname",
    "genairequestmodel",
    "providedmodelname",
    "modelpermaslug",
    "requestmodel",
    "aimodel",
  ],
  tenant: [
    "tenant",
    "tenantid",
    "tenantname",
    "team",
    "teamid",
    "customer",
    "customerid",
    "organization",
    "organizationid",
    "userid",
    "user",
    "requestuserid",
    "apikeyname",
    "workspace",
    "workspacename",
    "namespace",
  ],
  tag: [
    "tag",
    "tags",
    "requesttag",
    "requesttags",
    "logtype",
    "usecase",
    "feature",
    "appname",
    "application",
    "routename",
    "label",
    "labels",
  ],
  requests: [
    "nummodelrequests",
    "nrequests",
    "numrequests",
    "requestcount",
    "apirequests",
    "requests",
  ],
  windowEnd: ["endtime", "endtimestamp", "windowend", "endingat", "bucketend", "periodend", "end"],
};
const unitSuffix = /(?:seconds|secs|sec|millis|micros|nanos|ms|us|ns|s)$/;

function normalise(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, "");
}

/** What can be told of a file whose columns do not suffice: the mapping's where the file has them, else a guess by name. */
export function guessSome(
  available: readonly string[],
  mapping: Partial<ColumnMapping> | undefined,
): Partial<Record<KnownMeaning, string>> {
  const found: Partial<Record<KnownMeaning, string>> = {};
  for (const meaning of meanings) {
    const mapped = mapping?.[meaning];
    if (isLeftOut(meaning, mapped)) continue;
    const column =
      mapped !== undefined && available.includes(mapped) ? mapped : guessColumn(meaning, available);
    if (column !== undefined) found[meaning] = column;
  }
  return withoutStrayEnd(found, mapping);
}

/** Only rows that sum up requests have a window; the end of a single request is no such thing. */
function withoutStrayEnd(
  found: Partial<Record<KnownMeaning, string>>,
  mapping: Partial<ColumnMapping> | undefined,
): Partial<Record<KnownMeaning, string>> {
  if (found.requests !== undefined || mapping?.windowEnd !== undefined) return found;
  const { windowEnd: _, ...others } = found;
  return others;
}

/** Whether the mapping says that no column has the meaning: an empty name, for one that is not needed. */
function isLeftOut(meaning: KnownMeaning, mapped: string | undefined): boolean {
  return mapped === "" && !meanings.slice(0, 3).includes(meaning);
}

/** By whole name first, then by the last part of a path with dots. */
function guessColumn(meaning: KnownMeaning, columns: readonly string[]): string | undefined {
  const lastParts = columns.map((name) => name.slice(name.lastIndexOf(".") + 1));
  return guessByNames(meaning, columns, columns) ?? guessByNames(meaning, columns, lastParts);
}

function guessByNames(
  meaning: KnownMeaning,
  columns: readonly string[],
  names: readonly string[],
): string | undefined {
  const normal = names.map(normalise);
  for (const name of namesByMeaning[meaning]) {
    const exact = normal.indexOf(name);
    if (exact >= 0) return columns[exact];
    if (meaning !== "arrival") continue;
    const suffixed = normal.findIndex((column) => column.replace(unitSuffix, "") === name);
    if (suffixed >= 0) return columns[suffixed];
  }
  return undefined;
}

/** Columns by meaning, and which of them were guessed. */
export interface ColumnChoice {
  readonly columns: Readonly<Partial<Record<KnownMeaning, string>>> & {
    readonly arrival: string;
    readonly promptTokens: string;
    readonly outputTokens: string;
  };
  readonly guessed: readonly string[];
}

/**
 * Chooses a column for each meaning: the mapping's where it names one, else a guess by name. `kind` is
 * "column" or "key", for messages. Throws InputError when a mapped one is not there or a needed one cannot be guessed.
 */
export function chooseColumns(
  available: readonly string[],
  mapping: Partial<ColumnMapping> | undefined,
  kind: "column" | "key",
  fileName: string,
): ColumnChoice {
  const chosen: Partial<Record<KnownMeaning, string>> = {};
  const guessed: string[] = [];
  for (const meaning of meanings) {
    const mapped = mapping?.[meaning];
    if (isLeftOut(meaning, mapped)) continue;
    if (mapped !== undefined) {
      // A key may be absent from the first line and present later; a column cannot.
      if (kind === "column" && !available.includes(mapped)) {
        throw missingMapped(meaning, mapped, available, fileName);
      }
      chosen[meaning] = mapped;
      continue;
    }
    const guess = guessColumn(meaning, available);
    if (guess === undefined) continue;
    if (meaning === "windowEnd" && chosen.requests === undefined) continue;
    chosen[meaning] = guess;
    guessed.push(`${meaning} = "${guess}"`);
  }
  const { arrival, promptTokens, outputTokens } = chosen;
  if (arrival === undefined || promptTokens === undefined || outputTokens === undefined) {
    throw notFound(chosen, available, kind, fileName);
  }
  return { columns: { ...chosen, arrival, promptTokens, outputTokens }, guessed };
}

function missingMapped(
  meaning: string,
  mapped: string,
  available: readonly string[],
  fileName: string,
): InputError {
  return new InputError(
    `${fileName}: the mapping names the column "${mapped}" for ${meaning}, which the file does not have. Found the columns ${list(available)}. Name one of these.`,
    { field: `mapping.${meaning}` },
  );
}

function notFound(
  chosen: Partial<Record<string, string>>,
  available: readonly string[],
  kind: string,
  fileName: string,
): InputError {
  const missing = meanings.slice(0, 3).filter((meaning) => chosen[meaning] === undefined);
  const example = missing.map((meaning) => `${meaning}=NAME`).join(",");
  return new InputError(
    `${fileName}: cannot tell which ${kind} holds ${missing.join(" and ")}. Name ${missing.length === 1 ? "it" : "them"} with --map ${example}. Found the ${kind}s ${list(available)}. Known formats:${describeFormats()}`,
    { field: "header" },
  );
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, 40).map((name) => `"${cutText(name)}"`);
  return names.length > 40 ? `${shown.join(", ")} and ${names.length - 40} more` : shown.join(", ");
}
