/** Labels beside the ends of lines, moved apart until none covers another. */

/** Where labels stand: as near to where they belong as the gap allows, within from..to, in the order given. */
export function spreadLabels(
  wanted: readonly number[],
  gap: number,
  from: number,
  to: number,
): number[] {
  const order = wanted.map((_, i) => i).sort((a, b) => wanted[a] - wanted[b] || a - b);
  const room = Math.min(gap, wanted.length > 1 ? (to - from) / (wanted.length - 1) : gap);
  const places = new Array<number>(wanted.length).fill(from);
  let least = from;
  for (const i of order) {
    places[i] = Math.max(least, wanted[i]);
    least = places[i] + room;
  }
  let most = to;
  for (const i of [...order].reverse()) {
    places[i] = Math.min(most, places[i]);
    most = places[i] - room;
  }
  return places;
}
