/** Which colour, mark and dash a scenario has: the same everywhere, however the library is sorted. */

const looks = 8;

interface Placed {
  readonly id: string;
  readonly createdMs: number;
}

/**
 * Places 0..7 of the given scenarios: each has that of its rank by age in the library; where two of the given would look
 * alike, the younger takes the next free one. At most eight ids.
 */
export function scenarioPlaces(
  ids: readonly string[],
  library: readonly Placed[],
): ReadonlyMap<string, number> {
  const byAge = [...library].sort((a, b) => a.createdMs - b.createdMs || (a.id < b.id ? -1 : 1));
  const rank = new Map(byAge.map(({ id }, i) => [id, i]));
  const places = new Map<string, number>();
  const taken = new Set<number>();
  const ordered = [...ids].sort((a, b) => (rank.get(a) ?? 0) - (rank.get(b) ?? 0));
  for (const id of ordered) {
    let place = (rank.get(id) ?? 0) % looks;
    for (let tried = 0; taken.has(place) && tried < looks; tried++) place = (place + 1) % looks;
    taken.add(place);
    places.set(id, place);
  }
  return places;
}
