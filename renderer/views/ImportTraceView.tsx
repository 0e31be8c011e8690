/** A chosen trace file before it enters the library: how it would be read, its first rows, what would be left out. */
import { useEffect, useState } from "react";
import {
  Button,
  Input,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
  ProgressBar,
  Select,
  SelectValue,
  TextField,
} from "react-aria-components";
import type { ChosenFile } from "../../shared/contract/hostMethods.ts";
import type { TraceMapping, TracePreview } from "../../shared/contract/traceMethods.ts";
import { formatCount, formatNumber } from "../../shared/reports/formatters.ts";
import { DataTable } from "../components/DataTable.tsx";
import { useApp } from "../components/useApp.ts";

const meanings = [
  "arrival",
  "promptTokens",
  "outputTokens",
  "cachedTokens",
  "model",
  "tenant",
] as const;
type Meaning = (typeof meanings)[number];
const meaningNames: Readonly<Record<Meaning, string>> = {
  arrival: "Time of arrival",
  promptTokens: "Prompt tokens",
  outputTokens: "Output tokens",
  cachedTokens: "Cached tokens",
  model: "Model",
  tenant: "Tenant",
};
const noColumn = "(none)";

interface ColumnChoiceProps {
  readonly meaning: Meaning;
  readonly header: readonly string[];
  readonly chosen: string | undefined;
  onChoose(column: string | undefined): void;
}

function ColumnChoice({ meaning, header, chosen, onChoose }: ColumnChoiceProps) {
  return (
    <Select
      className="field"
      selectedKey={chosen ?? noColumn}
      onSelectionChange={(key) => onChoose(key === noColumn ? undefined : String(key))}
    >
      <Label>{meaningNames[meaning]}</Label>
      <Button className="select">
        <SelectValue />
        <span aria-hidden="true">▾</span>
      </Button>
      <Popover className="popover">
        <ListBox className="list">
          {[noColumn, ...header].map((name) => (
            <ListBoxItem key={name} id={name} className="list-item">
              {name}
            </ListBoxItem>
          ))}
        </ListBox>
      </Popover>
    </Select>
  );
}

/** Asks for the preview anew whenever the mapping changes; the last one stays in sight meanwhile. */
function usePreview(file: ChosenFile, mapping: TraceMapping): TracePreview | undefined {
  const app = useApp();
  const [preview, setPreview] = useState<TracePreview>();
  useEffect(() => {
    let isCurrent = true;
    const hasMapping = Object.values(mapping).some((each) => each !== undefined);
    const params = { file: file.token, ...(hasMapping && { mapping }) };
    void app.try(async () => {
      const next = await app.client.call("trace.preview", params);
      if (isCurrent) setPreview(next);
    });
    return () => {
      isCurrent = false;
    };
  }, [app, file, mapping]);
  return preview;
}

interface ImportJob {
  readonly share: number;
  readonly text: string;
}

let lastImport = 0;

function useImport(file: ChosenFile, mapping: TraceMapping, name: string) {
  const app = useApp();
  const [job, setJob] = useState<ImportJob & { id: string }>();
  useEffect(
    () =>
      app.client.on((event) => {
        if (event.kind !== "progress") return;
        setJob((known) =>
          known?.id === event.job
            ? { ...known, share: event.share, text: event.text ?? "" }
            : known,
        );
      }),
    [app],
  );
  const start = () => {
    const id = `import-${++lastImport}`;
    setJob({ id, share: 0, text: "" });
    const hasMapping = Object.values(mapping).some((each) => each !== undefined);
    const params = { job: id, file: file.token, name, ...(hasMapping && { mapping }) };
    void app.try(async () => {
      try {
        const { trace } = await app.client.call("trace.import", params);
        await app.readTraces();
        app.go({ kind: "trace", id: trace.id });
      } finally {
        setJob(undefined);
      }
    });
  };
  const cancel = () => {
    if (job !== undefined) void app.client.call("job.cancel", { job: job.id });
  };
  return { job, start, cancel };
}

function PreviewRows({ preview }: { readonly preview: TracePreview }) {
  const hasModels = preview.rows.some(({ model }) => model !== null);
  const hasTenants = preview.rows.some(({ tenant }) => tenant !== null);
  const rows = preview.rows
    .slice(0, 12)
    .map((row, i) => [
      formatCount(i + 1),
      formatNumber(row.arrivalS),
      formatCount(row.promptTokens),
      formatCount(row.outputTokens),
      ...(hasModels ? [row.model ?? ""] : []),
      ...(hasTenants ? [row.tenant ?? ""] : []),
    ]);
  return (
    <DataTable
      caption="The first rows as they would be read"
      columns={[
        { heading: "Row", isFigure: true },
        { heading: "Arrival, s", isFigure: true },
        { heading: "Prompt tokens", isFigure: true },
        { heading: "Output tokens", isFigure: true },
        ...(hasModels ? [{ heading: "Model" }] : []),
        ...(hasTenants ? [{ heading: "Tenant" }] : []),
      ]}
      rows={rows}
      emptyText="No row can be read yet: say which column means what."
    />
  );
}

function Rejected({ preview }: { readonly preview: TracePreview }) {
  if (preview.rejected.length === 0) return null;
  return (
    <section>
      <h2>{formatCount(preview.rejected.length)} rows of this part would be left out</h2>
      <ul className="notes">
        {preview.rejected.slice(0, 8).map(({ line, text }) => (
          <li key={line}>{text}</li>
        ))}
      </ul>
    </section>
  );
}

export function ImportTraceView({ file }: { readonly file: ChosenFile }) {
  const app = useApp();
  const [mapping, setMapping] = useState<TraceMapping>({});
  const [name, setName] = useState(file.name);
  const preview = usePreview(file, mapping);
  const { job, start, cancel } = useImport(file, mapping, name);
  if (preview === undefined) return <p className="empty">Reading the first rows …</p>;
  const isKnown = preview.format !== null && !["csv", "jsonl"].includes(preview.format);
  return (
    <article className="sheet-body">
      <header>
        <h1>Import {file.name}</h1>
        <p className="lead">
          {preview.format === null ? "Its columns are not known." : `Read as ${preview.format}.`}{" "}
          {preview.problem}
        </p>
      </header>
      {!isKnown && (
        <section className="mapping" aria-label="Which column means what">
          {meanings.map((meaning) => (
            <ColumnChoice
              key={meaning}
              meaning={meaning}
              header={preview.header}
              chosen={mapping[meaning] ?? preview.columns[meaning]}
              onChoose={(column) => setMapping((known) => ({ ...known, [meaning]: column }))}
            />
          ))}
        </section>
      )}
      <PreviewRows preview={preview} />
      <Rejected preview={preview} />
      <TextField className="field" value={name} onChange={setName}>
        <Label>Name in the library</Label>
        <Input />
      </TextField>
      {job === undefined ? (
        <div className="row">
          <Button
            className="button primary"
            isDisabled={preview.rows.length === 0 || name.trim() === ""}
            onPress={start}
          >
            Import
          </Button>
          <Button className="button" onPress={() => app.go({ kind: "start" })}>
            Leave it
          </Button>
        </div>
      ) : (
        <div className="row">
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
        </div>
      )}
    </article>
  );
}
