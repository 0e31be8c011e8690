import { InputError } from "../units/errors.ts";
import { bytesForMessage, type RejectLog } from "./rejects.ts";

/** Turns UTF-8 bytes into text and throws on invalid bytes; hosts pass their platform's own, which is faster. */
export type DecodeUtf8 = (bytes: Uint8Array) => string;

const step = 4096;

/** UTF-8 bytes as text, without any platform's help. Throws InputError on bytes that are not UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string {
  let text = "";
  for (let start = 0; start < bytes.length; start += step) {
    const part = bytes.subarray(start, start + step);
    if (part.some((byte) => byte >= 128)) return text + decodeFrom(bytes, start);
    text += String.fromCharCode(...part);
  }
  return text;
}

function decodeFrom(bytes: Uint8Array, start: number): string {
  const parts: string[] = [];
  let position = start;
  while (position < bytes.length) {
    const length = sequenceLength(bytes[position]);
    parts.push(String.fromCodePoint(codePoint(bytes, position, length)));
    position += length;
  }
  return parts.join("");
}

function sequenceLength(lead: number): number {
  if (lead < 0x80) return 1;
  if (lead >= 0xc2 && lead < 0xe0) return 2;
  if (lead >= 0xe0 && lead < 0xf0) return 3;
  if (lead >= 0xf0 && lead < 0xf5) return 4;
  throw invalid(lead);
}

function codePoint(bytes: Uint8Array, position: number, length: number): number {
  if (length === 1) return bytes[position];
  let code = bytes[position] & (0x7f >> length);
  for (let i = 1; i < length; i += 1) {
    const byte = bytes[position + i];
    if (byte === undefined || (byte & 0xc0) !== 0x80) throw invalid(byte ?? 0);
    code = (code << 6) | (byte & 0x3f);
  }
  const smallest = length === 2 ? 0x80 : length === 3 ? 0x800 : 0x10000;
  const isSurrogate = code >= 0xd800 && code <= 0xdfff;
  if (code < smallest || code > 0x10ffff || isSurrogate) throw invalid(bytes[position]);
  return code;
}

function invalid(byte: number): InputError {
  return new InputError(
    `The text is not UTF-8: found the byte 0x${byte.toString(16)} where it cannot stand. Wanted UTF-8; save the file in that encoding.`,
  );
}

/** `bytes` as text; where they are not UTF-8, the row at `line` is rejected and undefined returned. */
export function decodeOrReject(
  bytes: Uint8Array,
  decode: DecodeUtf8,
  rejects: RejectLog,
  line: number,
): string | undefined {
  try {
    return decode(bytes);
  } catch {
    rejects.add(line, "", bytesForMessage(bytes), { reason: "notUtf8", wanted: "UTF-8 text" });
    return undefined;
  }
}
