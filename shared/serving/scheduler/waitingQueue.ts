/** The waiting requests of a replica: one deque per priority level, lower levels first. */
import { InvariantError } from "../../units/errors.ts";

/** A growable ring of request indices. */
export class RequestDeque {
  private items = new Int32Array(16);
  private head = 0;
  private length = 0;

  /** Number of requests in it. */
  get size(): number {
    return this.length;
  }

  /** The first request; undefined behaviour when empty. */
  get first(): number {
    return this.items[this.head];
  }

  pushBack(request: number): void {
    if (this.length === this.items.length) this.grow();
    this.items[(this.head + this.length++) & (this.items.length - 1)] = request;
  }

  pushFront(request: number): void {
    if (this.length === this.items.length) this.grow();
    this.head = (this.head - 1) & (this.items.length - 1);
    this.items[this.head] = request;
    this.length++;
  }

  removeFirst(): void {
    this.head = (this.head + 1) & (this.items.length - 1);
    this.length--;
  }

  /** Removes one request wherever it stands; true when it was first. Searches from the head, where timeouts find theirs. */
  remove(request: number): boolean {
    const mask = this.items.length - 1;
    let at = 0;
    while (at < this.length && this.items[(this.head + at) & mask] !== request) at++;
    if (at === this.length) throw new InvariantError(`request ${request} is not in this queue`);
    for (let i = at; i > 0; i--) {
      this.items[(this.head + i) & mask] = this.items[(this.head + i - 1) & mask];
    }
    this.removeFirst();
    return at === 0;
  }

  private grow(): void {
    const size = this.items.length;
    const wider = new Int32Array(size * 2);
    for (let i = 0; i < this.length; i++) {
      wider[i] = this.items[(this.head + i) & (size - 1)];
    }
    this.items = wider;
    this.head = 0;
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
