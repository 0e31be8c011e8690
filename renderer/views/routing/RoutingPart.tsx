/** Where requests go: the first rule that takes a request has it. */
import { PartProblems } from "../../components/PartProblems.tsx";
import { FlowPicture } from "./FlowPicture.tsx";
import { RouteTest } from "./RouteTest.tsx";
import { RuleList } from "./RuleList.tsx";

export function RoutingPart() {
  return (
    <>
      <p className="lead">
        The first rule that takes a request has it; the last one takes whatever is left. Drag a
        rule, or press Alt and an arrow key, to change the order.
      </p>
      <PartProblems fields={["rules"]} />
      <RuleList />
      <RouteTest />
      <FlowPicture />
    </>
  );
}
