/** New prices from a file: what would change stands here first; what is chosen is then taken in one step. */

import { useState } from "react";
import { Button, Checkbox } from "react-aria-components";
import type { PriceFileReply } from "../../../shared/contract/priceMethods.ts";
import { formatCount, formatUsdCents } from "../../../shared/reports/formatters.ts";
import { chooseFiles } from "../../api/chooseFiles.ts";
import { TableFrame } from "../../components/DataTable.tsx";
import { useEditing } from "../../components/editing.tsx";
import { useApp } from "../../components/useApp.ts";
import { differenceText, priceNames, pricesAsOf } from "./priceDifferences.ts";
import {
  applyRefresh,
  isChange,
  type OfferRefresh,
  offerRefreshes,
  type ProviderRefresh,
  providerRefreshes,
} from "./priceRefresh.ts";
import { priceText } from "./providerEdits.ts";
import { type TierDifference, tierKey, tierName, tierPriceText } from "./tierDifferences.ts";

interface Line {
  readonly key: string;
  readonly of: string;
  readonly what: string;
  readonly own: string;
  readonly other: string;
  readonly change: string;
}

function providerLines(refresh: ProviderRefresh): Line[] {
  const { id } = refresh;
  const prices = refresh.differences.map(({ field, own, other, relative }) => ({
    key: `${id} ${field}`,
    of: id,
    what: priceNames[field],
    own: priceText(field, own),
    other: priceText(field, other),
    change: differenceText(relative === undefined ? undefined : 1 / (1 + relative) - 1) ?? "new",
  }));
  return [...prices, ...refresh.tiers.map((each) => tierLine(id, each))];
}

function tierLine(id: string, difference: TierDifference): Line {
  const head = { key: `${id} ${tierKey(difference)}`, of: id, what: tierName(difference) };
  if (difference.kind === "added") {
    return { ...head, own: "none", other: tierPriceText(difference.tier), change: "new" };
  }
  if (difference.kind === "gone") {
    return { ...head, own: tierPriceText(difference.tier), other: "none", change: "gone" };
  }
  const { field, own, other } = difference;
  const relative = own === undefined || own === 0 ? undefined : other / own - 1;
  return {
    ...{ ...head, own: priceText(field, own), other: priceText(field, other) },
    change: differenceText(relative) ?? "new",
  };
}

function offerLine({ kind, index, id, own, offer }: OfferRefresh): Line {
  const relative = own === 0 ? undefined : (offer.usdPerGpuHour - own) / own;
  return {
    ...{ key: `${kind} ${index}`, of: id, what: "GPU hour" },
    own: `$${formatUsdCents(own)}`,
    other: `$${formatUsdCents(offer.usdPerGpuHour)}`,
    change: differenceText(relative) ?? "new",
  };
}

const forms = {
  catalog: "the catalog's form",
  scenario: "a scenario",
  litellm: "LiteLLM's list",
} as const;

