import { InputError } from "../units/errors.ts";

/** The longest line or record that is read: 16 MiB. */
export const maxLineBytes = 16 * 1024 * 1024;

/** Bytes not yet parsed: what was left of the last chunk, followed by the new one. */
export class WorkBuffer {
  bytes = new Uint8Array(0);
  /** Parsing goes on here. */
  start = 0;
  /** Bytes are filled up to here. */
  end = 0;

  /** Adds a chunk behind what is left. Throws InputError when one line has outgrown the limit; `line` names it. */
  append(chunk: Uint8Array, line: number): void {
    const left = this.end - this.start;
    if (left > maxLineBytes) throw tooLong(line);
    const wanted = left + chunk.length;
    if (wanted + 1 > this.bytes.length) {
      const grown = new Uint8Array(Math.max(wanted + 1, Math.ceil(wanted * 1.5)));
      grown.set(this.bytes.subarray(this.start, this.end));
      this.bytes = grown;
    } else {
      this.bytes.copyWithin(0, this.start, this.end);
    }
    this.bytes.set(chunk, left);
    this.start = 0;
    this.end = wanted;
  }

  /** Position behind the last line end, or `start` when there is none. */
  completeEnd(): number {
    const last = this.bytes.subarray(this.start, this.end).lastIndexOf(10);
    return this.start + last + 1;
  }

  /** Closes an unterminated last line; `line` as for append. */
  terminate(line: number): void {
    if (this.end === this.start || this.bytes[this.end - 1] === 10) return;
    this.append(new Uint8Array([10]), line);
  }
}

function tooLong(line: number): InputError {
  return new InputError(
    `Line ${line} is longer than ${maxLineBytes} bytes. Wanted one request per line; an opening quote without its end also looks like this.`,
    { field: `line ${line}` },
  );
}
