/** A chosen trace file before it enters the library: how it would be read, its first rows, what would be left out. */
import { useState } from "react";
import { Button, Input, Label, ProgressBar, TextField } from "react-aria-components";
import type { ChosenFile } from "../../../shared/contract/hostMethods.ts";
import type {
  TraceEntry,
  TraceMapping,
  TracePreview,
} from "../../../shared/contract/traceMethods.ts";
import { formatCount, formatNumber, formatPercent } from "../../../shared/reports/formatters.ts";
import {
  hasFixedColumns,
  rejectReasonText,
  traceFormatName,
} from "../../../shared/reports/traceText.ts";
import { tagsOf } from "../../../shared/schema/rowTags.ts";
import { DataTable } from "../../components/DataTable.tsx";
import { hasChoices, lackingMeanings, meaningNames } from "../../state/traceMapping.ts";
import { ColumnTable, Conventions } from "./ColumnTable.tsx";
import { useTraceImport, useTracePreview } from "./useTraceImport.ts";

function sizeText(bytes: number): string {
  if (bytes < 1000) return `${formatCount(bytes)} bytes`;
  return bytes < 1e6 ? `${formatNumber(bytes / 1e3)} kB` : `${formatNumber(bytes / 1e6)} MB`;
}

/** All of a column with the same decimals, so that they stand below each other. */
function arrivalText(seconds: number, decimals: number): string {
  return seconds.toLocaleString(undefined, {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  });
}

/** A row with several tags has them parted by commas. */
function tagsText(cell: string): string {
  return tagsOf(cell).join(", ");
}

function PreviewRows({ preview }: { readonly preview: TracePreview }) {
  const hasModels = preview.rows.some(({ model }) => model !== null);
  const hasTenants = preview.rows.some(({ tenant }) => tenant !== null);
  const hasTags = preview.rows.some(({ tag }) => tag !== null);
  const hasCached = preview.rows.some(({ cachedTokens }) => cachedTokens !== null);
  const decimals = preview.rows.every(({ arrivalS }) => Number.isInteger(arrivalS)) ? 0 : 3;
  const rows = preview.rows
    .slice(0, 10)
    .map((row, i) => [
      formatCount(i + 1),
      arrivalText(row.arrivalS, decimals),
      formatCount(row.promptTokens),
      ...(hasCached ? [row.cachedTokens === null ? "-" : formatCount(row.cachedTokens)] : []),
      formatCount(row.outputTokens),
      ...(hasModels ? [row.model ?? ""] : []),
      ...(hasTenants ? [row.tenant ?? ""] : []),
      ...(hasTags ? [tagsText(row.tag ?? "")] : []),
    ]);
  return (
    <section>
      <h2>First rows as they would be read</h2>
      <DataTable
        caption="First rows as they would be read"
        columns={[
          { heading: "Row", isFigure: true },
          { heading: "Arrival, s", isFigure: true },
          { heading: "Prompt tokens", isFigure: true },
          ...(hasCached ? [{ heading: "of them cached", isFigure: true }] : []),
          { heading: "Output tokens", isFigure: true },
          ...(hasModels ? [{ heading: "Model" }] : []),
          ...(hasTenants ? [{ heading: "Tenant" }] : []),
          ...(hasTags ? [{ heading: "Tag" }] : []),
        ]}
        rows={rows}
        emptyText="No row can be read yet: say above which column means what."
      />
    </section>
  );
}

/** The count of rows left out, live with every choice, and why. */
function Rejected({ preview }: { readonly preview: TracePreview }) {
  const { rowsRead, rejectedCount, rejectedBy, rejected, isWhole } = preview;
  const all = rowsRead + rejectedCount;
  if (all === 0) return null;
  const part = isWhole ? "the file" : "the first MB";
  return (
    <section aria-live="polite">
      <h2>Rows left out</h2>
      <p data-testid="rejected-count" data-tone={rejectedCount > 0 ? "warn" : undefined}>
        {rejectedCount === 0
          ? all === 1
            ? `The only row in ${part} is read.`
            : `None of the ${formatCount(all)} rows in ${part}.`
          : `${formatCount(rejectedCount)} of the ${formatCount(all)} rows in ${part} (${formatPercent(rejectedCount / all)}) cannot be read. The others are imported; these are counted and named.`}
      </p>
      {rejectedCount > 0 && (
        <DataTable
          caption="Rows left out by reason"
          columns={[
            { heading: "Why" },
            { heading: "Rows", isFigure: true },
            { heading: "The first of them" },
          ]}
          rows={Object.entries(rejectedBy)
            .sort(([, a], [, b]) => b - a)
            .map(([reason, rows]) => [
              rejectReasonText(reason),
              formatCount(rows),
              rejected.find((each) => each.reason === reason)?.text ?? "",
            ])}
        />
      )}
    </section>
  );
}

function Notes({ preview }: { readonly preview: TracePreview }) {
  const { notes } = preview;
  if (notes.length === 0) return null;
  return (
    <ul className="notes">
      {notes.map((note) => (
        <li key={note}>{note}</li>
      ))}
    </ul>
  );
}

