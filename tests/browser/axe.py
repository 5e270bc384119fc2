"""What axe-core finds that keeps somebody from using a page."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files

from playwright.async_api import Page

BARRED = ("serious", "critical")
ANY = ("minor", "moderate", *BARRED)

FINDINGS = """async ([barred, colours]) => {
    const found = await axe.run({resultTypes: ["violations"], rules: {"color-contrast": {enabled: colours}}})
    return found.violations.filter(each => barred.includes(each.impact)).flatMap(each => each.nodes.map(
        node => `${each.impact} ${each.id} at ${node.target.join(" ")}: ${node.failureSummary}`
    ))
}"""


async def findings(page: Page, *, colours: bool = True, barred: Sequence[str] = BARRED) -> list[str]:
    """Every finding of a weight that is `barred`: the rule, where, and what would mend it.

    Without `colours` contrast is left out, which takes longest and is the same at every width.
    """
    await page.evaluate((files("axe_playwright_python") / "axe.min.js").read_text("utf-8"))
    found: list[str] = await page.evaluate(FINDINGS, [barred, colours])
    return [" ".join(each.split()) for each in found]


async def accessible(page: Page, *, colours: bool = True) -> None:
    """Fail with the list of what shuts somebody out."""
    found = await findings(page, colours=colours)
    assert not found, "\n".join(found)
