/** Where compared scenarios do not play the same requests: said before any figure, since a cheaper month may only be a smaller one. */
import type { Comparison } from "../../../shared/planning/comparison/comparison.ts";
import { formatCount } from "../../../shared/reports/formatters.ts";
import { listText } from "../../../shared/reports/ruleSentence.ts";
import type { ComparedNames } from "./comparedNames.ts";

interface TrafficNoteProps {
  readonly comparison: Comparison;
  readonly names: ComparedNames;
}

export function TrafficNote({ comparison, names }: TrafficNoteProps) {
  const { traffic, baseline } = comparison;
  if (traffic.isSame) {
    return traffic.hasClosedLoops ? (
      <p className="compare-caution" data-tone="warn">
        Some clients send when they are answered, so their arrivals follow each scenario's own
        speed.
      </p>
    ) : null;
  }
  const parts = [...new Set(traffic.differences.flatMap((each) => each.parts))];
  const [{ baselineRequests }] = traffic.differences;
  const counts = [
    { name: names[baseline].short, requests: baselineRequests },
    ...traffic.differences.map(({ scenario, requests }) => ({
      ...{ name: names[scenario].short, requests },
    })),
  ];
  return (
    <div className="compare-caution" data-tone="warn">
      <p>
        <span aria-hidden="true">▲ </span>
        The traffic itself differs, in {listText(parts)}: a cheaper month may only be a smaller one.
        Read the cost per million tokens.
      </p>
      <p className="compare-counts">
        Requests of a run:{" "}
        {counts.map(({ name, requests }) => `${name} ${formatCount(requests)}`).join("; ")}.
      </p>
    </div>
  );
}
