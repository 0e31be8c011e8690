/** Lines of many points, drawn on a canvas beneath a chart's axes. */
import { useLayoutEffect, useRef, useState } from "react";
import type { Plot, Size } from "./chartTypes.ts";
import type { OptionStyle } from "./optionStyles.ts";
import { type ExtremesPyramid, traceExtremes } from "./timeline.ts";
import type { TimeWindow } from "./timeWindow.ts";

interface TimeCanvasProps {
  readonly size: Size;
  readonly plot: Plot;
  readonly window: TimeWindow;
  readonly windowS: number;
  readonly pyramids: readonly ExtremesPyramid[];
  readonly series: readonly { readonly style: OptionStyle }[];
  readonly y: (value: number) => number;
}

/** The value of "var(--name)" on the page. */
function resolveColour(colour: string): string {
  const name = /^var\((--[\w-]+)\)$/.exec(colour)?.[1];
  return name === undefined
    ? colour
    : getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** The theme's name; drawn anew when it changes, as a canvas does not follow style sheets. */
function useThemeName(): string | undefined {
  const [name, setName] = useState(document.documentElement.dataset.theme);
  useLayoutEffect(() => {
    const observer = new MutationObserver(() => setName(document.documentElement.dataset.theme));
    observer.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    return () => observer.disconnect();
  }, []);
  return name;
}

export function TimeCanvas(props: TimeCanvasProps) {
  const { size, plot, window, windowS, pyramids, series, y } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const theme = useThemeName();
  const ratio = Math.min(2, globalThis.devicePixelRatio || 1);
  useLayoutEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (!context || theme === "") return;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, size.width, size.height);
    context.lineWidth = 1.25;
    pyramids.forEach((pyramid, i) => {
      context.strokeStyle = resolveColour(series[i].style.colour);
      context.beginPath();
      traceExtremes(context, pyramid, windowS, window, plot, y);
      context.stroke();
    });
  }, [size, plot, window, windowS, pyramids, series, y, theme, ratio]);
  return (
    <canvas
      ref={canvas}
      width={size.width * ratio}
      height={size.height * ratio}
      style={{ left: 0, top: 0, width: size.width, height: size.height }}
    />
  );
}
