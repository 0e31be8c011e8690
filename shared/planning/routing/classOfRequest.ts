/** Which class a tested request is of. */
import type { Scenario } from "../../schema/scenario.ts";
import type { TrafficClass } from "../../schema/traffic.ts";
import { InputError } from "../../units/errors.ts";

/** What of a request decides its class. */
export interface ClassedRequest {
  /** Id of its class; without it the first class that matches. */
  readonly class?: string;
  readonly source?: string;
  readonly model?: string;
  readonly tenant?: string;
  readonly tag?: string;
  readonly promptTokens: number;
  readonly outputTokens: number;
}

/** Whether a value lies within a range, both ends in it. */
export function isWithin(range: { min?: number; max?: number }, value: number): boolean {
  return value >= (range.min ?? 0) && value <= (range.max ?? Infinity);
}

/** The class that is given, else the first that matches, and why. Throws InputError for a class that is not there, or where none takes the request. */
export function classOfRequest(
  scenario: Scenario,
  request: ClassedRequest,
): { found: TrafficClass; note: string } {
  const { classes } = scenario.traffic;
  if (request.class !== undefined) {
    const found = classes.find(({ id }) => id === request.class);
    if (found !== undefined) return { found, note: "as given" };
    throw new InputError(
      `There is no class "${request.class}". Wanted one of ${classes.map(({ id }) => id).join(", ")}.`,
      { field: "request.class" },
    );
  }
  const fitting = classes.filter((each) => isOfClass(each, request));
  const [found] = fitting;
  if (found === undefined) {
    throw new InputError(
      "No class takes this request. Add one without match and share at the end.",
      {
        field: "request",
      },
    );
  }
  if (found.share === undefined) return { found, note: "the first class that matches" };
  const rest = fitting[1] === undefined ? "" : `; the rest goes on to ${fitting[1].id}`;
  return { found, note: `takes ${found.share * 100} % of such requests${rest}` };
}

function isOfClass({ match }: TrafficClass, request: ClassedRequest): boolean {
  const { sources, models, tenants, tags, promptTokens, outputTokens } = match;
  const isListed = (wanted: readonly string[] | undefined, found: string | undefined): boolean =>
    wanted === undefined || (found !== undefined && wanted.includes(found));
  return (
    isListed(sources, request.source) &&
    isListed(models, request.model) &&
    isListed(tenants, request.tenant) &&
    isListed(tags, request.tag) &&
    isWithin(promptTokens ?? {}, request.promptTokens) &&
    isWithin(outputTokens ?? {}, request.outputTokens)
  );
}
