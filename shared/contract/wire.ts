/**
 * The JSON form of values that cross the boundary as text: typed arrays as base64, tagged; numbers that JSON has no word for,
 * tagged; everything else as it is. A plain object whose key reads like a tag has one "$" more there, so that it comes back
 * as it was.
 */

const tag = "$column";
const numberTag = "$number";
const tagLike = /^\$+(column|number)$/;
const escapedTag = /^\$\$+(column|number)$/;

/** Kinds of typed arrays that may cross. */
const kinds = {
  f64: Float64Array,
  f32: Float32Array,
  i32: Int32Array,
  u32: Uint32Array,
  u16: Uint16Array,
  u8: Uint8Array,
} as const;
type Kind = keyof typeof kinds;
/** A column of numbers. */
export type Column = InstanceType<(typeof kinds)[Kind]>;

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

function toBase64(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let i = 0; i < bytes.length; i += 3) {
    const [a, b = 0, c = 0] = [bytes[i]!, bytes[i + 1], bytes[i + 2]];
    const word = (a << 16) | (b << 8) | c;
    const left = bytes.length - i;
    parts.push(
      alphabet[word >> 18]! +
        alphabet[(word >> 12) & 63]! +
        (left > 1 ? alphabet[(word >> 6) & 63]! : "=") +
        (left > 2 ? alphabet[word & 63]! : "="),
    );
  }
  return parts.join("");
}

const sextets = new Map([...alphabet].map((letter, value) => [letter, value]));

/** Bytes of base64; undefined for text that is none. */
function fromBase64(text: string): Uint8Array | undefined {
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  let at = 0;
  for (let i = 0; i < text.length; i += 4) {
    let word = 0;
    for (let j = 0; j < 4; j++) word = (word << 6) | (sextets.get(text[i + j]!) ?? 0);
    for (let shift = 16; shift >= 0 && at < bytes.length; shift -= 8) bytes[at++] = word >> shift;
  }
  return bytes;
}

function kindOf(value: object): Kind | undefined {
  return (Object.keys(kinds) as Kind[]).find((kind) => value instanceof kinds[kind]);
}

function escaped(value: object): object {
  const keys = Object.keys(value);
  if (Array.isArray(value) || !keys.some((key) => tagLike.test(key))) return value;
  const entries = Object.entries(value);
  return Object.fromEntries(
    entries.map(([key, each]) => [tagLike.test(key) ? `$${key}` : key, each]),
  );
}

function unescaped(value: object): object {
  const keys = Object.keys(value);
  if (Array.isArray(value) || !keys.some((key) => escapedTag.test(key))) return value;
  const entries = Object.entries(value);
  return Object.fromEntries(
    entries.map(([key, each]) => [escapedTag.test(key) ? key.slice(1) : key, each]),
  );
}

function taggedColumn(kind: Kind, { buffer, byteOffset, byteLength }: Column): object {
  return { [tag]: kind, base64: toBase64(new Uint8Array(buffer, byteOffset, byteLength)) };
}

/** Text of a value of numbers, strings, booleans, null, lists, plain objects and columns. Little-endian, as every supported machine is. */
export function encodeWire(value: unknown): string {
  return JSON.stringify(value, (_key, each: unknown) => {
    if (typeof each === "number") {
      return Number.isFinite(each) ? each : { [numberTag]: String(each) };
    }
    if (typeof each !== "object" || each === null) return each;
    const kind = kindOf(each);
    return kind === undefined ? escaped(each) : taggedColumn(kind, each as Column);
  });
}

function isKind(value: unknown): value is Kind {
  return typeof value === "string" && Object.hasOwn(kinds, value);
}

/** What a tagged object stands for; undefined for one that encodeWire did not make. */
function untagged(value: object): Column | number | undefined {
  const { [tag]: kind, [numberTag]: word, base64 } = value as Record<string, unknown>;
  const keys = Object.keys(value).length;
  if (keys === 1 && (word === "NaN" || word === "Infinity" || word === "-Infinity")) {
    return Number(word);
  }
  if (keys !== 2 || !isKind(kind) || typeof base64 !== "string") return undefined;
  const bytes = fromBase64(base64);
  if (bytes === undefined || bytes.length % kinds[kind].BYTES_PER_ELEMENT !== 0) return undefined;
  return new kinds[kind](bytes.slice().buffer as ArrayBuffer);
}

/** The value of a text that encodeWire made. Throws SyntaxError for text that is not JSON, and for a key named __proto__. */
export function decodeWire(text: string): unknown {
  return JSON.parse(text, (key, each: unknown) => {
    if (key === "__proto__") throw new SyntaxError("a key may not be named __proto__");
    if (typeof each !== "object" || each === null) return each;
    return untagged(each) ?? unescaped(each);
  });
}
