/** Several scenarios as files, one after the other. */
import { useState } from "react";
import { Button, Checkbox } from "react-aria-components";
import { formatCount } from "../../../shared/reports/formatters.ts";
import { fetchTarget } from "../../api/chooseFiles.ts";
import { fileNameOf } from "../../components/CsvButton.tsx";
import { useApp, useWindow } from "../../components/useApp.ts";

function useExport() {
  const app = useApp();
  return (chosen: readonly { readonly id: string; readonly name: string }[]): void =>
    void app.try(async () => {
      await app.flush();
      let written = 0;
      for (const { id, name } of chosen) {
        const { target } = await app.client.call("files.chooseTarget", {
          ...{ purpose: "scenario", suggestedName: fileNameOf(name, "crossover") },
        });
        if (target === null) break;
        await app.client.call("scenario.export", { id, target: target.token });
        fetchTarget(app.client, target.token);
        written++;
      }
      app.notify(
        "info",
        `${formatCount(written)} of ${formatCount(chosen.length)} files are written.`,
      );
    });
}

export function ExportView() {
  const app = useApp();
  const scenarios = useWindow((state) => state.scenarios);
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const write = useExport();
  const chosen = scenarios.filter(({ id }) => !left.has(id));
  return (
    <article className="sheet-body">
      <header>
        <h1>Save scenarios as files</h1>
        <p className="lead">
          Each file holds everything but the rows of its trace: inputs, prices with their sources,
          models, coefficients, seed. It means the same in a year, on any machine. What is not saved
          as a version yet is not in its file.
        </p>
      </header>
      {scenarios.length === 0 ? (
        <p className="empty">The library has no scenarios to save.</p>
      ) : (
        <ul className="picker" aria-label="Scenarios to save">
          {scenarios.map(({ id, name, hasDraft }) => (
            <li key={id}>
              <Checkbox
                className="checkbox"
                isSelected={!left.has(id)}
                onChange={(isTaken) =>
                  setLeft((known) => {
                    const others = [...known].filter((each) => each !== id);
                    return new Set(isTaken ? others : [...others, id]);
                  })
                }
              >
                <span className="checkbox-box" aria-hidden="true" />
                {name}
                {hasDraft && <span className="dirty"> (unsaved changes stay out)</span>}
              </Checkbox>
            </li>
          ))}
        </ul>
      )}
      <div className="row">
        <Button
          className="button primary"
          isDisabled={chosen.length === 0}
          onPress={() => write(chosen)}
        >
          Save {chosen.length === 1 ? "1 file" : `${formatCount(chosen.length)} files`}
        </Button>
        <Button className="button" onPress={() => app.go({ kind: "start" })}>
          Leave it
        </Button>
      </div>
      <section>
        <h2>Other forms</h2>
        <p className="lead">
          A report for printing or as PDF stands under Print, tables have their CSV, charts their
          PNG and SVG. Decks and workbooks are not written by this version.
        </p>
      </section>
    </article>
  );
}
