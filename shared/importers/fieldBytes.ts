/** Reading numbers and times straight from bytes: no strings. Anything unusual is left to fieldText.ts, which reads the same values. */
import { epochDays, isCalendarTime, maxTokens } from "./fieldText.ts";

/** Reads one field at a time; after a read that returns true, `position` stands behind the field. */
export class FieldBytes {
  position = 0;
  /** Of readTokens. */
  value = 0;
  timeS = 0;
  timeNs = 0;
  hasZone = false;
  private lastDate = -1;
  private lastDateS = 0;

  /** Reads 1 to 10 digits as a token count. False: not plainly that. */
  readTokens(bytes: Uint8Array, start: number): boolean {
    let position = start;
    let value = 0;
    let digit = bytes[position] - 48;
    while (digit >= 0 && digit <= 9) {
      value = value * 10 + digit;
      position += 1;
      digit = bytes[position] - 48;
    }
    this.value = value;
    this.position = position;
    return position > start && position - start <= 10 && value <= maxTokens;
  }

  /** Reads "digits" or "digits.digits" as seconds. False: not plainly that. */
  readSeconds(bytes: Uint8Array, start: number): boolean {
    let position = start;
    let value = 0;
    let digit = bytes[position] - 48;
    while (digit >= 0 && digit <= 9) {
      value = value * 10 + digit;
      position += 1;
      digit = bytes[position] - 48;
    }
    if (position === start || position - start > 12) return false;
    this.timeS = value;
    this.timeNs = 0;
    this.hasZone = false;
    this.position = position;
    if (bytes[position] === 46) this.readFraction(bytes, position + 1, true);
    return true;
  }

  /** Reads YYYY-MM-DD HH:MM:SS[.fraction][zone], T or space between. False: not plainly that. */
  readIso(bytes: Uint8Array, start: number): boolean {
    if (bytes[start + 4] !== 45 || bytes[start + 7] !== 45) return false;
    if (bytes[start + 13] !== 58 || bytes[start + 16] !== 58) return false;
    const separator = bytes[start + 10];
    if (separator !== 32 && separator !== 84) return false;
    const hour = twoDigits(bytes, start + 11);
    const minute = twoDigits(bytes, start + 14);
    const second = twoDigits(bytes, start + 17);
    if (hour > 23 || minute > 59 || second > 60 || !this.readDate(bytes, start)) return false;
    this.timeS = this.lastDateS + (hour * 60 + minute) * 60 + second;
    this.timeNs = 0;
    this.position = start + 19;
    if (bytes[start + 19] === 46) this.readFraction(bytes, start + 20, false);
    return this.readZone(bytes);
  }

  /** Sets timeNs from fractional digits; beyond nine they round (decimal seconds) or are cut off (clock times). */
  private readFraction(bytes: Uint8Array, start: number, isRounded: boolean): void {
    let position = start;
    let value = 0;
    let digit = bytes[position] - 48;
    while (digit >= 0 && digit <= 9 && position - start < 9) {
      value = value * 10 + digit;
      position += 1;
      digit = bytes[position] - 48;
    }
    this.timeNs = value * tenTo[9 - (position - start)];
    if (isRounded && digit >= 5 && digit <= 9) this.addNanosecond();
    while (digit >= 0 && digit <= 9) {
      position += 1;
      digit = bytes[position] - 48;
    }
    this.position = position;
  }

  private addNanosecond(): void {
    this.timeNs += 1;
    if (this.timeNs < 1e9) return;
    this.timeNs = 0;
    this.timeS += 1;
  }

  private readDate(bytes: Uint8Array, start: number): boolean {
    const century = twoDigits(bytes, start);
    const yearInCentury = twoDigits(bytes, start + 2);
    const month = twoDigits(bytes, start + 5);
    const day = twoDigits(bytes, start + 8);
    const date = ((century * 100 + yearInCentury) * 100 + month) * 100 + day;
    if (century > 99 || yearInCentury > 99) return false;
    if (date === this.lastDate) return true;
    const year = century * 100 + yearInCentury;
    if (!isCalendarTime(year, month, day, 0, 0, 0)) return false;
    this.lastDate = date;
    this.lastDateS = epochDays(year, month, day) * 86_400;
    return true;
  }

  /** Takes "Z", "+HH:MM" or nothing at `position`. */
  private readZone(bytes: Uint8Array): boolean {
    const sign = bytes[this.position];
    this.hasZone = false;
    if (sign === 90) {
      this.hasZone = true;
      this.position += 1;
      return true;
    }
    if (sign !== 43 && sign !== 45) return true;
    const hours = twoDigits(bytes, this.position + 1);
    const minutes = twoDigits(bytes, this.position + 4);
    if (hours > 18 || minutes > 59 || bytes[this.position + 3] !== 58) return false;
    this.timeS -= (sign === 45 ? -60 : 60) * (hours * 60 + minutes);
    this.hasZone = true;
    this.position += 6;
    return true;
  }
}

const tenTo = [1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9];
const notDigits = 1000;

/** Two digits as 0 .. 99, or 1000 where they are not digits. */
function twoDigits(bytes: Uint8Array, position: number): number {
  const tens = bytes[position] - 48;
  const ones = bytes[position + 1] - 48;
  if (tens < 0 || tens > 9 || ones < 0 || ones > 9) return notDigits;
  return tens * 10 + ones;
}
