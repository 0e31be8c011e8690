/** Names close to a mistyped one, for messages. */

/** Edits (insert, delete, replace) that turn a into b. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}

/** Edits from text to a name, or to a name's beginning and one for the rest of it: "h101" is near "h100-sxm". */
function distanceTo(text: string, name: string): number {
  const whole = editDistance(text, name);
  if (name.length <= text.length) return whole;
  return Math.min(whole, 1 + editDistance(text, name.slice(0, text.length)));
}

/** Up to three of `names` within a third of the length of `wanted` (at least 2 edits), or that contain it or stand in it, nearest first. */
export function nearestNames(wanted: string, names: readonly string[]): string[] {
  const text = wanted.toLowerCase().slice(0, 100);
  const reach = Math.max(2, Math.floor(text.length / 3));
  return names
    .map((name) => {
      const other = name.toLowerCase();
      const isPart = text.length > 1 && (other.includes(text) || text.includes(other));
      return { name, isPart, distance: distanceTo(text, other) };
    })
    .filter(({ isPart, distance }) => isPart || (distance <= reach && distance < text.length))
    .sort(
      (a, b) =>
        Number(b.isPart) - Number(a.isPart) ||
        a.distance - b.distance ||
        (a.name < b.name ? -1 : 1),
    )
    .slice(0, 3)
    .map(({ name }) => name);
}

/** The nearest of `names` as nearestNames gives them; where none is near, the three with the fewest edits. Empty only for no names. */
export function closestNames(wanted: string, names: readonly string[]): string[] {
  const near = nearestNames(wanted, names);
  if (near.length > 0) return near;
  const text = wanted.toLowerCase().slice(0, 100);
  return names
    .map((name) => ({ name, distance: distanceTo(text, name.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1))
    .slice(0, 3)
    .map(({ name }) => name);
}
