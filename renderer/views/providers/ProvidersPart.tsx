/** APIs and what they charge: those of the scenario, the catalog's to add, prices side by side. */

import { Button } from "react-aria-components";
import { formatGiven } from "../../../shared/reports/formatters.ts";
import type { Provider } from "../../../shared/schema/routing.ts";
import { TableFrame } from "../../components/DataTable.tsx";
import { useEditing } from "../../components/editing.tsx";
import { freeId } from "../../components/ids.ts";
import { More } from "../../components/More.tsx";
import { PartProblems } from "../../components/PartProblems.tsx";
import { Term } from "../../components/Term.tsx";
import { today } from "../../components/today.ts";
import { useCatalog } from "../../components/useCatalog.ts";
import { ProviderEditor } from "./ProviderEditor.tsx";
import { isByHand, priceDifferences, pricesAsOf } from "./priceDifferences.ts";
import { blankProvider, catalogEntryOf, providersOf } from "./providerEdits.ts";
import { RefreshPrices } from "./RefreshPrices.tsx";

function Summary() {
  const { input } = useEditing();
  const catalog = useCatalog();
  const providers = input.providers ?? [];
  const dates = providers.map(({ price }) => pricesAsOf(price?.provenance) ?? "").filter(Boolean);
  const [oldest] = [...dates].sort();
  const changed = providers.filter((each) => {
    const entry = catalogEntryOf(catalog.providers, each);
    return entry !== undefined && priceDifferences(each.price, entry.price).length > 0;
  });
  const byHand = providers.filter(({ price }) => isByHand(price?.provenance));
  if (providers.length === 0) {
    return <p className="lead">No providers: all traffic stays on own GPUs. Add some below.</p>;
  }
  return (
    <p className="lead">
      Prices as of {oldest ?? "no date"}, copied into the scenario so that it means the same in a
      year.{" "}
      {changed.length > 0 &&
        `${changed.map(({ id }) => id).join(", ")} ${changed.length === 1 ? "differs" : "differ"} from the catalog. `}
      {byHand.length > 0 &&
        `${byHand.map(({ id }) => id).join(", ")} ${byHand.length === 1 ? "has" : "have"} prices entered by hand. `}
      Prompts seen before may be billed as <Term word="cached input" />; work that can wait goes by{" "}
      <Term word="batch API" />.
    </p>
  );
}

function price(value: number | undefined): string {
  return value === undefined ? "-" : formatGiven(value, 2);
}

function CatalogRow({ each }: { readonly each: Provider }) {
  const { input, edit } = useEditing();
  const isThere = (input.providers ?? []).some(({ id }) => id === each.id);
  const { inputUsdPerMTok, cachedInputUsdPerMTok, outputUsdPerMTok, batchDiscount, provenance } =
    each.price;
  return (
    <tr>
      <td className="action-cell">
        <Button
          className="button small"
          aria-label={`${isThere ? "Add again" : "Add"} ${each.name}`}
          onPress={() =>
            edit(`add ${each.name}`, (draft) => {
              const providers = providersOf(draft);
              providers.push({ ...each, id: freeId(each.id, providers) });
            })
          }
        >
          {isThere ? "Add again" : "Add"}
        </Button>
      </td>
      <th scope="row" className="row-name">
        {each.name}
      </th>
      <td className="figure-cell">{price(inputUsdPerMTok)}</td>
      <td className="figure-cell">{price(cachedInputUsdPerMTok)}</td>
      <td className="figure-cell">{price(outputUsdPerMTok)}</td>
      <td className="figure-cell">
        {batchDiscount === undefined ? "-" : `-${formatGiven(batchDiscount * 100)} %`}
      </td>
      <td className="date-cell">{pricesAsOf(provenance)}</td>
    </tr>
  );
}

function AddProviders({ isOpen }: { readonly isOpen: boolean }) {
  const catalog = useCatalog();
  const { edit } = useEditing();
  return (
    <section className="add-part" aria-label="Add providers">
      <h2 className="visually-hidden">More providers</h2>
      <More
        title="Add providers"
        summary={`${catalog.providers.length} in the catalog, prices side by side`}
        isOpen={isOpen}
      >
        <TableFrame>
          <table className="catalog-table">
            <caption className="visually-hidden">Providers of the catalog</caption>
            <thead>
              <tr>
                <th scope="col">
                  <span className="visually-hidden">Add</span>
                </th>
                <th scope="col">Provider</th>
                {["Input, $/M", "Cached, $/M", "Output, $/M", "Batch"].map((heading) => (
                  <th key={heading} scope="col" className="figure-cell">
                    {heading}
                  </th>
                ))}
                <th scope="col">As of</th>
              </tr>
            </thead>
            <tbody>
              {catalog.providers.map((each) => (
                <CatalogRow key={each.id} each={each} />
              ))}
            </tbody>
          </table>
        </TableFrame>
        <Button
          className="button small"
          onPress={() =>
            edit(
              "add a provider",
              (draft) => void providersOf(draft).push(blankProvider(draft, today())),
            )
          }
        >
          Add one of your own
        </Button>
      </More>
    </section>
  );
}

export function ProvidersPart() {
  const { input } = useEditing();
  const providers = input.providers ?? [];
  return (
    <>
      <Summary />
      <RefreshPrices />
      <PartProblems fields={["providers"]} />
      {providers.map((_, i) => (
        <ProviderEditor key={`providers[${String(i)}]`} index={i} />
      ))}
      <AddProviders isOpen={providers.length === 0} />
    </>
  );
}
