/** What can be done with a chart: read it as a table, copy it as a picture or as text. */
import {
  Button,
  Header,
  Menu,
  MenuItem,
  MenuSection,
  MenuTrigger,
  Popover,
  ToggleButton,
} from "react-aria-components";
import type { CopyForm } from "./copyChart.ts";
import type { SaveForm } from "./saveChart.ts";

/** What is done with a chart: its form, copied or saved as a file. */
export type ChartUse =
  | { readonly kind: "copy"; readonly form: CopyForm }
  | { readonly kind: "save"; readonly form: SaveForm };

const uses: readonly {
  readonly key: string;
  readonly name: string;
  readonly use: ChartUse;
}[] = [
  { key: "png", name: "As a picture (PNG)", use: { kind: "copy", form: "png" } },
  { key: "svg", name: "As a drawing (SVG)", use: { kind: "copy", form: "svg" } },
  { key: "tsv", name: "As a table (TSV)", use: { kind: "copy", form: "tsv" } },
  { key: "savePng", name: "PNG file", use: { kind: "save", form: "png" } },
  { key: "saveSvg", name: "SVG file", use: { kind: "save", form: "svg" } },
  { key: "saveCsv", name: "Figures as CSV file", use: { kind: "save", form: "csv" } },
];
const needPicture = ["png", "svg", "savePng", "saveSvg"];

function Uses({ kind }: { readonly kind: ChartUse["kind"] }) {
  return uses
    .filter(({ use }) => use.kind === kind)
    .map(({ key, name }) => (
      <MenuItem className="list-item" id={key} key={key}>
        {name}
      </MenuItem>
    ));
}

interface ChartActionsProps {
  readonly title: string;
  readonly isTable: boolean;
  readonly onTable: (isTable: boolean) => void;
  readonly onUse: (use: ChartUse) => void;
  /** Whether there is a picture to copy now. */
  readonly hasPicture: boolean;
}

export function ChartActions({ title, isTable, onTable, onUse, hasPicture }: ChartActionsProps) {
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
        <Button className="button small quiet" aria-label={`Copy or save ${title}`}>
          Copy or save
        </Button>
        <Popover className="popover" placement="bottom end">
          <Menu
            className="menu"
            onAction={(key) => {
              const found = uses.find((each) => each.key === key);
              if (found !== undefined) onUse(found.use);
            }}
            disabledKeys={hasPicture ? [] : needPicture}
          >
            <MenuSection>
              <Header className="menu-heading">Copy</Header>
              <Uses kind="copy" />
            </MenuSection>
            <MenuSection>
              <Header className="menu-heading">Save</Header>
              <Uses kind="save" />
            </MenuSection>
          </Menu>
        </Popover>
      </MenuTrigger>
    </div>
  );
}
