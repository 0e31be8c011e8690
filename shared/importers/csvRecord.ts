/** One CSV record out of bytes, by RFC 4180: a quote opens a field only at its start, a doubled quote is a quote. */

const quote = 34;
const lineFeed = 10;
const carriageReturn = 13;

/** What splitting found; the object is reused from record to record. */
export class RecordBounds {
  /** Where the next record begins. */
  next = 0;
  /** Line ends inside the record and at its end. */
  lines = 0;
  fields = 0;
  hasQuotes = false;
  /** A closing quote is followed by something other than a delimiter or a line end. */
  isMalformed = false;
  /** Where the record's text ends, without its line end. */
  end = 0;
}

/** Finds the end of the record that begins at `start`, before `limit`. False: its end is not there (a quote is open, or no line end). */
export function findRecord(
  bytes: Uint8Array,
  start: number,
  limit: number,
  delimiter: number,
  out: RecordBounds,
): boolean {
  out.lines = 0;
  out.fields = 1;
  out.hasQuotes = false;
  out.isMalformed = false;
  let position = start;
  let isFieldStart = true;
  while (position < limit) {
    const byte = bytes[position];
    if (byte === quote && isFieldStart) {
      position = skipQuoted(bytes, position + 1, limit, out);
      if (position < 0) return false;
      isFieldStart = false;
      const after = bytes[position];
      const isEnd = after === delimiter || after === lineFeed || after === carriageReturn;
      if (position < limit && !isEnd) out.isMalformed = true;
      continue;
    }
    isFieldStart = byte === delimiter;
    if (isFieldStart) out.fields += 1;
    else if (byte === lineFeed) return closeRecord(bytes, start, position, out);
    position += 1;
  }
  return false;
}

function closeRecord(bytes: Uint8Array, start: number, end: number, out: RecordBounds): boolean {
  out.lines += 1;
  out.next = end + 1;
  out.end = end > start && bytes[end - 1] === carriageReturn ? end - 1 : end;
  return true;
}

/** Position behind the closing quote, or -1 where there is none. */
function skipQuoted(bytes: Uint8Array, start: number, limit: number, out: RecordBounds): number {
  out.hasQuotes = true;
  let position = start;
  while (position < limit) {
    const byte = bytes[position];
    if (byte === lineFeed) out.lines += 1;
    position += 1;
    if (byte !== quote) continue;
    if (position >= limit || bytes[position] !== quote) return position;
    position += 1;
  }
  return -1;
}

/** The fields of one record's text (no line end, quotes well formed), unquoted. */
export function splitFields(text: string, delimiter: string): string[] {
  if (!text.includes('"')) return text.split(delimiter);
  const fields: string[] = [];
  let position = 0;
  for (;;) {
    const isQuoted = text[position] === '"';
    const end = isQuoted
      ? closingQuote(text, position + 1) + 1
      : fieldEnd(text, position, delimiter);
    const raw = text.slice(position, end);
    fields.push(isQuoted ? raw.slice(1, -1).replaceAll('""', '"') : raw);
    if (end >= text.length) return fields;
    position = end + 1;
  }
}

function fieldEnd(text: string, start: number, delimiter: string): number {
  const end = text.indexOf(delimiter, start);
  return end < 0 ? text.length : end;
}

function closingQuote(text: string, start: number): number {
  let position = text.indexOf('"', start);
  while (position >= 0 && text[position + 1] === '"') position = text.indexOf('"', position + 2);
  return position < 0 ? text.length : position;
}
