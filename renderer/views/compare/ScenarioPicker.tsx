/** Which scenarios are compared, and which of them is the baseline. */
import { Button, Checkbox } from "react-aria-components";
import { InlineMark } from "../../charts/Mark.tsx";
import { scenarioStyle } from "../../charts/optionStyles.ts";
import { useApp, useWindow } from "../../components/useApp.ts";
import { scenarioPlaces } from "../../state/scenarioPlaces.ts";

const most = 8;

export function ScenarioPicker({ ids }: { readonly ids: readonly string[] }) {
  const app = useApp();
  const scenarios = useWindow((state) => state.scenarios);
  const places = scenarioPlaces(ids, scenarios);
  const choose = (id: string, isChosen: boolean): void => {
    const others = ids.filter((each) => each !== id);
    app.go({ kind: "compare", ids: isChosen ? [...others, id] : others });
  };
  return (
    <ul className="picker" aria-label="Scenarios to compare">
      {scenarios.map(({ id, name }) => {
        const isChosen = ids.includes(id);
        const isBaseline = ids[0] === id;
        return (
          <li key={id}>
            <Checkbox
              className="checkbox"
              isSelected={isChosen}
              isDisabled={!isChosen && ids.length >= most}
              onChange={(next) => choose(id, next)}
            >
              <span className="checkbox-box" aria-hidden="true" />
              {isChosen && <InlineMark style={scenarioStyle(places.get(id) ?? 0)} />}
              <span>{name}</span>
            </Checkbox>
            {isChosen &&
              (isBaseline ? (
                <span className="unit">baseline</span>
              ) : (
                <Button
                  className="link"
                  aria-label={`Make it the baseline: ${name}`}
                  onPress={() => void app.set({ baselineScenario: id })}
                >
                  Make it the baseline
                </Button>
              ))}
          </li>
        );
      })}
    </ul>
  );
}
