/** Ids of new parts of a scenario. */

/** The wished id, or with the first number behind it that is free: "own-h100", "own-h100-2", ... */
export function freeId(wished: string, taken: readonly { readonly id: string }[]): string {
  const ids = new Set(taken.map(({ id }) => id));
  if (!ids.has(wished)) return wished;
  const stem = wished.replace(/-\d+$/, "");
  for (let number = 2; ; number++) {
    const id = `${stem}-${number}`;
    if (!ids.has(id)) return id;
  }
}

/** What is typed as an id: letters lose their accents, characters that an id cannot have become hyphens, and it begins with a letter or digit. */
export function asId(text: string): string {
  return text
    .normalize("NFD")
    .replace(/\p{M}+/gu, "")
    .replace(/[^A-Za-z0-9._+-]+/g, "-")
    .replace(/^[^A-Za-z0-9]+/, "")
    .slice(0, 80);
}
