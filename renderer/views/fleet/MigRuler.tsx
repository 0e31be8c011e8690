/** The eight memory slices of a GPU with its instances: dragged by mouse, moved with arrows, sized with digits, taken out with Delete. */
import { type KeyboardEvent, useId, useRef } from "react";
import { Group } from "react-aria-components";
import { formatNumber } from "../../../shared/reports/formatters.ts";
import type { MigProfile } from "../../../shared/schema/catalog.ts";
import {
  ownersOf,
  type Placed,
  sliceWords,
  startChoices,
  takenWords,
  unusedWords,
  whyNowhere,
} from "./migGeometry.ts";
import type { MigBoard } from "./useMigBoard.ts";
import { type MigDrag, useMigDrag } from "./useMigDrag.ts";

interface MigRulerProps {
  readonly board: MigBoard;
  /** Names the ruler: "cut-h100". */
  readonly name: string;
  /** Pools by instance of a profile, in the order of the ruler. */
  poolsOn(profile: string, instances: number): readonly (readonly InstanceUse[])[];
}

/** A pool on an instance, and the room that its model leaves there. */
export interface InstanceUse {
  readonly pool: string;
  /** "152 k tokens of KV room", or why the model does not fit; undefined while that is being reckoned. */
  readonly room: string | undefined;
  readonly fits: boolean;
}

function digitOf(event: KeyboardEvent): number | undefined {
  return /^[1-7]$/.test(event.key) && !event.ctrlKey && !event.metaKey && !event.altKey
    ? Number(event.key)
    : undefined;
}

function slicesTaken(profile: MigProfile | undefined, start: number): number[] {
  return Array.from({ length: profile?.memorySlices ?? 1 }, (_, i) => start + i);
}

