import { InputError } from "../units/errors.ts";

/** Names (of models, tenants) numbered in order of first appearance, found by text or straight by bytes. */
export class NameTable {
  readonly names: string[] = [];
  private readonly byText = new Map<string, number>();
  private readonly meaning: string;
  private readonly maxNames: number;
  private slots = new Int32Array(1024);
  private readonly encoded: Uint8Array[] = [];
  private readonly hashes: number[] = [];

  /** `meaning` names the column's role in messages; more than `maxNames` different names throw InputError. */
  constructor(meaning: string, maxNames: number) {
    this.meaning = meaning;
    this.maxNames = maxNames;
  }

  /** The number of `name`, given now if it is new. */
  indexOf(name: string): number {
    const known = this.byText.get(name);
    if (known !== undefined) return known;
    if (this.names.length >= this.maxNames) throw this.tooMany();
    this.byText.set(name, this.names.length);
    return this.names.push(name) - 1;
  }

  /** The number of the ASCII name that stands in bytes[start .. end - 1]. */
  indexOfBytes(bytes: Uint8Array, start: number, end: number): number {
    let hash = 0x811c9dc5;
    for (let i = start; i < end; i += 1) hash = Math.imul(hash ^ bytes[i], 0x01000193);
    const mask = this.slots.length - 1;
    let slot = (hash ^ (hash >>> 15)) & mask;
    while (this.slots[slot] !== 0) {
      const entry = this.slots[slot] - 1;
      if (this.hashes[entry * 2] === hash && isSame(this.encoded[entry], bytes, start, end)) {
        return this.hashes[entry * 2 + 1];
      }
      slot = (slot + 1) & mask;
    }
    return this.addBytes(bytes.slice(start, end), hash, slot);
  }

  private addBytes(bytes: Uint8Array, hash: number, slot: number): number {
    const index = this.indexOf(String.fromCharCode(...bytes).trim());
    const entry = this.encoded.push(bytes) - 1;
    this.hashes.push(hash, index);
    this.slots[slot] = entry + 1;
    if (this.encoded.length * 2 > this.slots.length) this.grow();
    return index;
  }

  private grow(): void {
    this.slots = new Int32Array(this.slots.length * 4);
    const mask = this.slots.length - 1;
    for (let entry = 0; entry < this.encoded.length; entry += 1) {
      const hash = this.hashes[entry * 2];
      let slot = (hash ^ (hash >>> 15)) & mask;
      while (this.slots[slot] !== 0) slot = (slot + 1) & mask;
      this.slots[slot] = entry + 1;
    }
  }

  private tooMany(): InputError {
    return new InputError(
      `The ${this.meaning} column holds more than ${this.maxNames} different names. Wanted at most that many; map another column to ${this.meaning}, or none.`,
      { field: this.meaning },
    );
  }
}

function isSame(name: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (name.length !== end - start) return false;
  for (let i = 0; i < name.length; i += 1) if (name[i] !== bytes[start + i]) return false;
  return true;
}
