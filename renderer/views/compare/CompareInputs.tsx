/** The inputs of the compared scenarios: only what differs, or all. */
import { useEffect, useState } from "react";
import { Checkbox } from "react-aria-components";
import type { ScenarioDocument } from "../../../shared/contract/common.ts";
import type { Comparison } from "../../../shared/planning/comparison/comparison.ts";
import { InlineMark } from "../../charts/Mark.tsx";
import { CsvButton } from "../../components/CsvButton.tsx";
import { useApp } from "../../components/useApp.ts";
import { allInputs, differingInputs, type InputRow } from "../../state/inputRows.ts";
import type { ComparedNames } from "./comparedNames.ts";

interface CompareInputsProps {
  readonly comparison: Comparison;
  readonly names: ComparedNames;
}

/** The documents as they stand, unsaved work included. */
function useDocuments(
  names: ComparedNames,
  isWanted: boolean,
): readonly ScenarioDocument[] | undefined {
  const app = useApp();
  const [documents, setDocuments] = useState<readonly ScenarioDocument[]>();
  useEffect(() => {
    let isCurrent = true;
    if (!isWanted) return;
    void app.try(async () => {
      const opened = await Promise.all(
        names.map(({ id }) => app.client.call("scenario.open", { id })),
      );
      if (isCurrent) setDocuments(opened.map(({ document, draft }) => draft?.document ?? document));
    });
    return () => {
      isCurrent = false;
    };
  }, [app, names, isWanted]);
  return documents;
}

function InputTable({
  rows,
  names,
}: {
  readonly rows: readonly InputRow[];
  readonly names: ComparedNames;
}) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: so that the keyboard can scroll it
    <section className="table-frame" tabIndex={0} aria-label="Inputs side by side">
      <table className="compare-table">
        <caption className="visually-hidden">Inputs of the scenarios side by side</caption>
        <thead>
          <tr>
            <th scope="col">Input</th>
            {names.map(({ id, name, short, style }) => (
              <th key={id} scope="col" title={name}>
                <InlineMark style={style} /> {short}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ path, cells, isDifferent }) => (
            <tr key={path} data-different={isDifferent}>
              <th scope="row">
                <code>{path}</code>
              </th>
              {cells.map((cell, i) => (
                <td key={names[i].id} data-same={cell === cells[0]}>
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

export function CompareInputs({ comparison, names }: CompareInputsProps) {
  const [onlyDifferent, setOnlyDifferent] = useState(true);
  const documents = useDocuments(names, !onlyDifferent);
  const rows =
    onlyDifferent || documents === undefined ? differingInputs(comparison) : allInputs(documents);
  return (
    <section>
      <h2>Inputs</h2>
      <div className="row">
        <Checkbox className="checkbox" isSelected={onlyDifferent} onChange={setOnlyDifferent}>
          <span className="checkbox-box" aria-hidden="true" />
          Only what differs
        </Checkbox>
        <CsvButton
          name="inputs"
          table={() => ({
            header: ["input", ...names.map(({ name }) => name)],
            rows: rows.map(({ path, cells }) => [path, ...cells]),
          })}
        />
      </div>
      {rows.length === 0 ? (
        <p className="empty">No input differs: the scenarios are the same but for their names.</p>
      ) : (
        <InputTable rows={rows} names={names} />
      )}
    </section>
  );
}
