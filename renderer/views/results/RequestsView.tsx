/** Every request of the run: a table that shows what is in sight, its life as a bar, filters that narrow it. */
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { ScenarioDocument } from "../../../shared/contract/common.ts";
import type { RequestFilter, RequestPage } from "../../../shared/contract/insightMethods.ts";
import {
  formatCount,
  formatMs,
  formatTokens,
  noValue,
} from "../../../shared/reports/formatters.ts";
import { LifeBar } from "../../charts/LifeBar.tsx";
import { timeText, timeUnitOf } from "../../charts/ticks.ts";
import { useWidth } from "../../charts/useSize.ts";
import { useApp, useLive } from "../../components/useApp.ts";
import type { OpenScenario } from "../../state/appState.ts";
import { newJob } from "../../state/jobNames.ts";
import { RequestFilters } from "./RequestFilters.tsx";
import {
  type LoadedPages,
  listHeight,
  pageRows,
  rowOf,
  rowsInSight,
  usualLifeMs,
} from "./requestPages.ts";

const rowHeight = 28;
const shownHeight = 560;
/** Room that the other columns take, and the least that a life bar has; narrow frames set them closer. */
const wideColumns = { otherPx: 726, leastLifePx: 110 };
const closeColumns = { otherPx: 540, leastLifePx: 64 };

/** Fetches pages as they come into sight, and keeps them until the run or the filter changes. */
function usePages(
  document: ScenarioDocument | undefined,
  filter: RequestFilter,
  from: number,
  to: number,
) {
  const { client } = useApp();
  const [loaded, setLoaded] = useState<LoadedPages>({ key: undefined, pages: new Map() });
  const [problem, setProblem] = useState<string>();
  const key = useMemo(() => ({ document, filter }), [document, filter]);
  const asked = useRef<{ key: object; pages: Set<number> }>({ key, pages: new Set() });
  const fetchPage = useCallback(
    async (page: number, of: object) => {
      if (document === undefined) return;
      const params = { run: { document }, filter, offset: page * pageRows, limit: pageRows };
      try {
        const reply = await client.call("run.requests", {
          job: newJob("requests"),
          ...params,
        });
        setProblem(undefined);
        setLoaded((before) => ({
          key: of,
          pages: new Map([...(before.key === of ? before.pages : []), [page, reply]]),
        }));
      } catch (error) {
        if (asked.current.key === of)
          setProblem(error instanceof Error ? error.message : String(error));
      }
    },
    [client, document, filter],
  );
  useEffect(() => {
    if (asked.current.key !== key) asked.current = { key, pages: new Set() };
    for (let page = Math.floor(from / pageRows); page <= Math.floor(to / pageRows); page++) {
      if (asked.current.pages.has(page)) continue;
      asked.current.pages.add(page);
      void fetchPage(page, key);
    }
  }, [key, from, to, fetchPage]);
  return { loaded, problem };
}

function Row({
  page,
  at,
  index,
  mostMs,
  spanS,
  lifeWidth,
}: {
  readonly page: RequestPage;
  readonly at: number;
  readonly index: number;
  readonly mostMs: number;
  readonly spanS: number;
  readonly lifeWidth: number;
}) {
  const row = rowOf(page, at);
  const ms = (value: number | undefined): string =>
    value === undefined ? noValue : formatMs(value);
  return (
    <tr aria-rowindex={index + 2} style={{ height: rowHeight }}>
      <td className="figure-cell">{formatCount(row.index)}</td>
      <td className="figure-cell">{timeText(row.arrivalMs / 1000, timeUnitOf(spanS))}</td>
      <td>{row.className}</td>
      <td>
        {row.destination ?? "nothing took it"}
        {row.isSpilled && <span className="unit"> spilled over</span>}
      </td>
      <td>{row.state}</td>
      <td className="figure-cell">{formatTokens(row.promptTokens)}</td>
      <td className="figure-cell">{formatTokens(row.outputTokens)}</td>
      <td className="figure-cell">{ms(row.ttftMs)}</td>
      <td className="figure-cell">{ms(row.e2eMs)}</td>
      <td>
        <LifeBar times={row.life} mostMs={mostMs} width={lifeWidth} />
      </td>
    </tr>
  );
}

const headings = [
  ...[
    ["request", true],
    ["arrival", true],
    ["class", false],
    ["served by", false],
  ],
  ...[
    ["end", false],
    ["prompt", true],
    ["output", true],
    ["TTFT", true],
    ["end to end", true],
  ],
] as const;

interface TableProps {
  readonly loaded: LoadedPages;
  readonly matched: number;
  readonly spanS: number;
  readonly from: number;
  readonly to: number;
  readonly onScroll: (top: number) => void;
}

