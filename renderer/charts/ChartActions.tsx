/** What can be done with a chart: read it as a table, copy it as a picture or as text. */
import { Button, Menu, MenuItem, MenuTrigger, Popover, ToggleButton } from "react-aria-components";
import type { CopyForm } from "./copyChart.ts";

interface ChartActionsProps {
  readonly title: string;
  readonly isTable: boolean;
  readonly onTable: (isTable: boolean) => void;
  readonly onCopy: (form: CopyForm) => void;
  /** Whether there is a picture to copy now. */
  readonly hasPicture: boolean;
}

export function ChartActions({ title, isTable, onTable, onCopy, hasPicture }: ChartActionsProps) {
  return (
    <div className="chart-actions">
      <ToggleButton
        className="button small quiet"
        isSelected={isTable}
        onChange={onTable}
        aria-label={`${title} as a table`}
      >
        {isTable ? "Chart" : "Table"}
      </ToggleButton>
      <MenuTrigger>
        <Button className="button small quiet" aria-label={`Copy ${title}`}>
          Copy
        </Button>
        <Popover className="popover" placement="bottom end">
          <Menu
            className="menu"
            onAction={(key) => onCopy(key as CopyForm)}
            disabledKeys={hasPicture ? [] : ["png", "svg"]}
          >
            <MenuItem className="list-item" id="png">
              As a picture (PNG)
            </MenuItem>
            <MenuItem className="list-item" id="svg">
              As a drawing (SVG)
            </MenuItem>
            <MenuItem className="list-item" id="tsv">
              As a table (TSV)
            </MenuItem>
          </Menu>
        </Popover>
      </MenuTrigger>
    </div>
  );
}
