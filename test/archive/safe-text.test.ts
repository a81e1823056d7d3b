import { expect } from "chai";
import { safeText, safeTitle } from "../../scripts/lib/archive/safe-text.js";

describe("Texts of others", () => {
  it("attack 117: links that act, markup, pictures from elsewhere and characters nobody sees do nothing when a text is shown", () => {
    const text = [
      "[press](javascript:alert(1)) and [this](JavaScript :alert(1)), data:text/html;base64,AAAA",
      "<script>alert(1)</script><img src=x onerror=alert(1)>",
      "![tracker](https://example.org/pixel.png)",
      "a\u202eb\u200bc\u0007d",
      "# A heading of mine",
    ].join("\n");
    const safe = safeText(text);
    expect(safe).not.to.match(/(?:javascript|data)\s*:/i);
    expect(safe)
      .not.to.contain("<")
      .and.not.to.match(/(?<!\\)!\[/);
    expect(safe).to.contain("a\ufffdb\ufffdc\ufffdd");
    expect(safe).to.contain("###### A heading of mine");
    expect(safeText("Plain *words* and [a link](https://example.org).\n")).to.equal(
      "Plain *words* and [a link](https://example.org).",
    );
  });

  it("attack 117: a title is one line of words, and no formula", () => {
    expect(safeTitle("=HYPERLINK(1)")).to.equal("'=HYPERLINK(1)");
    expect(safeTitle("a\n\n# b | c")).to.equal("a # b \\| c");
    expect(safeTitle("pay\u202egnp.exe")).to.equal("paygnp.exe");
    expect(safeTitle("x".repeat(500))).to.have.lengthOf(120);
  });
});
