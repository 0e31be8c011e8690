/** GPUs of the catalog as cards: what they are, what an hour costs where, and two ways to take them. */
import { Button } from "react-aria-components";
import { formatNumber, formatUsd, formatUsdCents } from "../../../shared/reports/formatters.ts";
import type { Gpu, GpuOffer } from "../../../shared/schema/catalog.ts";
import { useEditing } from "../../components/editing.tsx";
import { More } from "../../components/More.tsx";
import { shortSource } from "../../components/shortSource.ts";
import { Term } from "../../components/Term.tsx";
import { today } from "../../components/today.ts";
import { useApp } from "../../components/useApp.ts";
import { useCatalog, useCatalogProblem } from "../../components/useCatalog.ts";
import { pricesAsOf } from "../providers/priceDifferences.ts";
import { fitQuestion } from "./fitQuestions.ts";
import { monthRentUsd, offersOf } from "./gpuOffers.ts";
import { addPartition, addPool, modelForNew, unpriced } from "./newParts.ts";

/** The fewest GPUs on which the model of a new pool fits; 1 where that is not known. */
function useFewestGpus() {
  const { shelf, client } = useApp();
  const { input } = useEditing();
  void shelf;
  return async (gpu: string): Promise<number> => {
    const pool = { ...modelForNew(input), id: "new", gpu, replicas: 1, tensorParallel: 1 as const };
    const question = fitQuestion(input, pool);
    if (question === undefined) return 1;
    const { fit, wouldFit } = await client.call("catalog.fit", question);
    if (fit.fits) return 1;
    const larger = wouldFit.find(
      (each) =>
        each.gpu === gpu &&
        each.profile === undefined &&
        each.precision === fit.precision &&
        each.kvPrecision === fit.kvPrecision,
    );
    return larger?.tensorParallel ?? 1;
  };
}

interface OfferProps {
  readonly offer: GpuOffer;
  readonly gpu: Gpu;
}

/** The two ways to take a GPU. */
function Take({ offer, gpu }: OfferProps) {
  const app = useApp();
  const { editFilled } = useEditing();
  const fewestGpus = useFewestGpus();
  return (
    <span className="offer-actions">
      <Button
        className="button small"
        onPress={() =>
          void app.try(async () => {
            const group = await fewestGpus(offer.gpu);
            editFilled(`add ${offer.gpu}`, (draft) => addPool(draft, offer, group));
          })
        }
      >
        Add as a pool
      </Button>
      {gpu.migProfiles.length > 0 && (
        <Button
          className="button small quiet"
          onPress={() =>
            editFilled(`add ${offer.gpu}, cut`, (draft) => addPartition(draft, offer, gpu))
          }
        >
          Add cut into instances
        </Button>
      )}
    </span>
  );
}

function Offer({ offer, gpu }: OfferProps) {
  const { input } = useEditing();
  const [{ source }] = offer.provenance;
  return (
    <li className="offer">
      <span className="offer-name">{offer.name}</span>
      <span className="offer-price">
        ${formatUsdCents(offer.usdPerGpuHour)}
        <span className="unit"> / h</span>
        <span className="offer-month">
          {" "}
          {formatUsd(monthRentUsd(input, offer.usdPerGpuHour, 1))} a month
        </span>
      </span>
      <span className="source" title={source}>
        {pricesAsOf(offer.provenance)}, {shortSource(source)}
      </span>
      <Take offer={offer} gpu={gpu} />
    </li>
  );
}

function GpuCard({ gpu, offers }: { readonly gpu: Gpu; readonly offers: readonly GpuOffer[] }) {
  const tflops = gpu.f8Flops ?? gpu.f16Flops;
  return (
    <li className="gpu-card">
      <h4>{gpu.name}</h4>
      <p className="source">
        {formatNumber(gpu.memoryGib)} GiB, {formatNumber(gpu.bandwidthBytesPerS / 1e12)} TB/s,{" "}
        {formatNumber(tflops / 1e12)} TFLOP/s {gpu.f8Flops === undefined ? "bf16" : "fp8"},{" "}
        {gpu.interconnect.kind === "nvlink"
          ? "NVLink"
          : gpu.interconnect.kind === "pcie"
            ? "PCIe"
            : "NVLink bridge"}{" "}
        over {gpu.interconnect.maxGpus}
      </p>
      {offers.length === 0 ? (
        <div className="offer">
          <span className="source">
            The catalog has no price for it: enter your own once added.
          </span>
          <Take offer={unpriced(gpu, today())} gpu={gpu} />
        </div>
      ) : (
        <ul className="offers">
          {offers.map((offer) => (
            <Offer key={offer.id} offer={offer} gpu={gpu} />
          ))}
        </ul>
      )}
    </li>
  );
}

export function AddGpus({ isOpen }: { readonly isOpen: boolean }) {
  const catalog = useCatalog();
  const problem = useCatalogProblem();
  const cards = catalog.gpus.map((gpu) => ({ gpu, offers: offersOf(catalog, gpu.id) }));
  cards.sort((a, b) => Number(b.offers.length > 0) - Number(a.offers.length > 0));
  return (
    <section className="add-part" aria-label="Add GPUs">
      <h2 className="visually-hidden">More GPUs</h2>
      <More
        title="Add GPUs"
        summary={`${catalog.offers.length} offers of ${catalog.gpus.length} GPUs in the catalog`}
        isOpen={isOpen}
      >
        {problem !== undefined && <p className="problem">{problem}</p>}
        <p className="lead">
          A pool takes whole GPUs. A GPU cut into instances (<Term word="MIG" />) is shared by pools
          of smaller models.
        </p>
        <ul className="gpu-cards">
          {cards.map(({ gpu, offers }) => (
            <GpuCard key={gpu.id} gpu={gpu} offers={offers} />
          ))}
        </ul>
      </More>
    </section>
  );
}
