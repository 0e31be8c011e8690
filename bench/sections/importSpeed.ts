/** Speed and memory of the importers on files made in memory, chunk by chunk, as a file is read. */
import { createImporter } from "../../shared/importers/createImporter.ts";
import type { TraceFormat } from "../../shared/importers/formats.ts";
import { TraceSummarySink } from "../../shared/importers/traceSummarySink.ts";
import { bestOf, type Section } from "../harness.ts";

const chunkBytes = 1 << 20;

/** Rows of a format repeated with rising times, as chunks of a file. */
function makeChunks(header: string, row: (index: number) => string, rows: number): Uint8Array[] {
  const encoder = new TextEncoder();
  const chunks: Uint8Array[] = [];
  let text = header;
  for (let i = 0; i < rows; i++) {
    text += row(i);
    if (text.length < chunkBytes) continue;
    chunks.push(encoder.encode(text));
    text = "";
  }
  chunks.push(encoder.encode(text));
  return chunks;
}

function pad(value: number, width: number): string {
  return String(value).padStart(width, "0");
}

function azureRow(i: number): string {
  const s = Math.floor(i / 5);
  const time = `${pad(Math.floor(s / 3600) % 24, 2)}:${pad(Math.floor(s / 60) % 60, 2)}:${pad(s % 60, 2)}`;
  const day = pad(10 + Math.floor(s / 86_400), 2);
  return `2023-11-${day} ${time}.${pad((i % 5) * 1_999_999, 7)},${(i * 7919) % 4000},${(i * 104_729) % 900}\r\n`;
}

const formats: readonly {
  readonly name: string;
  readonly format: TraceFormat;
  readonly header: string;
  readonly row: (index: number) => string;
  readonly bar: number | undefined;
}[] = [
  {
    name: "Azure",
    format: "azure",
    header: "TIMESTAMP,ContextTokens,GeneratedTokens\r\n",
    row: azureRow,
    bar: 1_000_000,
  },
  {
    name: "Vidur",
    format: "vidur",
    header: "arrived_at,num_prefill_tokens,num_decode_tokens\n",
    row: (i) => `${(i * 0.2).toFixed(6)},${1 + ((i * 7919) % 4000)},${1 + ((i * 104_729) % 900)}\n`,
    bar: 1_000_000,
  },
  {
    name: "BurstGPT",
    format: "burstGpt",
    header: "Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type\n",
    row: (i) =>
      `${Math.floor(i / 5)},${i % 3 === 0 ? "GPT-4" : "ChatGPT"},${(i * 7919) % 4000},${(i * 104_729) % 900},4900,Conversation log\n`,
    bar: 1_000_000,
  },
  {
    name: "Mooncake",
    format: "mooncake",
    header: "",
    row: (i) =>
      `{"timestamp": ${i * 200}, "input_length": 1500, "output_length": ${1 + (i % 500)}, "hash_ids": [0, ${i + 1}, ${i + 2}]}\n`,
    bar: undefined,
  },
];

/** Rows per second of each known schema into the summary sink. */
export const importSpeed: Section = {
  name: "import",
  figures: [
    ...formats.map(({ name }) => `import ${name}`),
    "import, memory growth over 4 x the rows",
  ],
  async run(record) {
    for (const { name, format, header, row, bar } of formats) {
      const rows = 1_000_000;
      const chunks = makeChunks(header, row, rows);
      const { cpuS } = await bestOf(3, () => importChunks(format, chunks));
      record(`import ${name}`, rows / cpuS, "rows/s and core", bar ? { atLeast: bar } : undefined);
    }
    record("import, memory growth over 4 x the rows", memoryGrowth(), "MB", { atMost: 8 });
  },
};

function importChunks(format: TraceFormat, chunks: readonly Uint8Array[]): TraceSummarySink {
  const sink = new TraceSummarySink();
  const importer = createImporter(format, { sink, fileName: "made.csv" });
  for (const chunk of chunks) importer.push(chunk);
  importer.finish();
  return sink;
}

/** Megabytes that four times the rows hold more after the import: constant memory holds none. */
function memoryGrowth(): number {
  const held = (rows: number): number => {
    const chunks = makeChunks(formats[1].header, formats[1].row, rows);
    globalThis.gc?.();
    const before = process.memoryUsage();
    const sink = importChunks("vidur", chunks);
    globalThis.gc?.();
    const after = process.memoryUsage();
    if (sink === undefined) throw new Error("no summary");
    return (after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers) / 1e6;
  };
  return held(800_000) - held(200_000);
}