/** Keys of an instance: arrows move it, a digit makes it so many compute slices large, Delete takes it out. */
function blockKeys(board: MigBoard, index: number) {
  return (event: KeyboardEvent): void => {
    const digit = digitOf(event);
    if (event.key === "ArrowRight") board.step(index, 1);
    else if (event.key === "ArrowLeft") board.step(index, -1);
    else if (event.key === "Delete" || event.key === "Backspace") board.remove(index);
    else if (digit !== undefined) board.resize(index, digit);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
}

/** Keys of a free slice: arrows go to its neighbours, a digit puts an instance there. */
function slotKeys(board: MigBoard, slice: number) {
  return (event: KeyboardEvent<HTMLElement>): void => {
    const digit = digitOf(event);
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (digit !== undefined) board.addSized(digit, slice);
    else if (step !== 0) focusBeside(event.currentTarget, step);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
}

function focusBeside(element: HTMLElement, step: number): void {
  const all = [...(element.parentElement?.querySelectorAll<HTMLElement>("[data-cell]") ?? [])];
  all.sort((a, b) => Number(a.dataset.cell) - Number(b.dataset.cell));
  all[all.indexOf(element) + step]?.focus();
}

function Block(props: {
  readonly board: MigBoard;
  readonly index: number;
  readonly each: Placed;
  readonly isLifted: boolean;
  readonly pools: readonly InstanceUse[];
  readonly grip: ReturnType<ReturnType<typeof useMigDrag>["begin"]>;
}) {
  const { board, index, each, isLifted, pools, grip } = props;
  const profile = board.profiles.find(({ name }) => name === each.profile);
  const slices = slicesTaken(profile, each.start);
  const user = pools.length === 0 ? "unused" : pools.map(({ pool }) => pool).join(", ");
  const room = pools.flatMap((use) => use.room ?? []).join("; ");
  return (
    <button
      type="button"
      className="mig-block"
      data-cell={each.start}
      data-lifted={isLifted}
      data-used={pools.length > 0}
      style={{ gridColumn: `${each.start + 1} / span ${slices.length}` }}
      data-fits={pools.every(({ fits }) => fits)}
      title={room === "" ? undefined : `${user}: ${room}`}
      aria-label={`${each.profile} on ${sliceWords(slices)}, ${user}${room === "" ? "" : `, ${room}`}. Arrow keys move it, a digit changes its size, Delete removes it.`}
      onKeyDown={blockKeys(board, index)}
      {...grip}
    >
      <span className="mig-block-name">{each.profile}</span>
      <span className="mig-block-use">{user}</span>
      {room !== "" && <span className="mig-block-use">{room}</span>}
    </button>
  );
}

function Ghost({ board, drag }: { readonly board: MigBoard; readonly drag: MigDrag }) {
  const profile = board.profiles.find(({ name }) => name === drag.profile);
  if (drag.start === undefined || profile === undefined) return null;
  return (
    <span
      className="mig-ghost"
      style={{ gridColumn: `${drag.start + 1} / span ${profile.memorySlices}` }}
    >
      {drag.profile}
    </span>
  );
}

/** What the drag under way may do: legal starts, and what blocks the others. */
function dragWords(board: MigBoard, drag: MigDrag): string {
  if (drag.isOutside)
    return drag.index === undefined
      ? "Let go to leave it out."
      : `Let go to remove ${drag.profile}.`;
  const rest = (board.placed ?? []).filter((_, i) => i !== drag.index);
  const choices = startChoices(board.profiles, drag.profile, rest);
  const blocked = choices
    .filter(({ blockedSlices }) => blockedSlices.length > 0)
    .map((choice) => `at ${choice.start} ${takenWords(choice)}`);
  const legal = choices.filter(({ isLegal }) => isLegal).map(({ start }) => start);
  const can = legal.length === 0 ? "no start is free" : `can start at ${legal.join(", ")}`;
  return `${drag.profile} ${can}${blocked.length === 0 ? "" : `; ${blocked.join("; ")}`}.`;
}

/** Which slices are blocked while something is dragged: those of starts that are not legal and that are taken. */
function blockedSlices(board: MigBoard, drag: MigDrag | undefined): ReadonlySet<number> {
  if (drag === undefined) return new Set();
  const rest = (board.placed ?? []).filter((_, i) => i !== drag.index);
  const choices = startChoices(board.profiles, drag.profile, rest);
  return new Set(choices.flatMap((choice) => choice.blockedSlices));
}

/** Pools on one of the placed instances. */
function usesOf(
  placed: readonly Placed[],
  index: number,
  poolsOn: MigRulerProps["poolsOn"],
): readonly InstanceUse[] {
  const { profile } = placed[index];
  const alike = placed.flatMap((each, i) => (each.profile === profile ? [i] : []));
  return poolsOn(profile, alike.length)[alike.indexOf(index)] ?? [];
}

export function MigRuler({ board, name, poolsOn }: MigRulerProps) {
  const ruler = useRef<HTMLDivElement>(null);
  const { drag, begin } = useMigDrag(board, ruler);
  const placed = board.placed ?? [];
  const owners = ownersOf(board.profiles, placed);
  const blocked = blockedSlices(board, drag);
  const help = useId();
  const words = drag === undefined ? board.message : dragWords(board, drag);
  return (
    <div className="mig" data-dragging={drag !== undefined}>
      <div className="mig-scale" aria-hidden="true">
        {owners.map((owner, slice) => (
          <span key={slice} data-free={owner === undefined} data-blocked={blocked.has(slice)}>
            {slice}
          </span>
        ))}
      </div>
      <Group
        className="mig-ruler"
        ref={ruler}
        aria-label={`Memory slices of ${name}`}
        aria-describedby={help}
      >
        {owners.map((owner, slice) =>
          owner !== undefined ? null : (
            <button
              key={slice}
              type="button"
              className="mig-slot"
              data-cell={slice}
              style={{ gridColumn: `${slice + 1} / span 1` }}
              aria-label={`Slice ${slice}, free. A digit puts an instance of so many compute slices here.`}
              onKeyDown={slotKeys(board, slice)}
            />
          ),
        )}
        {placed.map((each, index) => (
          <Block
            key={`${each.profile}@${each.start}`}
            board={board}
            index={index}
            each={each}
            isLifted={drag?.index === index}
            pools={usesOf(placed, index, poolsOn)}
            grip={begin(each.profile, index)}
          />
        ))}
        {drag !== undefined && <Ghost board={board} drag={drag} />}
      </Group>
      <p className="source">
        Memory slices 0 to 7. Drag an instance, or focus it: arrow keys move it, a digit makes it so
        many compute slices large, Delete takes it out.
      </p>
      <p className="mig-words" id={help} aria-live="polite">
        {words ??
          unusedWords(board.profiles, placed) ??
          "All memory and compute slices are in use."}
      </p>
      <ul className="mig-profiles" aria-label={`Instances to add to ${name}`}>
        {board.profiles.map((profile) => (
          <ProfileChip
            key={profile.name}
            board={board}
            profile={profile}
            grip={begin(profile.name, undefined)}
          />
        ))}
      </ul>
    </div>
  );
}

function ProfileChip(props: {
  readonly board: MigBoard;
  readonly profile: MigProfile;
  readonly grip: ReturnType<ReturnType<typeof useMigDrag>["begin"]>;
}) {
  const { board, profile, grip } = props;
  const why = whyNowhere(board.profiles, profile.name, board.placed ?? []);
  return (
    <li className="mig-profile" data-blocked={why !== undefined}>
      <button
        type="button"
        className="mig-chip"
        disabled={why !== undefined}
        onClick={() => board.add(profile.name, 0)}
        aria-label={`Add ${profile.name}`}
        {...(why === undefined ? grip : {})}
      >
        <span className="mig-chip-bar" aria-hidden="true">
          {Array.from({ length: profile.memorySlices }, (_, i) => (
            <i key={i} />
          ))}
        </span>
        {profile.name}
      </button>
      <span className="source">
        {why ?? `${formatNumber(profile.memoryGib)} GiB, ${profile.computeSlices}/7 of the SMs`}
      </span>
    </li>
  );
}
