/** The waiting requests of a replica: one deque per priority level, lower levels first. */
import { InvariantError } from "../../units/errors.ts";

/** Stands where a request was removed. */
const gap = -1;
/** A request to remove is looked for in this many places from the head, where timeouts find theirs, before places are indexed. */
const nearPlaces = 64;

/** A growable ring of request indices, each at most once. Its first place is never a gap. */
export class RequestDeque {
  private items = new Int32Array(16);
  /** Requests and gaps stand in the places head .. tail - 1, place p at items[p & (items.length - 1)]. */
  private head = 0;
  private tail = 0;
  private length = 0;
  /** Place of every request, from the first removal far from the head until the queue is empty or moved. */
  private places: Map<number, number> | undefined;

  /** Number of requests in it. */
  get size(): number {
    return this.length;
  }

  /** The first request; undefined behaviour when empty. */
  get first(): number {
    return this.items[this.head & (this.items.length - 1)];
  }

  pushBack(request: number): void {
    if (this.tail - this.head === this.items.length) this.makeRoom();
    this.put(this.tail++, request);
  }

  pushFront(request: number): void {
    if (this.tail - this.head === this.items.length) this.makeRoom();
    this.put(--this.head, request);
  }

  removeFirst(): void {
    const { items } = this;
    const mask = items.length - 1;
    if (this.places !== undefined) this.places.delete(this.first);
    this.head++;
    if (--this.length === 0) {
      this.head = this.tail;
      this.places = undefined;
    } else while (items[this.head & mask] === gap) this.head++;
  }

  /** Removes one request wherever it stands; true when it was first. */
  remove(request: number): boolean {
    const place = this.placeOf(request);
    if (place === this.head) {
      this.removeFirst();
      return true;
    }
    this.items[place & (this.items.length - 1)] = gap;
    this.length--;
    this.places?.delete(request);
    return false;
  }

  private put(place: number, request: number): void {
    this.items[place & (this.items.length - 1)] = request;
    this.length++;
    if (this.places !== undefined) this.places.set(request, place);
  }

  private placeOf(request: number): number {
    const { items } = this;
    const near = Math.min(this.tail, this.head + nearPlaces);
    for (let place = this.head; place < near; place++) {
      if (items[place & (items.length - 1)] === request) return place;
    }
    this.places ??= this.indexed();
    const place = this.places.get(request);
    if (place === undefined) throw new InvariantError(`request ${request} is not in this queue`);
    return place;
  }

  private indexed(): Map<number, number> {
    const places = new Map<number, number>();
    for (let place = this.head; place < this.tail; place++) {
      const request = this.items[place & (this.items.length - 1)];
      if (request !== gap) places.set(request, place);
    }
    return places;
  }

  /** Closes the gaps where they are half of the places, else doubles them. */
  private makeRoom(): void {
    const { items, head, tail, length } = this;
    const roomy = new Int32Array(2 * length > items.length ? 2 * items.length : items.length);
    let count = 0;
    for (let place = head; place < tail; place++) {
      const request = items[place & (items.length - 1)];
      if (request !== gap) roomy[count++] = request;
    }
    this.items = roomy;
    this.head = 0;
    this.tail = count;
    this.places = undefined;
  }
}

/** Waiting requests ordered by (priority level, place in the queue). A preempted request goes to the head of its level. */
export class WaitingQueue {
  private readonly levels: RequestDeque[] = [];
  /** Requests in all levels. */
  size = 0;

  constructor(levelCount: number) {
    for (let i = 0; i < levelCount; i++) this.levels.push(new RequestDeque());
  }

  /** The next request to admit; -1 when none waits. */
  get first(): number {
    if (this.size === 0) return -1;
    return this.levels[this.firstLevel()].first;
  }

  pushBack(request: number, level: number): void {
    this.levels[level].pushBack(request);
    this.size++;
  }

  pushFront(request: number, level: number): void {
    this.levels[level].pushFront(request);
    this.size++;
  }

  removeFirst(): void {
    this.levels[this.firstLevel()].removeFirst();
    this.size--;
  }

  /** Removes one request wherever it stands; true when it was the next to admit. */
  remove(request: number, level: number): boolean {
    const wasNext = this.firstLevel() === level;
    const wasFirst = this.levels[level].remove(request);
    this.size--;
    return wasNext && wasFirst;
  }

  private firstLevel(): number {
    let level = 0;
    while (this.levels[level].size === 0) level++;
    return level;
  }
}
