/** Published figures set against what this engine finds: reproduced, only under an assumption, or refuted. */
import { useState } from "react";
import { Button, ProgressBar } from "react-aria-components";
import type {
  CheckResult,
  ClaimLedger,
  LedgerEntry,
  Verdict,
} from "../../../shared/planning/claims/ledger.ts";
import {
  formatDifference,
  formatFigure,
  formatFound,
} from "../../../shared/reports/claimFigures.ts";
import { fillNote, verdictWords } from "../../../shared/reports/claimsText.ts";
import { formatGiven } from "../../../shared/reports/formatters.ts";
import { useApp } from "../../components/useApp.ts";
import type { App } from "../../state/appState.ts";
import { Choice } from "./Choice.tsx";
import { useJob } from "./useJob.ts";

const marks: Readonly<Record<Verdict, string>> = {
  reproduced: "✓",
  reproducedUnderAssumption: "~",
  refuted: "✕",
  notComputed: "–",
};

function Check({ check }: { readonly check: CheckResult }) {
  return (
    <tr>
      <td>
        {check.what}
        <span className="figure-note">
          <code>{check.formula}</code>
        </span>
      </td>
      <td className="figure-cell">{check.published.text}</td>
      <td className="figure-cell">{formatFound(check)}</td>
      <td className="figure-cell">{formatDifference(check)}</td>
      <td>{check.assumption ?? ""}</td>
    </tr>
  );
}

function Inputs({ entry }: { readonly entry: LedgerEntry }) {
  const inputs = entry.checks.flatMap((check) => check.inputs);
  const unique = [...new Map(inputs.map((each) => [each.name, each])).values()];
  if (unique.length === 0) return null;
  return (
    <details>
      <summary>Quantities behind it</summary>
      <ul className="notes">
        {unique.map(({ name, value, unit, about }) => (
          <li key={name}>
            <code>{name}</code> {formatFigure(value, unit)}: {about}
          </li>
        ))}
      </ul>
    </details>
  );
}

function Claim({ entry }: { readonly entry: LedgerEntry }) {
  const { verdict, claim, title, checks, note, noteValues, assumption, provenance } = entry;
  return (
    <article className="claim" data-verdict={verdict}>
      <h3>
        <span className="claim-mark" aria-hidden="true">
          {marks[verdict]}
        </span>
        {title}
        <span className="claim-verdict">{verdictWords[verdict].toLowerCase()}</span>
      </h3>
      <blockquote>{claim}</blockquote>
      {checks.length > 0 && (
        <div className="table-frame">
          <table>
            <caption className="visually-hidden">{title}</caption>
            <thead>
              <tr>
                <th scope="col">figure</th>
                <th scope="col" className="figure-cell">
                  published
                </th>
                <th scope="col" className="figure-cell">
                  found
                </th>
                <th scope="col" className="figure-cell">
                  difference
                </th>
                <th scope="col">they meet if</th>
              </tr>
            </thead>
            <tbody>
              {checks.map((check) => (
                <Check key={check.what} check={check} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {assumption !== null && <p>{assumption}</p>}
      {note !== undefined && <p>{fillNote(note, noteValues)}</p>}
      <Inputs entry={entry} />
      <p className="hash">
        {provenance.source}, {provenance.retrievedOn}
      </p>
    </article>
  );
}

function Ledger({ ledger }: { readonly ledger: ClaimLedger }) {
  const [shown, setShown] = useState<Verdict | "all">("all");
  const verdicts = Object.entries(ledger.counts) as [Verdict, number][];
  return (
    <>
      <Choice
        label="Show claims by verdict"
        value={shown}
        options={[
          ["all", `All ${formatGiven(ledger.claims.length)}`],
          ...verdicts
            .filter(([, count]) => count > 0)
            .map(([verdict, count]): [Verdict, string] => [
              verdict,
              `${marks[verdict]} ${formatGiven(count)} ${verdictWords[verdict].toLowerCase()}`,
            ]),
        ]}
        onChange={setShown}
      />
      {Object.entries(ledger.groups).map(([group, title]) => {
        const claims = ledger.claims.filter(
          (each) => each.group === group && (shown === "all" || each.verdict === shown),
        );
        if (claims.length === 0) return null;
        return (
          <section key={group} className="claims">
            <h2>{title}</h2>
            {claims.map((entry) => (
              <Claim key={entry.id} entry={entry} />
            ))}
          </section>
        );
      })}
    </>
  );
}

/** The ledger last run, for as long as the window lives: it is the same for all scenarios. */
const lastLedgers = new WeakMap<App, ClaimLedger>();

export function ClaimsView() {
  const app = useApp();
  const job = useJob(async (name) => {
    const { ledger } = await app.client.call("claims.run", { job: name });
    lastLedgers.set(app, ledger as object as ClaimLedger);
  });
  const ledger = lastLedgers.get(app);
  return (
    <>
      <header className="study-bar">
        <p className="lead">
          Figures that are published about self-hosting against APIs, each computed or simulated
          here. About half a minute the first time; kept after that.
        </p>
        {!job.isRunning && ledger === undefined && (
          <div className="row">
            <Button className="button primary" onPress={job.start}>
              Check the claims
            </Button>
          </div>
        )}
        {job.isRunning && (
          <div className="row study-progress">
            <ProgressBar className="progress" value={job.share * 100} aria-label="Checking claims">
              {({ percentage }) => (
                <>
                  <span className="progress-fill" style={{ width: `${percentage ?? 0}%` }} />
                  <span className="progress-text">simulating the claims' cases</span>
                </>
              )}
            </ProgressBar>
            <Button className="button small" onPress={job.cancel}>
              Cancel
            </Button>
          </div>
        )}
        {job.problem !== undefined && (
          <p className="problem" role="alert">
            {job.problem}
          </p>
        )}
      </header>
      {ledger !== undefined && <Ledger ledger={ledger} />}
    </>
  );
}
