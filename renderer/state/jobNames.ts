/** Names of pieces of work: core knows the work of all pages by them, of other tabs and of a page that was started again too. */

/** What tells this page from every other, 12 hex digits. */
const page = Array.from(crypto.getRandomValues(new Uint8Array(6)), (byte) =>
  byte.toString(16).padStart(2, "0"),
).join("");
let last = 0;

/** A new name for work of a kind; no other page gives it. */
export function newJob(kind: string): string {
  return `${kind}-${page}-${++last}`;
}
