/** Every command by name, and every scenario to open. What cannot run now stands last, dimmed. */
import { useMemo, useState } from "react";
import {
  Autocomplete,
  Dialog,
  Input,
  Menu,
  MenuItem,
  Modal,
  ModalOverlay,
  TextField,
  useFilter,
} from "react-aria-components";
import { useApp, useWindow } from "../components/useApp.ts";
import type { App } from "../state/appState.ts";
import { shortcutText } from "../state/commands.ts";
import { isMac } from "../state/platform.ts";

/** An entry of the palette. */
interface Entry {
  readonly id: string;
  readonly title: string;
  readonly group: string;
  readonly shortcut: string | undefined;
  readonly isEnabled: boolean;
  run(): void;
}

function commandEntries(app: App): Entry[] {
  const all = app.commands.list().map(
    (command): Entry => ({
      ...{ id: command.id, title: command.title(), group: command.group },
      ...{ shortcut: command.shortcut, isEnabled: command.isEnabled() },
      run: () => void app.commands.run(command.id),
    }),
  );
  return [...all.filter((each) => each.isEnabled), ...all.filter((each) => !each.isEnabled)];
}

/** Scenarios stand in the list once something is typed: a library may hold a thousand. */
const mostScenarios = 20;

function scenarioEntries(app: App, isWanted: (title: string) => boolean): Entry[] {
  return app.store
    .getState()
    .scenarios.map(
      ({ id, name }): Entry => ({
        ...{ id: `open:${id}`, title: `Open ${name}`, group: "Library" },
        ...{ shortcut: undefined, isEnabled: true },
        run: () => void app.try(() => app.show(id, "results")),
      }),
    )
    .filter(({ title }) => isWanted(title))
    .slice(0, mostScenarios);
}

function Row({ entry }: { readonly entry: Entry }) {
  const { id, title, group, shortcut, isEnabled } = entry;
  return (
    <MenuItem className="palette-item" id={id} textValue={title} isDisabled={!isEnabled}>
      <span className="palette-title">{title}</span>
      <span className="palette-group">{group}</span>
      <kbd>{shortcut !== undefined && shortcutText(shortcut, isMac)}</kbd>
    </MenuItem>
  );
}

function Finder({ onDone }: { readonly onDone: () => void }) {
  const app = useApp();
  const { contains } = useFilter({ sensitivity: "base" });
  const [text, setText] = useState("");
  const commands = useMemo(() => commandEntries(app), [app]);
  const entries =
    text === ""
      ? commands
      : [...commands, ...scenarioEntries(app, (title) => contains(title, text))];
  return (
    <Autocomplete filter={contains} inputValue={text} onInputChange={setText}>
      {/* Not a search field: Escape would only empty that, and here it closes. */}
      <TextField className="palette-search" aria-label="Search commands" autoFocus>
        <Input placeholder="What do you want to do?" />
      </TextField>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: so that the keyboard can scroll it */}
      <section className="palette-list" tabIndex={0} aria-label="Commands found">
        <Menu
          aria-label="Commands"
          items={entries}
          onAction={(id) => {
            onDone();
            entries.find((entry) => entry.id === id)?.run();
          }}
          renderEmptyState={() => (
            <p className="empty">Nothing is called “{text}”: no command, and no scenario.</p>
          )}
        >
          {(entry) => <Row entry={entry} />}
        </Menu>
      </section>
    </Autocomplete>
  );
}

export function Palette() {
  const app = useApp();
  const isOpen = useWindow((state) => state.isPaletteOpen);
  const set = (next: boolean): void => app.store.setState({ isPaletteOpen: next });
  return (
    <ModalOverlay className="overlay" isOpen={isOpen} isDismissable onOpenChange={set}>
      <Modal className="palette">
        <Dialog aria-label="Commands">
          <Finder onDone={() => set(false)} />
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
