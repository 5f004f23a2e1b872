"""The explorer in JupyterLab, in a real browser: a control moved changes the picture, a click marks a place."""

import re
from contextlib import suppress

import pytest
from jupyter_server_process import jupyterlab
from playwright.sync_api import TimeoutError

pytestmark = [pytest.mark.browser, pytest.mark.slow]

#: Colours of the areas of the first chart.
FILLS = (
    "[...document.querySelectorAll('.js-plotly-plot')[0].querySelectorAll('.js-fill')].map(e => e.style.fill).join('|')"
)


@pytest.fixture(scope="module")
def lab(browser, checked):
    """JupyterLab with the explorer run."""
    with jupyterlab(checked.root) as address:
        page = browser.new_page(viewport={"width": 1700, "height": 1500})
        page.goto(f"{address}/lab/tree/lab/explore.ipynb?token=t", timeout=120_000)
        code = page.locator(".jp-Notebook .jp-CodeCell .cm-content").first
        code.wait_for(timeout=120_000)
        page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]").wait_for(timeout=120_000)
        prompt = page.locator(".jp-Notebook .jp-CodeCell .jp-InputPrompt").first
        for _ in range(10):
            for button in page.locator("dialog .jp-mod-accept").all():
                button.click()
            code.click()
            page.keyboard.press("Control+Enter")
            with suppress(TimeoutError):
                prompt.filter(has_not_text="[ ]:").wait_for(timeout=3_000)
                break
        # Pressed twice it runs twice, and what the first run showed goes.
        prompt.filter(has_text=re.compile(r"\[\d+\]")).wait_for(timeout=120_000)
        page.locator(".js-plotly-plot .js-fill").first.wait_for(timeout=120_000)
        yield page
        page.close()


def controls(lab):
    return lab.locator(".widget-dropdown select")


def chosen(lab, name):
    return lab.get_by_label(name, exact=True).first.evaluate("e => e.selectedOptions[0].textContent")


def test_a_control_moved_changes_the_picture(lab):
    before = lab.evaluate(FILLS)
    assert len(set(before.split("|"))) > 1
    for control, label in ((1, "Reddito imponibile"), (2, "2010"), (6, "4"), (0, "Cuneo")):
        controls(lab).nth(control).select_option(label=label)
        lab.wait_for_function(f"before => {FILLS} !== before", arg=before, timeout=60_000)
        before = lab.evaluate(FILLS)
    # What the place before had is chosen no more.
    assert (chosen(lab, "Anno"), chosen(lab, "In evidenza")) == ("…", "…")


def test_a_click_on_a_place_marks_it(lab):
    box = lab.locator(".js-plotly-plot").first.bounding_box()
    at = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    lab.mouse.move(*at)
    lab.wait_for_selector(".js-plotly-plot .hovertext")
    lab.mouse.click(*at)
    lab.wait_for_function(
        "[...document.querySelectorAll('.js-plotly-plot')[0].querySelectorAll('.js-line')]"
        ".some(e => e.style.strokeWidth === '3px')"
    )
    assert chosen(lab, "In evidenza") != "…"


def test_the_button_shows_the_code_of_the_view(lab):
    lab.locator("button", has_text="</>").first.click()
    code = lab.locator(".widget-html pre").first
    code.wait_for()
    assert 'we.comuni("D12")' in code.inner_text()
