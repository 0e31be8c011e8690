/** Numbers while they are being typed, in the notation of the person's language. */

interface Notation {
  readonly group: string;
  readonly decimal: string;
}

const notations = new Map<string, Notation>();

function notationOf(locale: string): Notation {
  const known = notations.get(locale);
  if (known !== undefined) return known;
  const parts = new Intl.NumberFormat(locale).formatToParts(-12345678.9);
  const textOf = (type: string): string => parts.find((part) => part.type === type)?.value ?? "";
  const notation = { group: textOf("group"), decimal: textOf("decimal") || "." };
  notations.set(locale, notation);
  return notation;
}

/** The number that a text stands for; undefined where it is none yet ("", "-", "1e"). Spaces are group marks in any language. */
export function parseTyped(text: string, locale: string): number | undefined {
  const { group, decimal } = notationOf(locale);
  const bare = text.replace(/[\s\u00a0\u202f]/g, "");
  const plain = (group.trim() === "" ? bare : bare.split(group).join("")).replace(decimal, ".");
  if (!/^[-+]?(\d+\.?\d*|\.\d+)$/.test(plain)) return undefined;
  return Number(plain);
}