function DifferenceTable(props: {
  readonly lines: readonly Line[];
  readonly left: ReadonlySet<string>;
  onToggle(key: string, isTaken: boolean): void;
}) {
  const { lines, left, onToggle } = props;
  return (
    <TableFrame>
      <table>
        <caption className="visually-hidden">Prices that would change</caption>
        <thead>
          <tr>
            <th scope="col">Take</th>
            <th scope="col">Of</th>
            <th scope="col">Price</th>
            <th scope="col" className="figure-cell">
              Now
            </th>
            <th scope="col" className="figure-cell">
              File
            </th>
            <th scope="col" className="figure-cell">
              Change
            </th>
          </tr>
        </thead>
        <tbody>
          {lines.map(({ key, of, what, own, other, change }) => (
            <tr key={key}>
              <td>
                <Checkbox
                  className="checkbox"
                  aria-label={`Take ${what} of ${of}`}
                  isSelected={!left.has(key)}
                  onChange={(isTaken) => onToggle(key, isTaken)}
                >
                  <span className="checkbox-box" aria-hidden="true" />
                </Checkbox>
              </td>
              <td>{of}</td>
              <td>{what}</td>
              <td className="figure-cell">{own}</td>
              <td className="figure-cell">{other}</td>
              <td className="figure-cell">{change}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}

/** The refreshes without the lines that are left as they are. */
function taken(all: readonly ProviderRefresh[], left: ReadonlySet<string>): ProviderRefresh[] {
  return all
    .map((each) => ({
      ...each,
      differences: each.differences.filter(({ field }) => !left.has(`${each.id} ${field}`)),
      tiers: each.tiers.filter((tier) => !left.has(`${each.id} ${tierKey(tier)}`)),
    }))
    .filter(isChange);
}

function Found({ file, onDone }: { readonly file: PriceFileReply; onDone(): void }) {
  const { input, edit } = useEditing();
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const providers = providerRefreshes(input, file);
  const offers = offerRefreshes(input, file);
  const lines = [...providers.flatMap(providerLines), ...offers.map(offerLine)];
  const missing = providers.filter(({ entry }) => entry === undefined).map(({ id }) => id);
  const asOf = pricesAsOf(file.models.flatMap(({ price }) => price.provenance));
  const toggle = (key: string, isTaken: boolean): void => {
    const next = new Set(left);
    if (isTaken) next.delete(key);
    else next.add(key);
    setLeft(next);
  };
  const apply = (): void => {
    const chosen = offers.filter(({ kind, index }) => !left.has(`${kind} ${index}`));
    edit(`refresh prices from ${file.fileName}`, (draft) =>
      applyRefresh(draft, taken(providers, left), chosen, file.fileName),
    );
    onDone();
  };
  return (
    <div className="refresh">
      <p className="lead">
        {file.fileName}, {forms[file.form]}: {formatCount(file.models.length)}{" "}
        {file.models.length === 1 ? "model" : "models"} and {formatCount(file.offers.length)} GPU{" "}
        {file.offers.length === 1 ? "offer" : "offers"}
        {asOf !== undefined && `, as of ${asOf}`}.
        {missing.length > 0 && ` It has nothing for ${missing.join(", ")}.`}
      </p>
      {lines.length === 0 ? (
        <p className="source">No price of this scenario would change.</p>
      ) : (
        <DifferenceTable lines={lines} left={left} onToggle={toggle} />
      )}
      {file.rejects.length > 0 && (
        <p className="field-note" data-tone="warn">
          ▲{" "}
          {file.rejects.length === 1
            ? "1 entry could not be read:"
            : `${formatCount(file.rejects.length)} entries could not be read, the first:`}{" "}
          {file.rejects[0].entry}, {file.rejects[0].reason}.
        </p>
      )}
      <div className="row">
        {lines.length > 0 && (
          <Button
            className="button primary"
            isDisabled={left.size === lines.length}
            onPress={apply}
          >
            Take {formatCount(lines.length - left.size)}{" "}
            {lines.length - left.size === 1 ? "price" : "prices"}
          </Button>
        )}
        <Button className="button" onPress={onDone}>
          {lines.length === 0 ? "Close" : "Leave all as they are"}
        </Button>
      </div>
    </div>
  );
}

export function RefreshPrices() {
  const app = useApp();
  const [file, setFile] = useState<PriceFileReply>();
  const [problem, setProblem] = useState<string>();
  const choose = async (): Promise<void> => {
    try {
      const [chosen] = await chooseFiles(app.client, "prices", false);
      if (chosen === undefined) return;
      setFile(undefined);
      setProblem(undefined);
      setFile(await app.client.call("prices.read", { file: chosen.token }));
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <section aria-label="Refresh prices">
      <Button className="button small" onPress={() => void choose()}>
        Refresh prices from a file
      </Button>
      {problem !== undefined && (
        <p className="problem refresh-problem" role="alert">
          {problem}
        </p>
      )}
      {file !== undefined && <Found file={file} onDone={() => setFile(undefined)} />}
    </section>
  );
}