function ReadingRow() {
  return (
    <tr style={{ height: rowHeight }}>
      <td colSpan={10} className="unit">
        reading …
      </td>
    </tr>
  );
}

/** The rows in sight; the list behind them is as long as the rows would be, or as a browser can lay out. */
function Rows({ loaded, matched, spanS, from, to, onScroll }: TableProps) {
  const frame = useRef<HTMLElement>(null);
  const width = useWidth(frame);
  const isClose = width < wideColumns.otherPx + wideColumns.leastLifePx;
  const { otherPx, leastLifePx } = isClose ? closeColumns : wideColumns;
  const lifeWidth = Math.max(leastLifePx, width - otherPx);
  const mostMs = useMemo(() => usualLifeMs(loaded), [loaded]);
  const shown = Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);
  return (
    <section
      ref={frame}
      className="request-scroll"
      data-close={isClose}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard
      tabIndex={0}
      aria-label="Requests"
      style={{ height: Math.min(shownHeight, (matched + 1) * rowHeight + 8) }}
      onScroll={(event) => onScroll(event.currentTarget.scrollTop)}
    >
      <div style={{ height: listHeight(matched, rowHeight) + rowHeight }}>
        <table aria-rowcount={matched + 1}>
          <caption className="visually-hidden">Requests of the run</caption>
          <thead>
            <tr style={{ height: rowHeight }}>
              {headings.map(([heading, isFigure]) => (
                <th key={heading} scope="col" className={isFigure ? "figure-cell" : undefined}>
                  {heading}
                </th>
              ))}
              <th scope="col">life, 0 to {formatMs(mostMs)}</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((index) => {
              const page = loaded.pages.get(Math.floor(index / pageRows));
              const at = index % pageRows;
              const isHere = page !== undefined && at < page.columns.index.length;
              return isHere ? (
                <Row key={index} {...{ page, at, index, mostMs, spanS, lifeWidth }} />
              ) : (
                <ReadingRow key={index} />
              );
            })}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function LifeKey() {
  return (
    <ul className="chart-legend" aria-label="Phases of a life bar">
      {(["queue", "prefill", "decode"] as const).map((phase) => (
        <li key={phase}>
          <svg className="inline-mark" width={14} height={10} aria-hidden="true">
            <rect
              className={`life-${phase}`}
              width={14}
              height={phase === "queue" ? 4 : 10}
              y={phase === "queue" ? 3 : 0}
            />
          </svg>
          {{ queue: "waiting", prefill: "reading the prompt", decode: "writing the answer" }[phase]}
        </li>
      ))}
    </ul>
  );
}

/** Why there are no requests to look at. */
function NoRun({ scenario }: { readonly scenario: OpenScenario }) {
  const isRunning = useLive(scenario, (state) => state.isRunning);
  return (
    <p className="empty">
      {isRunning
        ? "The first answer is on its way; its requests will stand here."
        : "There is no run to look into: the answer beside says why."}
    </p>
  );
}

export function RequestsView({ scenario }: { readonly scenario: OpenScenario }) {
  const document = useLive(scenario, (state) => state.answered);
  const spanS = useLive(scenario, (state) => state.report?.horizonS ?? 0);
  const [filter, setFilter] = useState<RequestFilter>({});
  const [top, setTop] = useState(0);
  const [matched, setMatched] = useState(0);
  const { from, to } = rowsInSight(top, matched, shownHeight, rowHeight);
  const { loaded, problem } = usePages(document, filter, from, to);
  const [first] = loaded.pages.values();
  const found = first?.matched ?? 0;
  useEffect(() => setMatched(found), [found]);
  if (document === undefined) return <NoRun scenario={scenario} />;
  return (
    <>
      <p className="lead">
        Each request of the run, in the order of arrival. The run is repeated once to look into it.
      </p>
      <RequestFilters
        page={first}
        filter={filter}
        onChange={(next) => {
          setTop(0);
          setFilter(next);
        }}
      />
      {problem !== undefined && (
        <p className="problem" role="alert">
          {problem}
        </p>
      )}
      {first === undefined ? (
        problem === undefined && <p className="empty">The run is looked through …</p>
      ) : first.matched === 0 ? (
        <p className="empty">No request of this run fits the filter. Widen it to see some.</p>
      ) : (
        <>
          <p className="study-state" role="status">
            {formatCount(first.matched)} of {formatCount(first.total)} requests.
          </p>
          <LifeKey />
          <Rows {...{ loaded, spanS, from, to }} matched={first.matched} onScroll={setTop} />
        </>
      )}
    </>
  );
}
