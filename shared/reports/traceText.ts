/** Traces in words: formats, and why rows were left out. */

const formatNames: Readonly<Record<string, string>> = {
  azure: "Azure LLM inference trace",
  burstGpt: "BurstGPT",
  vidur: "Vidur request trace",
  crossover: "Crossover's own trace",
  mooncake: "Mooncake trace",
  bailian: "Qwen-Bailian trace",
  csv: "CSV by its columns",
  jsonl: "JSON by its keys",
};

/** A format's name for people; an unknown one as it is. */
export function traceFormatName(format: string): string {
  return formatNames[format] ?? format;
}

/** Whether the meaning of a format's columns is fixed. */
export function hasFixedColumns(format: string): boolean {
  return format !== "csv" && format !== "jsonl";
}

const rejectTexts: Readonly<Record<string, string>> = {
  wrongColumnCount: "another number of columns than the header",
  missingValue: "a value is missing",
  notANumber: "text where a number is wanted",
  nan: "not a number (NaN)",
  negative: "a negative number",
  notWhole: "a fraction where a whole number is wanted",
  tooLarge: "a number beyond what can be counted",
  unreadableTime: "a time that cannot be read",
  notUtf8: "bytes that are not UTF-8 text",
  malformedJson: "not valid JSON",
  missingKey: "a key is missing",
  malformedQuote: "a quotation mark in the wrong place",
  unclosedQuote: "a quotation that never ends",
  cachedAbovePrompt: "more cached tokens than prompt tokens",
};

/** Why rows were left out, as words; an unknown reason as it is. */
export function rejectReasonText(reason: string): string {
  return rejectTexts[reason] ?? reason;
}
