/** Which column means what, with the values that the file has there. */
import { useState } from "react";
import { Button } from "react-aria-components";
import type { TraceMapping, TracePreview } from "../../../shared/contract/traceMethods.ts";
import { PlainChoice } from "../../components/PlainChoice.tsx";
import {
  type ColumnMeaning,
  columnMeanings,
  doubledColumns,
  isSummed,
  meaningNames,
  neededMeanings,
  noColumn,
  summedMeanings,
  withChoice,
} from "../../state/traceMapping.ts";

function stateText(meaning: ColumnMeaning, preview: TracePreview, mapping: TraceMapping): string {
  if (mapping[meaning] === noColumn) return "left out, as chosen";
  if (mapping[meaning] !== undefined) return "chosen";
  if (preview.columns[meaning] !== undefined) return "by its name";
  return neededMeanings.includes(meaning) ? "needed: choose a column" : "none has its name";
}

interface ColumnTableProps {
  readonly preview: TracePreview;
  readonly mapping: TraceMapping;
  onChange(mapping: TraceMapping): void;
}

function ColumnRow({
  preview,
  mapping,
  onChange,
  meaning,
}: ColumnTableProps & { readonly meaning: ColumnMeaning }) {
  const chosen = mapping[meaning] ?? preview.columns[meaning] ?? noColumn;
  const samples = preview.samples[preview.header.indexOf(chosen)] ?? [];
  const state = stateText(meaning, preview, mapping);
  const isNeeded = neededMeanings.includes(meaning);
  const mayLack = !isNeeded || chosen === noColumn;
  // A name that suggests a column is overruled by saying that there is none.
  const none = isNeeded || preview.guessed[meaning] === undefined ? undefined : noColumn;
  return (
    <tr>
      <th scope="row">{meaningNames[meaning]}</th>
      <td>
        <PlainChoice
          label={`Column with ${meaningNames[meaning].toLowerCase()}`}
          isBare
          value={chosen}
          options={[
            ...(mayLack ? [{ id: noColumn, name: "no column" }] : []),
            ...preview.header.map((name, i) => ({
              ...{ id: name, name },
              note: (preview.samples[i] ?? []).join("  ").slice(0, 60),
            })),
          ]}
          onChange={(column) =>
            onChange(withChoice(mapping, meaning, column === noColumn ? none : column))
          }
        />
      </td>
      <td className="mono samples">{samples.join("   ")}</td>
      <td data-tone={state.startsWith("needed") ? "bad" : undefined}>{state}</td>
    </tr>
  );
}

export function ColumnTable(props: ColumnTableProps) {
  const [isAsked, setAsked] = useState(false);
  const hasSums = isAsked || isSummed(props.preview, props.mapping);
  const shown = columnMeanings.filter((each) => hasSums || !summedMeanings.includes(each));
  const doubled = doubledColumns(props.preview, props.mapping);
  return (
    <section>
      <h2>Columns</h2>
      <div className="table-frame">
        <table className="column-table">
          <caption className="visually-hidden">Which column means what</caption>
          <thead>
            <tr>
              {["Meaning", "Column", "First values", "How it is known"].map((heading) => (
                <th key={heading} scope="col">
                  {heading}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((meaning) => (
              <ColumnRow key={meaning} {...props} meaning={meaning} />
            ))}
          </tbody>
        </table>
      </div>
      {!hasSums && (
        <Button className="button small quiet" onPress={() => setAsked(true)}>
          Each row sums up several requests
        </Button>
      )}
      {doubled.map(({ column, meanings }) => (
        <p key={column} className="field-warning">
          “{column}” is read as{" "}
          {meanings.map((each) => meaningNames[each].toLowerCase()).join(" and as ")}. Choose
          another column for one of them.
        </p>
      ))}
    </section>
  );
}

const units = [
  { id: "auto", name: "as the values suggest" },
  { id: "s", name: "seconds" },
  { id: "ms", name: "milliseconds" },
  { id: "us", name: "microseconds" },
  { id: "ns", name: "nanoseconds" },
  { id: "iso", name: "dates and clock times" },
];

/** "UTC-05:00 (New York in winter)" and its like: every whole hour, and the zones with a half or quarter. */
const oddZones = [-570, -210, 210, 270, 330, 345, 390, 525, 570, 630, 765];
const offsets = [...Array.from({ length: 27 }, (_, i) => (i - 12) * 60), ...oddZones].sort(
  (a, b) => a - b,
);

function zoneName(minutes: number): string {
  const size = Math.abs(minutes);
  const two = (value: number): string => String(value).padStart(2, "0");
  return minutes === 0
    ? "UTC"
    : `UTC${minutes < 0 ? "−" : "+"}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

/** How times and cached tokens are to be read. */
export function Conventions({ preview, mapping, onChange }: ColumnTableProps) {
  const isMapped = preview.format === null || ["csv", "jsonl"].includes(preview.format);
  const hasCached = (mapping.cachedTokens ?? preview.columns.cachedTokens) !== undefined;
  const hasZone = preview.lacksZone || mapping.utcOffsetMinutes !== undefined;
  if (!isMapped && !hasZone) return null;
  return (
    <div className="row">
      {isMapped && (
        <PlainChoice
          label="Times are in"
          value={mapping.timeUnit ?? "auto"}
          options={units}
          onChange={(unit) =>
            onChange(
              withChoice(
                mapping,
                "timeUnit",
                unit === "auto" ? undefined : (unit as TraceMapping["timeUnit"]),
              ),
            )
          }
        />
      )}
      {hasZone && (
        <PlainChoice
          label="Times without a zone are in"
          value={String(mapping.utcOffsetMinutes ?? 0)}
          options={offsets.map((minutes) => ({ id: String(minutes), name: zoneName(minutes) }))}
          onChange={(minutes) =>
            onChange(
              withChoice(
                mapping,
                "utcOffsetMinutes",
                minutes === "0" ? undefined : Number(minutes),
              ),
            )
          }
        />
      )}
      {isMapped && hasCached && (
        <PlainChoice
          label="Cached tokens are"
          value={mapping.cachedTokensAre ?? "partOfPrompt"}
          options={[
            {
              id: "partOfPrompt",
              name: "a part of the prompt tokens",
              note: "as OpenAI and vLLM count",
            },
            { id: "besidePrompt", name: "beside the prompt tokens", note: "as Anthropic counts" },
          ]}
          onChange={(value) =>
            onChange(
              withChoice(
                mapping,
                "cachedTokensAre",
                value === "partOfPrompt" ? undefined : "besidePrompt",
              ),
            )
          }
        />
      )}
    </div>
  );
}
