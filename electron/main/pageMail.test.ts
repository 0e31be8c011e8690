import { describe, expect, it } from "vitest";
import type { CoreEvent } from "../../shared/contract/events.ts";
import { PageMail } from "./pageMail.ts";

const file = (name: string): CoreEvent => ({ kind: "openFile", token: name, name });

describe("news for the page", () => {
  it("wait until it is ready, and again while it is loaded anew", () => {
    const sent: CoreEvent[] = [];
    const mail = new PageMail((event) => sent.push(event));
    mail.deliver(file("a"));
    mail.deliver(file("b"));
    expect(sent).toEqual([]);
    mail.pageIsReady();
    mail.pageIsReady();
    mail.deliver(file("c"));
    mail.pageIsGone();
    mail.deliver(file("d"));
    expect(sent).toEqual([file("a"), file("b"), file("c")]);
    mail.pageIsReady();
    expect(sent).toEqual([file("a"), file("b"), file("c"), file("d")]);
  });
});
