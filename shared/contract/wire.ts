/** The JSON form of values that cross the boundary as text: typed arrays as base64, tagged; everything else as it is. */

const tag = "$column";

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

function fromBase64(text: string): Uint8Array {
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
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

/** Text of a value of numbers, strings, booleans, null, lists, plain objects and columns. Little-endian, as every supported machine is. */
export function encodeWire(value: unknown): string {
  return JSON.stringify(value, (_key, each: unknown) => {
    if (typeof each !== "object" || each === null) return each;
    const kind = kindOf(each);
    if (kind === undefined) return each;
    const { buffer, byteOffset, byteLength } = each as Column;
    return { [tag]: kind, base64: toBase64(new Uint8Array(buffer, byteOffset, byteLength)) };
  });
}

function isKind(value: unknown): value is Kind {
  return typeof value === "string" && Object.hasOwn(kinds, value);
}

/** The value of a text that encodeWire made. Throws SyntaxError for text that is not JSON. Keys named __proto__ are dropped. */
export function decodeWire(text: string): unknown {
  return JSON.parse(text, (key, each: unknown) => {
    if (key === "__proto__") return undefined;
    if (typeof each !== "object" || each === null || !Object.hasOwn(each, tag)) return each;
    const { [tag]: kind, base64 } = each as Record<string, unknown>;
    if (!isKind(kind) || typeof base64 !== "string") return each;
    return new kinds[kind](fromBase64(base64).slice().buffer as ArrayBuffer);
  });
}
