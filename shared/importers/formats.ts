/** The trace formats that can be read, by name. */
export type TraceFormat =
  | "azure"
  | "burstGpt"
  | "vidur"
  | "crossover"
  | "mooncake"
  | "bailian"
  | "csv"
  | "jsonl";

/** One format as people meet it: its name for --format, what it is, and what its first line shows. */
export interface FormatDescription {
  readonly name: TraceFormat;
  readonly label: string;
  readonly shape: string;
}

/** All formats, in the order in which help and messages list them. */
export const traceFormats: readonly FormatDescription[] = [
  {
    name: "azure",
    label: "Azure LLM inference trace 2023-2025 (CSV)",
    shape: "TIMESTAMP[,NumImages],ContextTokens,GeneratedTokens",
  },
  {
    name: "burstGpt",
    label: "BurstGPT 1-3 (CSV)",
    shape:
      "Timestamp[,Session ID,Elapsed time],Model,Request tokens,Response tokens,Total tokens,Log Type",
  },
  {
    name: "vidur",
    label: "Vidur request trace (CSV)",
    shape: "arrived_at,num_prefill_tokens,num_decode_tokens",
  },
  {
    name: "crossover",
    label: "Crossover's own trace CSV",
    shape: "arrival_s,prompt_tokens,output_tokens[,cached_tokens][,model][,tenant][,tag]",
  },
  {
    name: "mooncake",
    label: "Mooncake (JSON lines, milliseconds, blocks of 512 tokens)",
    shape: '{"timestamp","input_length","output_length","hash_ids"}',
  },
  {
    name: "bailian",
    label: "Qwen-Bailian (JSON lines, seconds, blocks of 16 tokens)",
    shape:
      '{"chat_id","parent_chat_id","timestamp","input_length","output_length","type","turn","hash_ids"}',
  },
  { name: "csv", label: "any CSV with a header, by column mapping", shape: "--map arrival=..." },
  {
    name: "jsonl",
    label: "any JSON lines or JSON array of objects, by key mapping",
    shape: "--map arrival=...",
  },
];

/** Whether `name` is the name of a format. */
export function isTraceFormat(name: string): name is TraceFormat {
  return traceFormats.some((format) => format.name === name);
}

/** The known formats for the end of an error message, each on a line of its own. */
export function describeFormats(): string {
  return traceFormats.map((format) => `\n  ${format.name}: ${format.shape}`).join("");
}
