/** Every command by name. */
import {
  Autocomplete,
  Dialog,
  Input,
  Menu,
  MenuItem,
  Modal,
  ModalOverlay,
  SearchField,
  useFilter,
} from "react-aria-components";
import { useApp, useWindow } from "../components/useApp.ts";
import { shortcutText } from "../state/commands.ts";
import { isMac } from "../state/platform.ts";

export function Palette() {
  const app = useApp();
  const isOpen = useWindow((state) => state.isPaletteOpen);
  const { contains } = useFilter({ sensitivity: "base" });
  const close = (): void => app.store.setState({ isPaletteOpen: false });
  const commands = app.commands.list().filter((command) => command.isEnabled());
  return (
    <ModalOverlay
      className="overlay"
      isOpen={isOpen}
      isDismissable
      onOpenChange={(next) => app.store.setState({ isPaletteOpen: next })}
    >
      <Modal className="palette">
        <Dialog aria-label="Commands">
          <Autocomplete filter={contains}>
            <SearchField className="palette-search" aria-label="Search commands" autoFocus>
              <Input placeholder="What do you want to do?" />
            </SearchField>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: so that the keyboard can scroll it */}
            <section className="palette-list" tabIndex={0} aria-label="Commands found">
              <Menu
                items={commands}
                onAction={(id) => {
                  close();
                  app.commands.run(String(id));
                }}
                renderEmptyState={() => <p className="empty">No command of that name.</p>}
              >
                {(command) => (
                  <MenuItem className="palette-item" id={command.id} textValue={command.title()}>
                    <span>{command.title()}</span>
                    <span className="palette-group">{command.group}</span>
                    {command.shortcut !== undefined && (
                      <kbd>{shortcutText(command.shortcut, isMac)}</kbd>
                    )}
                  </MenuItem>
                )}
              </Menu>
            </section>
          </Autocomplete>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
