/** Chosen scenario files before they enter the library: what each holds, what is wrong with it, what it lacks. */
import { useEffect, useState } from "react";
import { Button, Checkbox } from "react-aria-components";
import type { ChosenFile } from "../../../shared/contract/hostMethods.ts";
import type { ScenarioPreview } from "../../../shared/contract/scenarioMethods.ts";
import { formatCount } from "../../../shared/reports/formatters.ts";
import { CallFailed } from "../../api/client.ts";
import { useApp, useWindow } from "../../components/useApp.ts";

type Looked =
  | { readonly kind: "preview"; readonly preview: ScenarioPreview }
  | { readonly kind: "unreadable"; readonly message: string };

/** Looks into each file; nothing enters the library. */
function useLooks(files: readonly ChosenFile[]): ReadonlyMap<string, Looked> {
  const app = useApp();
  const [looks, setLooks] = useState<ReadonlyMap<string, Looked>>(new Map());
  useEffect(() => {
    let isCurrent = true;
    const keep = (token: string, looked: Looked): void => {
      if (isCurrent) setLooks((known) => new Map([...known, [token, looked]]));
    };
    for (const { token } of files) {
      app.client.call("scenario.preview", { file: token }).then(
        (preview) => keep(token, { kind: "preview", preview }),
        (error: unknown) => {
          const message = error instanceof Error ? error.message : String(error);
          keep(token, { kind: "unreadable", message });
        },
      );
    }
    return () => {
      isCurrent = false;
    };
  }, [app, files]);
  return looks;
}

function contentLine({ summary }: ScenarioPreview): string {
  const gpus = summary.gpus === 0 ? "no own GPUs" : `${formatCount(summary.gpus)} GPUs`;
  const apis = summary.providers.length === 0 ? "no API" : summary.providers.join(", ");
  return `${gpus}, ${apis}, traffic from ${summary.sources.join(", ")}`;
}

function Findings({ preview }: { readonly preview: ScenarioPreview }) {
  const missing = preview.traces.filter(({ isInLibrary }) => !isInLibrary);
  const { problems, warnings, unknownFields } = preview;
  return (
    <ul className="notes">
      {problems.map(({ field, message }) => (
        <li key={`${field}:${message}`} data-tone="bad">
          <span aria-hidden="true">✕ </span>
          <code>{field}</code>: {message}
        </li>
      ))}
      {missing.map(({ source, file }) => (
        <li key={source} data-tone="warn">
          <span aria-hidden="true">▲ </span>Its source {source} replays {file}, which the library
          does not have: import that trace too.
        </li>
      ))}
      {warnings.map(({ field, message }) => (
        <li key={`${field}:${message}`}>
          <code>{field}</code>: {message}
        </li>
      ))}
      {unknownFields.length > 0 && (
        <li>Kept as they are, and not interpreted: {unknownFields.join(", ")}.</li>
      )}
    </ul>
  );
}

interface RowProps {
  readonly file: ChosenFile;
  readonly looked: Looked | undefined;
  readonly isTaken: boolean;
  onTake(isTaken: boolean): void;
}

function PreviewRow({ file, looked, isTaken, onTake }: RowProps) {
  const isKnown = useWindow((state) =>
    state.scenarios.some(({ name }) => looked?.kind === "preview" && name === looked.preview.name),
  );
  if (looked === undefined) return <li className="import-row">{file.name}: being read …</li>;
  if (looked.kind === "unreadable") {
    return (
      <li className="import-row">
        <h2>{file.name}</h2>
        <p className="problem">{looked.message}</p>
      </li>
    );
  }
  const { preview } = looked;
  return (
    <li className="import-row">
      <Checkbox className="checkbox" isSelected={isTaken} onChange={onTake}>
        <span className="checkbox-box" aria-hidden="true" />
        <span className="import-name">{preview.name}</span>
      </Checkbox>
      <p className="lead">
        {file.name}. {contentLine(preview)}.
        {isKnown && " The library has one of this name; this one is added beside it."}
      </p>
      <Findings preview={preview} />
    </li>
  );
}

interface ScenarioPreviewsProps {
  readonly files: readonly ChosenFile[];
  /** After the import: ids of what is in the library now. */
  onDone(ids: readonly string[]): void;
  onLeave(): void;
}

export function ScenarioPreviews({ files, onDone, onLeave }: ScenarioPreviewsProps) {
  const app = useApp();
  const looks = useLooks(files);
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const taken = files.filter(
    ({ token }) => looks.get(token)?.kind === "preview" && !left.has(token),
  );
  const isReady = files.every(({ token }) => looks.has(token));
  const take = (): void =>
    void app.try(async () => {
      const ids: string[] = [];
      for (const { token, name } of taken) {
        try {
          ids.push((await app.client.call("scenario.import", { file: token })).id);
        } catch (error) {
          if (!(error instanceof CallFailed)) throw error;
          app.notify("bad", `${name}: ${error.message}`);
        }
      }
      await app.readScenarios();
      onDone(ids);
    });
  const count = taken.length === 1 ? "it" : `${formatCount(taken.length)} scenarios`;
  return (
    <>
      <header>
        <h1>
          Open {files.length === 1 ? files[0].name : `${formatCount(files.length)} scenario files`}
        </h1>
        <p className="lead">Nothing has entered the library yet.</p>
      </header>
      <ul className="import-list">
        {files.map((file) => (
          <PreviewRow
            key={file.token}
            file={file}
            looked={looks.get(file.token)}
            isTaken={!left.has(file.token)}
            onTake={(isTaken) =>
              setLeft((known) => {
                const others = [...known].filter((token) => token !== file.token);
                return new Set(isTaken ? others : [...others, file.token]);
              })
            }
          />
        ))}
      </ul>
      <div className="row">
        <Button
          className="button primary"
          isDisabled={!isReady || taken.length === 0}
          onPress={take}
        >
          Take {count} into the library
        </Button>
        <Button className="button" onPress={onLeave}>
          Leave {files.length === 1 ? "it" : "them"}
        </Button>
      </div>
    </>
  );
}
