/** A page with one timeline of 100,000 points, for measuring how it pans. */
import { createRoot } from "react-dom/client";
import { scenarioStyle } from "../../renderer/charts/optionStyles.ts";
import { TimelineChart } from "../../renderer/charts/TimelineChart.tsx";
import { axisNumber } from "../../renderer/charts/ticks.ts";
import { TimeLink } from "../../renderer/charts/timeWindow.ts";
import { formatNumber } from "../../shared/reports/formatters.ts";
import "../../renderer/theme/tokens.css";
import "../../renderer/theme/base.css";
import "../../renderer/theme/parts.css";
import "../../renderer/theme/charts.css";

const points = 100_000;
const link = new TimeLink(points, 100);
link.show({ fromS: 0, toS: points / 2 });

const column = Float64Array.from(
  { length: points },
  (_, i) => 50 + 40 * Math.sin(i / 3000) + 10 * Math.sin(i * 12.9898),
);
const series = [{ label: "load", column, style: scenarioStyle(0) }];

createRoot(document.getElementById("root")!).render(
  <TimelineChart
    title="Load"
    summary="A wave with noise."
    {...{ link, series }}
    windowS={1}
    unit="requests a second"
    axis={axisNumber}
    format={formatNumber}
    height={320}
  />,
);

/** Pans to and fro, one step a frame; a mark begins each frame. */
async function pan(frames: number): Promise<void> {
  for (let i = 0; i < frames; i++) {
    await new Promise(requestAnimationFrame);
    performance.mark(`pan ${i}`);
    link.panBy(i % 200 < 100 ? 400 : -400);
  }
  await new Promise(requestAnimationFrame);
  performance.mark("pan end");
}

Object.assign(window, { pan });
