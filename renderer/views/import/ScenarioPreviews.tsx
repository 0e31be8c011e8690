/** Chosen scenario files before they enter the library: what each holds, what is wrong with it, what it lacks, and whether it is there already. */
import { useEffect, useMemo, useState } from "react";
import { Button, Checkbox } from "react-aria-components";
import type { ChosenFile } from "../../../shared/contract/hostMethods.ts";
import type { ScenarioPreview } from "../../../shared/contract/scenarioMethods.ts";
import { formatCount } from "../../../shared/reports/formatters.ts";
import { CallFailed } from "../../api/client.ts";
import { useApp, useWindow } from "../../components/useApp.ts";
import type { App } from "../../state/appState.ts";
import { type Looked, standingOf } from "./scenarioStanding.ts";

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
  const { gpus, providers, sources } = summary;
  const own = gpus === 0 ? "no own GPUs" : gpus === 1 ? "one GPU" : `${formatCount(gpus)} own GPUs`;
  const apis = providers.length === 0 ? "no API" : providers.join(", ");
  const traffic = sources.length === 0 ? "no traffic" : `traffic from ${sources.join(", ")}`;
  return `${own}, ${apis}, ${traffic}`;
}

function Findings({ preview }: { readonly preview: ScenarioPreview }) {
  const missing = preview.traces.filter(({ isInLibrary }) => !isInLibrary);
  const { problems, warnings } = preview;
  const told = warnings.map(({ field }) => field);
  const unknownFields = preview.unknownFields.filter((field) => !told.includes(field));
  return (
    <ul className="notes">
      {problems.map(({ field, message }) => (
        <li key={`${field}:${message}`} data-tone="bad">
          <span aria-hidden="true">✕ </span>
          {field !== "" && <code>{field}: </code>}
          {message}
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
  /** Of the files before it in the list. */
  readonly earlier: readonly Looked[];
  readonly isTaken: boolean;
  onTake(isTaken: boolean): void;
}

function PreviewRow({ file, looked, earlier, isTaken, onTake }: RowProps) {
  const names = useWindow((state) => state.scenarios);
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
  const { canTake, note } = standingOf(
    preview,
    earlier,
    names.map(({ name }) => name),
  );
  return (
    <li className="import-row">
      <Checkbox className="checkbox" isSelected={isTaken} isDisabled={!canTake} onChange={onTake}>
        <span className="checkbox-box" aria-hidden="true" />
        <span className="import-name">{preview.name}</span>
      </Checkbox>
      <p className="lead">
        {file.name}. {contentLine(preview)}. {note}
      </p>
      <Findings preview={preview} />
    </li>
  );
}

/** Takes the files in, one after the other: one that fails does not keep the others out. Ids of what is in the library now. */
async function takeAll(app: App, files: readonly ChosenFile[]): Promise<string[]> {
  const ids: string[] = [];
  for (const { token, name } of files) {
    try {
      ids.push((await app.client.call("scenario.import", { file: token })).id);
    } catch (error) {
      if (!(error instanceof CallFailed)) throw error;
      app.notify("bad", `${name} was not taken in: ${error.message}`);
    }
  }
  await app.readScenarios();
  if (files.length > 1 && ids.length > 0) {
    const count = ids.length === files.length ? "All" : `${formatCount(ids.length)} of`;
    app.notify("info", `${count} ${formatCount(files.length)} scenarios are in the library.`);
  }
  return ids;
}

interface ScenarioPreviewsProps {
  readonly files: readonly ChosenFile[];
  /** After the import: ids of what is in the library now. */
  onDone(ids: readonly string[]): void;
  onLeave(): void;
}

/** Which files are taken: those that can be and are not there already, unless the person says otherwise. */
function useChoice(files: readonly ChosenFile[], looks: ReadonlyMap<string, Looked>) {
  const [said, setSaid] = useState<ReadonlyMap<string, boolean>>(new Map());
  const earlierOf = (i: number): Looked[] =>
    files.slice(0, i).flatMap(({ token }) => looks.get(token) ?? []);
  const isTaken = (token: string, i: number): boolean => {
    const looked = looks.get(token);
    if (looked?.kind !== "preview") return false;
    const { canTake, isThere } = standingOf(looked.preview, earlierOf(i), []);
    return canTake && (said.get(token) ?? !isThere);
  };
  const say = (token: string, taken: boolean): void =>
    setSaid((known) => new Map([...known, [token, taken]]));
  return { isTaken, earlierOf, say };
}

export function ScenarioPreviews({ files, onDone, onLeave }: ScenarioPreviewsProps) {
  const app = useApp();
  const looks = useLooks(files);
  const { isTaken, earlierOf, say } = useChoice(files, looks);
  const taken = files.filter(({ token }, i) => isTaken(token, i));
  const isReady = useMemo(() => files.every(({ token }) => looks.has(token)), [files, looks]);
  const take = (): void => void app.try(async () => onDone(await takeAll(app, taken)));
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
        {files.map((file, i) => (
          <PreviewRow
            key={file.token}
            file={file}
            looked={looks.get(file.token)}
            earlier={earlierOf(i)}
            isTaken={isTaken(file.token, i)}
            onTake={(next) => say(file.token, next)}
          />
        ))}
      </ul>
      <div className="row">
        {taken.length > 0 && (
          <Button className="button primary" isDisabled={!isReady} onPress={take}>
            Take {count} into the library
          </Button>
        )}
        <Button className="button" onPress={onLeave}>
          Leave {files.length === 1 ? "it" : "them"}
        </Button>
        {isReady && taken.length === 0 && (
          <span className="drop-hint">None of these is to be taken in.</span>
        )}
      </div>
    </>
  );
}