function leadOf(
  preview: TracePreview,
  file: ChosenFile,
  isRemembered: boolean,
  isChosen: boolean,
): string {
  const size = file.bytes > 0 ? `${sizeText(file.bytes)}. ` : "";
  if (preview.format === null) return `${size}Say below what its columns mean.`;
  const how = isRemembered
    ? "with the columns that you chose for such a file before"
    : hasFixedColumns(preview.format)
      ? "whose columns are known"
      : isChosen
        ? "as you chose"
        : "guessed by the names of its columns";
  return `${size}Read as ${traceFormatName(preview.format)}, ${how}.`;
}

/** What keeps the file from being imported; nothing where it can be. */
function whyNot(preview: TracePreview, mapping: TraceMapping, name: string): string {
  const lacking = lackingMeanings(preview, mapping);
  if (lacking.length > 0) {
    const list = lacking.map((each) => meaningNames[each].toLowerCase()).join(", ");
    return `Choose a column for: ${list}.`;
  }
  if (preview.rows.length === 0) return "No row can be read as it stands.";
  return name.trim() === "" ? "Give it a name." : "";
}

/** Whether no choice of columns can make a trace of the file: it is empty, binary, in another encoding. */
function isNoTrace({ problemField }: TracePreview): boolean {
  return problemField === "file" || (problemField?.startsWith("line ") ?? false);
}

function NoTrace({
  file,
  preview,
  onLeave,
}: {
  readonly file: ChosenFile;
  readonly preview: TracePreview;
  onLeave(): void;
}) {
  return (
    <>
      <header>
        <h1>Import {file.name}</h1>
        <p className="lead">
          {file.bytes > 0 ? `${sizeText(file.bytes)}. ` : ""}This cannot be read as a trace.
        </p>
        <p className="problem" role="alert">
          {preview.problem}
        </p>
      </header>
      <p className="lead">
        A trace is a CSV file with a header, JSON lines or a JSON array of objects, plain or
        gzipped, with the time, the prompt tokens and the output tokens of each request.
      </p>
      <div className="row">
        <Button className="button" onPress={onLeave}>
          Leave it
        </Button>
      </div>
    </>
  );
}

interface TraceWizardProps {
  readonly file: ChosenFile;
  onDone(trace: TraceEntry): void;
  onLeave(): void;
}

export function TraceWizard({ file, onDone, onLeave }: TraceWizardProps) {
  const [name, setName] = useState(file.name);
  const [isByHand, setByHand] = useState(false);
  const { mapping, choose, preview, isRemembered } = useTracePreview(file);
  const { job, start, cancel } = useTraceImport(file, onDone);
  if (preview === undefined)
    return <p className="empty">Reading the first rows of {file.name} …</p>;
  if (isNoTrace(preview)) return <NoTrace file={file} preview={preview} onLeave={onLeave} />;
  const isFixed = preview.format !== null && hasFixedColumns(preview.format) && !isByHand;
  return (
    <>
      <header>
        <h1>Import {file.name}</h1>
        <p className="lead">{leadOf(preview, file, isRemembered, hasChoices(mapping))}</p>
        {preview.warnings.map((warning) => (
          <p key={warning} className="field-warning">
            <span aria-hidden="true">▲ </span>
            {warning}
          </p>
        ))}
        {preview.problem !== null && lackingMeanings(preview, mapping).length === 0 && (
          <p className="problem">{preview.problem}</p>
        )}
      </header>
      {isFixed ? (
        <div className="row">
          <Conventions preview={preview} mapping={mapping} onChange={choose} />
          <Button className="button small quiet" onPress={() => setByHand(true)}>
            Choose the columns by hand
          </Button>
        </div>
      ) : (
        <>
          <ColumnTable preview={preview} mapping={mapping} onChange={choose} />
          <Conventions preview={preview} mapping={mapping} onChange={choose} />
        </>
      )}
      <PreviewRows preview={preview} />
      <Rejected preview={preview} />
      <Notes preview={preview} />
      <footer className="wizard-foot">
        <TextField className="field" value={name} onChange={setName} isInvalid={name.trim() === ""}>
          <Label>Name in the library</Label>
          <Input />
        </TextField>
        {job === undefined ? (
          <>
            <Button
              className="button primary"
              isDisabled={preview.rows.length === 0 || name.trim() === ""}
              onPress={() => start(name.trim(), mapping, preview.header)}
            >
              Import
            </Button>
            <Button className="button" onPress={onLeave}>
              Leave it
            </Button>
            <span className="part-words">{whyNot(preview, mapping, name)}</span>
          </>
        ) : (
          <>
            <ProgressBar className="progress" value={job.share * 100} aria-label="Importing">
              {({ percentage }) => (
                <>
                  <span className="progress-fill" style={{ width: `${percentage ?? 0}%` }} />
                  <span className="progress-text">{job.text || "reading"}</span>
                </>
              )}
            </ProgressBar>
            <Button className="button" onPress={cancel}>
              Cancel
            </Button>
          </>
        )}
      </footer>
    </>
  );
}
