/** Geometry of a flow: bands from sources on the left to sinks on the right, widths to scale. */
import type { Plot } from "./chartTypes.ts";
import { px } from "./scales.ts";

/** So much of one source went to one sink. */
export interface FlowLink {
  readonly from: string;
  readonly to: string;
  readonly value: number;
}

/** A source or a sink: where its bar stands. */
export interface FlowNode {
  readonly name: string;
  readonly side: "from" | "to";
  readonly value: number;
  readonly y0: number;
  readonly y1: number;
}

/** A band between two nodes. */
export interface FlowBand extends FlowLink {
  readonly path: string;
  /** The middle of the band. */
  readonly y: number;
}

export interface FlowShapes {
  readonly nodes: readonly FlowNode[];
  readonly bands: readonly FlowBand[];
}

const gap = 14;

function sumBy(links: readonly FlowLink[], side: "from" | "to"): Map<string, number> {
  const sums = new Map<string, number>();
  for (const link of links) sums.set(link[side], (sums.get(link[side]) ?? 0) + link.value);
  return sums;
}

function stack(
  sums: ReadonlyMap<string, number>,
  side: "from" | "to",
  plot: Plot,
  perUnit: number,
): FlowNode[] {
  let y = plot.top;
  return [...sums].map(([name, value]) => {
    const node = { name, side, value, y0: y, y1: y + value * perUnit };
    y = node.y1 + gap;
    return node;
  });
}

/** Nodes and bands of the links above 0, to one scale on both sides. Nodes keep the order in which they first appear. */
export function layFlow(links: readonly FlowLink[], plot: Plot, nodeWidth: number): FlowShapes {
  const drawn = links.filter(({ value }) => value > 0);
  const sums = { from: sumBy(drawn, "from"), to: sumBy(drawn, "to") };
  const total = drawn.reduce((sum, { value }) => sum + value, 0);
  const gaps = Math.max(sums.from.size, sums.to.size, 1) - 1;
  const perUnit = total > 0 ? Math.max(1, plot.bottom - plot.top - gaps * gap) / total : 0;
  const nodes = [
    ...stack(sums.from, "from", plot, perUnit),
    ...stack(sums.to, "to", plot, perUnit),
  ];
  const next = new Map(nodes.map(({ side, name, y0 }) => [`${side} ${name}`, y0]));
  const take = (key: string, height: number): number => {
    const y = next.get(key) ?? plot.top;
    next.set(key, y + height);
    return y;
  };
  const bands = drawn.map((link): FlowBand => {
    const height = link.value * perUnit;
    const left = take(`from ${link.from}`, height);
    const right = take(`to ${link.to}`, height);
    const path = bandOf(plot.left + nodeWidth, left, plot.right - nodeWidth, right, height);
    return { ...link, path, y: (left + right + height) / 2 };
  });
  return { nodes, bands };
}

function bandOf(x0: number, y0: number, x1: number, y1: number, height: number): string {
  const middle = (x0 + x1) / 2;
  const curve = (fromY: number, toX: number, toY: number): string =>
    `C${px(middle)} ${px(fromY)} ${px(middle)} ${px(toY)} ${px(toX)} ${px(toY)}`;
  const there = `M${px(x0)} ${px(y0)}${curve(y0, x1, y1)}`;
  return `${there}V${px(y1 + height)}${curve(y1 + height, x0, y0 + height)}Z`;
}
