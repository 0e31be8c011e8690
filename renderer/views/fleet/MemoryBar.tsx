/** The memory of one GPU of a replica: weights, activations, KV cache, and what the engine leaves; where it does not fit, the arithmetic and what would. */
import { Button } from "react-aria-components";
import type { FitResult } from "../../../shared/contract/catalogMethods.ts";
import { formatCount, formatNumber, formatTokens } from "../../../shared/reports/formatters.ts";
import { DataTable } from "../../components/DataTable.tsx";
import { More } from "../../components/More.tsx";
import { useFit } from "../../components/useCatalog.ts";
import { fitQuestion } from "./fitQuestions.ts";
import { type PoolEditing, usePool } from "./poolContext.ts";

const bytesPerGib = 2 ** 30;

function gib(bytes: number): string {
  return formatNumber(bytes / bytesPerGib);
}

interface Part {
  readonly kind: "weights" | "activations" | "kv" | "left";
  readonly label: string;
  readonly bytes: number;
}

/** Parts of the bar, in order; together the usable memory, or more where it does not fit. */
export function barParts(fit: FitResult): Part[] {
  const used = fit.weightBytesPerGpu + fit.activationBytes + fit.kvBytes;
  const parts: Part[] = [
    { kind: "weights", label: "weights", bytes: fit.weightBytesPerGpu },
    { kind: "activations", label: "activations", bytes: fit.activationBytes },
    { kind: "kv", label: "KV cache", bytes: fit.kvBytes },
    { kind: "left", label: "left by the engine", bytes: Math.max(0, fit.usableBytes - used) },
  ];
  return parts.filter(({ bytes }) => bytes > 0);
}

/** What a placement is, in the words by which it differs: "fp8 weights on 2 x H100". */
function placementWords(fit: FitResult, now: FitResult): string {
  const words = [
    ...(fit.precision !== now.precision ? [`${fit.precision} weights`] : []),
    ...(fit.kvPrecision !== now.kvPrecision ? [`${fit.kvPrecision} KV cache`] : []),
    ...(fit.gpu !== now.gpu ? [fit.gpu] : []),
    ...(fit.profile !== undefined && fit.profile !== now.profile
      ? [`instance ${fit.profile}`]
      : []),
    ...(fit.profile === undefined && now.profile !== undefined ? ["a whole GPU"] : []),
    ...(fit.tensorParallel !== now.tensorParallel ? [`tensor parallel ${fit.tensorParallel}`] : []),
  ];
  return words.join(", ");
}

function Bar({ fit }: { readonly fit: FitResult }) {
  const parts = barParts(fit);
  const total = Math.max(
    fit.usableBytes,
    parts.reduce((sum, { bytes }) => sum + bytes, 0),
  );
  const share = (bytes: number): string => `${(bytes / total) * 100}%`;
  return (
    <div className="memory" data-fits={fit.fits}>
      <div className="memory-bar" aria-hidden="true">
        {parts.map(({ kind, bytes }) => (
          <span key={kind} data-kind={kind} style={{ width: share(bytes) }} />
        ))}
        {fit.usableBytes < total && (
          <span className="memory-limit" style={{ left: share(fit.usableBytes) }} />
        )}
      </div>
      <ul className="memory-legend">
        {parts.map(({ kind, label, bytes }) => (
          <li key={kind} data-kind={kind}>
            {label} <b>{gib(bytes)}</b>
            <span className="unit"> GiB</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** What holds of the KV cache, in a sentence. */
export function kvSentence(fit: FitResult): string {
  const requests = fit.requestsAtOnce.find(({ contextTokens }) => contextTokens === 8192);
  const atOnce =
    requests === undefined || requests.requests === 0
      ? ""
      : `, ${formatCount(requests.requests)} ${requests.requests === 1 ? "request" : "requests"} of 8,192 tokens at once`;
  return `Room for ${formatTokens(fit.kvCapacityTokens)} tokens of KV cache${atOnce}; one request may have ${formatCount(fit.maxContextTokens)}.`;
}

function Alternatives({
  fits,
  editing,
  now,
}: {
  readonly fits: readonly FitResult[];
  readonly editing: PoolEditing;
  readonly now: FitResult;
}) {
  const shown = fits;
  if (shown.length === 0) return null;
  return (
    <div className="row would-fit">
      <span>Would fit:</span>
      {shown.slice(0, 5).map((fit) => {
        const words = placementWords(fit, now);
        const isOwnPlace = fit.gpu === now.gpu && fit.profile === now.profile;
        return isOwnPlace ? (
          <Button
            key={words}
            className="button small"
            onPress={() =>
              editing.change(`the placement`, (pool) => {
                pool.precision = fit.precision;
                pool.kvPrecision = fit.kvPrecision;
                pool.tensorParallel = fit.tensorParallel as NonNullable<typeof pool.tensorParallel>;
              })
            }
          >
            {words}
          </Button>
        ) : (
          <span key={words} className="chip">
            {words}
          </span>
        );
      })}
    </div>
  );
}

function Arithmetic({ fit }: { readonly fit: FitResult }) {
  return (
    <More title="The arithmetic" summary="per GPU of a replica">
      <DataTable
        caption="Memory of one GPU of a replica"
        columns={[{ heading: "Part" }, { heading: "GiB", isFigure: true }, { heading: "From" }]}
        rows={fit.lines.map(({ label, bytes, formula }) => [
          label,
          bytes < bytesPerGib / 1000 ? `${formatNumber(bytes / 1024)} KiB` : gib(bytes),
          formula,
        ])}
      />
      {fit.notes.length > 0 && (
        <ul className="notes">
          {fit.notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
    </More>
  );
}

export function MemoryBar({ index }: { readonly index: number }) {
  const editing = usePool(index);
  const { answer, isOld } = useFit(fitQuestion(editing.input, editing.pool));
  if (answer === undefined) return <p className="source">Memory is being reckoned …</p>;
  if ("problem" in answer) return <p className="problem">{answer.problem}</p>;
  const { fit, wouldFit } = answer.reply;
  return (
    <div className="memory-part" data-old={isOld}>
      <Bar fit={fit} />
      <p className={fit.fits ? "source" : "field-note"} data-tone={fit.fits ? undefined : "bad"}>
        {fit.fits ? kvSentence(fit) : `✕ Does not fit. ${fit.reason}`}
      </p>
      {!fit.fits && <Alternatives fits={wouldFit} editing={editing} now={fit} />}
      <Arithmetic fit={fit} />
    </div>
  );
}
