/** How an option or a scenario looks in every chart, table, flow and export: one colour, one mark and one dash, so that none has to be told by colour alone. */

/** Shapes of marks. */
export type MarkShape =
  | "circle"
  | "square"
  | "diamond"
  | "triangle"
  | "wedge"
  | "cross"
  | "star"
  | "hexagon";

/** The look of one option. */
export interface OptionStyle {
  /** A CSS colour by variable, e.g. "var(--own)". */
  readonly colour: string;
  readonly mark: MarkShape;
  /** As in stroke-dasharray; "none" for a full line. */
  readonly dash: string;
}

/** Kinds of options. */
export type OptionKind = "own" | "api" | "hybrid" | "other";

/** The look of own GPUs, APIs and hybrids; "other" is for what is none of these. */
export const optionStyles: Readonly<Record<OptionKind, OptionStyle>> = {
  own: { colour: "var(--own)", mark: "square", dash: "none" },
  api: { colour: "var(--api)", mark: "circle", dash: "7 4" },
  hybrid: { colour: "var(--hybrid)", mark: "diamond", dash: "2 3" },
  other: { colour: "var(--other)", mark: "triangle", dash: "10 3 2 3" },
};

/** The look of up to eight scenarios side by side, by their place. */
export const scenarioStyles: readonly OptionStyle[] = [
  { colour: "var(--s1)", mark: "circle", dash: "none" },
  { colour: "var(--s2)", mark: "square", dash: "7 4" },
  { colour: "var(--s3)", mark: "diamond", dash: "2 3" },
  { colour: "var(--s4)", mark: "triangle", dash: "10 3 2 3" },
  { colour: "var(--s5)", mark: "wedge", dash: "4 2" },
  { colour: "var(--s6)", mark: "cross", dash: "12 4" },
  { colour: "var(--s7)", mark: "star", dash: "1 2" },
  { colour: "var(--s8)", mark: "hexagon", dash: "8 2 2 2 2 2" },
];

/** The look of the scenario at a place, 0-based; the ninth looks as the first. */
export function scenarioStyle(place: number): OptionStyle {
  return scenarioStyles[place % scenarioStyles.length];
}

/** Members of one kind, e.g. several providers: the kind's colour and mark, each with its own dash. */
export function memberStyle(kind: OptionKind, place: number): OptionStyle {
  const style = optionStyles[kind];
  return place === 0 ? style : { ...style, dash: scenarioStyle(place + 1).dash };
}

/** Corners on a circle of a radius; the first one straight up, or turned by `turn` of a full circle. */
function corners(count: number, radius: number, turn = 0): [number, number][] {
  return Array.from({ length: count }, (_, i) => {
    const angle = 2 * Math.PI * (i / count + turn) - Math.PI / 2;
    return [radius * Math.cos(angle), radius * Math.sin(angle)];
  });
}

function polygon(points: readonly (readonly [number, number])[]): string {
  return `M${points.map(([x, y]) => `${x.toFixed(2)} ${y.toFixed(2)}`).join("L")}Z`;
}

function star(radius: number): string {
  const outer = corners(5, radius * 1.25);
  const inner = corners(5, radius * 0.55, 0.1);
  return polygon(outer.flatMap((point, i) => [point, inner[i]]));
}

function crossPath(r: number): string {
  const arm = r * 0.38;
  return polygon([
    ...([
      [-arm, -r],
      [arm, -r],
      [arm, -arm],
      [r, -arm],
      [r, arm],
      [arm, arm],
    ] as const),
    ...([
      [arm, r],
      [-arm, r],
      [-arm, arm],
      [-r, arm],
      [-r, -arm],
      [-arm, -arm],
    ] as const),
  ]);
}

/** The path of a mark about the origin; `size` is half its height in pixels. All cover about the same area. */
export function markPath(mark: MarkShape, size: number): string {
  switch (mark) {
    case "circle":
      return `M${-size} 0A${size} ${size} 0 1 0 ${size} 0A${size} ${size} 0 1 0 ${-size} 0Z`;
    case "square":
      return polygon(corners(4, size * 1.25, 0.125));
    case "diamond":
      return polygon(corners(4, size * 1.3));
    case "triangle":
      return polygon(corners(3, size * 1.35));
    case "wedge":
      return polygon(corners(3, size * 1.35, 0.5));
    case "hexagon":
      return polygon(corners(6, size * 1.1));
    case "star":
      return star(size);
    case "cross":
      return crossPath(size * 1.1);
  }
}
