/** Scales from values to pixels. */

/** Pixels of a value. */
export type Scale = (value: number) => number;

/** A linear scale; `from` and `to` are pixels. */
export function linearScale(least: number, most: number, from: number, to: number): Scale {
  const span = most > least ? most - least : 1;
  return (value) => from + ((value - least) / span) * (to - from);
}

/** A logarithmic scale of values above 0; what is not above 0 stands at `from`. */
export function logScale(least: number, most: number, from: number, to: number): Scale {
  const low = Math.log(least);
  const span = most > least ? Math.log(most) - low : 1;
  return (value) => (value > 0 ? from + ((Math.log(value) - low) / span) * (to - from) : from);
}

/** Least and greatest of values above 0, with room: `share` of the span in the logarithm on both sides; 0.1..10 without any. */
export function logDomain(values: Iterable<number>, share: number): readonly [number, number] {
  let least = Infinity;
  let most = 0;
  for (const value of values) {
    if (!(value > 0) || !Number.isFinite(value)) continue;
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  if (most === 0) return [0.1, 10];
  const room = Math.max(0.04, Math.log(most / least) * share);
  return [least * Math.exp(-room), most * Math.exp(room)];
}

/** A place as a path writes it: one digit after the point. */
export function px(place: number): string {
  return place.toFixed(1);
}

/** A name cut to a width in pixels, with an ellipsis; what is cut stands whole in readouts and tables. */
export function fitText(text: string, width: number, charWidth = 6.6): string {
  const most = Math.max(3, Math.floor(width / charWidth));
  return text.length <= most ? text : `${text.slice(0, most - 1).trimEnd()}…`;
}
