"""Maps and rankings beside each other in a real browser: marked together, followed, saved as GeoJSON; dark figures."""

import json

import geopandas as gpd
import pytest
from browser import Visit, until
from readers import rows_of

from helpers.data import raw

pytestmark = [pytest.mark.browser, pytest.mark.site]

DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}

#: Page, map and ranking.
PAIRS = [
    ("index.html", "residents_change-map", "residents_change-ranking"),
    ("distretti/index.html", "old-age-map", "old-age-ranking"),
    ("equita.html", "need-map", "need-ranking"),
    ("risorse.html", "benchmark-map", "benchmark-ranking"),
]

#: Page, map, property that names its areas, and the file of the site they come from ("": the map's own points).
MAPS = [
    *((page, name, "id", "data/districts.geojson") for page, name, _ in PAIRS),
    ("misure/misura-1.html", "projects-map", "id", "data/districts.geojson"),
    ("distretti/bra.html", "map", "istat", "data/comuni/bra.geojson"),
    ("laboratorio/index.html", "patto-map", "region_code", "data/geo/regions.geojson"),
    ("laboratorio/regioni.html", "regions-map", "region_code", "data/geo/regions.geojson"),
    ("will/index.html", "will-map", "istat", "data/geo/will.geojson"),
    ("misure/welfare-aziendale.html", "places-map", "istat", ""),
]

MARKED = (
    'name => document.querySelector(`#fig-${name} .plot`).layout.shapes?.some(s => s.name === "reader-mark") ?? false'
)

#: Whether the row marked in a ranking and the outline marked on a map are both those of a district.
SAME = """([map, ranking, district]) => {
    const plot = (name) => document.querySelector(`#fig-${name} .plot`);
    const shape = (name) => plot(name).layout.shapes?.find((one) => one.name === "reader-mark");
    if (!shape(map) || !shape(ranking)) return false;
    const row = (shape(ranking).y0 + shape(ranking).y1) / 2;
    const [, x, y] = /^M(-?[\\d.]+),(-?[\\d.]+)/.exec(shape(map).path).map(Number);
    const area = plot(map).data.find((trace) => trace.meta && trace.x[0] === x && trace.y[0] === y);
    return plot(ranking).layout.yaxis.ticktext[row] === district && area.text.includes(`<b>${district}</b>`);
}"""

#: Where a district is on the screen: a point inside its area on a map, or its bar in a ranking.
FIND = """([name, slug]) => {
    const plot = document.querySelector(`#fig-${name} .plot`);
    const { left, top } = plot.getBoundingClientRect();
    const { xaxis, yaxis } = plot._fullLayout;
    const screen = (x, y) => [left + xaxis._offset + xaxis.d2p(x), top + yaxis._offset + yaxis.d2p(y)];
    const ends = (href) => href?.endsWith(`/${slug}.html`) || href === `${slug}.html`;
    const area = plot.data.find((trace) => trace.hoveron === "fills" && ends(trace.meta?.href));
    if (!area) {
        const told = plot.data.find((trace) => trace.customdata);
        const n = told.customdata.findIndex(ends);
        const [low, high] = xaxis.range;
        return screen(low + (high - low) / 3, told.y[n]);
    }
    const x = area.x.filter((v) => v !== null), y = area.y.filter((v) => v !== null);
    const path = new Path2D();
    area.x.forEach((v, n) => {
        if (v !== null) path[n && area.x[n - 1] !== null ? "lineTo" : "moveTo"](v, area.y[n]);
    });
    const inside = new OffscreenCanvas(1, 1).getContext("2d");
    const [west, east, south, north] = [Math.min(...x), Math.max(...x), Math.min(...y), Math.max(...y)];
    for (let step = 0; step < 400; step += 1) {
        const [along, up] = [0.3 + 0.4 * (step % 20) / 20, 0.3 + 0.4 * step / 400];
        const at = [west + (east - west) * along, south + (north - south) * up];
        if (inside.isPointInPath(path, ...at)) return screen(...at);
    }
}"""


STILL = """async (name) => {
    const place = () => document.querySelector(`#fig-${name} .plot`).getBoundingClientRect().top;
    let same = 0, before = place();
    while (same < 6) {
        await new Promise((next) => setTimeout(next, 25));
        same = place() === before ? same + 1 : 0;
        before = place();
    }
}"""


def drawn(visit, address, *figures, **context):
    page = visit.turn_to(address, **{"viewport": DESKTOP, **context})
    for name in figures:
        page.locator(f"#fig-{name} .plot").focus()
        page.wait_for_selector(f"#fig-{name} .plot[data-drawn=true]", timeout=60_000)
    return page


def place_of(page, name, slug):
    """Where to point at a district, with its figure in the middle of the screen."""
    page.evaluate(
        """name => document.querySelector(`#fig-${name} .plot`)
            .scrollIntoView({ block: "center", behavior: "instant" })""",
        name,
    )
    # What comes with a chart, as its buttons, is in its place before anybody points at something.
    page.evaluate(STILL, name)
    return page.evaluate(FIND, [name, slug])


def wait_marked(page, name, wanted=True):
    until(page, f"name => ({MARKED})(name) === {str(wanted).lower()}", arg=name)


def boxes(page, *figures):
    """Where figures stand, once nothing of a page and no name or value of its last figure sticks out."""
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
    sticking = page.evaluate(
        """name => {
            const box = document.querySelector(`#fig-${name} .plot`).getBoundingClientRect();
            return [...document.querySelectorAll(`#fig-${name} .plot text`)].filter((text) => {
                const { left, right, width } = text.getBoundingClientRect();
                return width && (left < box.left - 1 || right > box.right + 1);
            }).map((text) => text.textContent);
        }""",
        figures[-1],
    )
    assert sticking == []
    return page.evaluate(
        """names => names.map(name => {
            const { left, top, right, bottom } = document.querySelector(`#fig-${name} .plot`).getBoundingClientRect();
            return { left, top, right, bottom };
        })""",
        figures,
    )


@pytest.mark.parametrize(("address", "map_", "ranking"), PAIRS)
def test_both_stand_side_by_side_and_pointing_at_one_marks_the_same_district_in_the_other(
    visit, address, map_, ranking
):
    page = drawn(visit, address, map_, ranking)
    one, other = boxes(page, map_, ranking)
    assert abs(one["top"] - other["top"]) < 2 and one["right"] <= other["left"]
    for here, there in ((map_, ranking), (ranking, map_)):
        page.mouse.move(*place_of(page, here, "cuneo"), steps=4)
        # The row of Cuneo and the outline of Cuneo, not just any; on the way there the pointer met others.
        until(page, SAME, arg=[map_, ranking, "Cuneo"])
        page.mouse.move(5, 5)
        wait_marked(page, there, wanted=False)


@pytest.mark.parametrize(("address", "map_", "ranking"), PAIRS)
def test_on_a_phone_both_stand_one_above_the_other(visit, address, map_, ranking):
    one, other = boxes(drawn(visit, address, map_, ranking, viewport=PHONE), map_, ranking)
    assert one["bottom"] <= other["top"] and abs(one["left"] - other["left"]) < 2


def test_what_is_told_of_a_pointer_that_has_left_marks_nothing(visit):
    page = drawn(visit, "risorse.html", "benchmark-map", "benchmark-ranking")
    page.mouse.move(*place_of(page, "benchmark-ranking", "cuneo"), steps=4)
    wait_marked(page, "benchmark-map")
    page.mouse.move(5, 5)
    wait_marked(page, "benchmark-map", wanted=False)
    # On a slow machine plotly.js tells of it after it has left.
    late = """name => {
        const plot = document.querySelector(`#fig-${name} .plot`);
        const curveNumber = plot.data.findIndex((trace) => trace.customdata);
        plot.emit("plotly_hover", { points: [{ curveNumber, pointNumber: 0 }] });
    }"""
    page.evaluate(late, "benchmark-ranking")
    page.wait_for_timeout(300)
    assert not page.evaluate(MARKED, "benchmark-ranking") and not page.evaluate(MARKED, "benchmark-map")


@pytest.mark.parametrize(
    ("address", "map_", "ranking"),
    [PAIRS[0], *(pytest.param(*pair, marks=pytest.mark.audit) for pair in PAIRS[1:3]), PAIRS[3]],
)
def test_a_click_on_either_opens_the_page_of_the_district(visit, address, map_, ranking):
    for figure in (map_, ranking):
        page = drawn(visit, address, map_, ranking)
        x, y = place_of(page, figure, "verbano-cusio-ossola")
        page.mouse.move(x, y, steps=4)
        page.wait_for_selector(f"#fig-{figure} .plot.is-link")
        # As long as a person's shortest: plotly.js alone loses half of them while the marks are drawn.
        page.mouse.click(x, y, delay=50)
        page.wait_for_url("**/distretti/verbano-cusio-ossola.html")


def test_the_names_of_a_ranking_answer_as_its_bars(visit):
    page = drawn(visit, "en/distretti/index.html", "old-age-map", "old-age-ranking")
    name = page.locator("#fig-old-age-ranking .ytick > text", has_text="Biella")
    name.hover()
    wait_marked(page, "old-age-map")
    name.click()
    page.wait_for_url("**/en/distretti/biella.html")


def test_arrow_keys_read_the_ranking_mark_the_map_and_open_the_page(visit):
    page = drawn(visit, "distretti/index.html", "old-age-map", "old-age-ranking")
    plot = page.locator("#fig-old-age-ranking .plot")
    plot.focus()
    page.keyboard.press("Home")
    told = page.locator("#fig-old-age-ranking .figure-reading")
    first = told.inner_text()
    assert "Acqui Terme e Ovada" in first and "318" in first and "(1 di 30)" in first
    wait_marked(page, "old-age-map")
    page.keyboard.press("ArrowDown")
    assert "(2 di 30)" in told.inner_text() and "Biella" in told.inner_text()
    page.keyboard.press("Escape")
    wait_marked(page, "old-age-map", wanted=False)
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    page.wait_for_url("**/distretti/romentino-ovest-ticino.html")


def test_arrow_keys_on_a_map_mark_the_ranking(visit):
    page = drawn(visit, "equita.html", "need-map", "need-ranking")
    page.locator("#fig-need-map .plot").focus()
    page.keyboard.press("Home")
    wait_marked(page, "need-ranking")
    wait_marked(page, "need-map")
    page.keyboard.press("Tab")
    wait_marked(page, "need-ranking", wanted=False)


def test_on_a_touch_screen_the_first_tap_tells_and_the_second_opens(visit):
    page = drawn(
        visit, "risorse.html", "benchmark-map", "benchmark-ranking", viewport=PHONE, has_touch=True, is_mobile=True
    )
    at = place_of(page, "benchmark-ranking", "cuneo")
    page.touchscreen.tap(*at)
    told = page.locator("#fig-benchmark-ranking .figure-reading")
    told.filter(has_text="Tocca di nuovo").wait_for(timeout=15_000)
    assert "Cuneo" in told.inner_text() and page.url.endswith("/risorse.html")
    page.wait_for_timeout(700)
    page.touchscreen.tap(*at)
    page.wait_for_url("**/distretti/cuneo.html")


def test_without_scripts_the_table_of_a_pair_is_there(visit):
    page = visit.open("risorse.html", java_script_enabled=False)
    page.locator("#fig-benchmark-map summary").click()
    assert page.locator("#fig-benchmark-map tbody tr").count() == 30
    assert page.locator("#fig-benchmark-ranking figcaption").is_visible()


def saved(page, click):
    with page.expect_download() as waiting:
        click()
    path = waiting.value.path()
    return path, waiting.value.suggested_filename


@pytest.mark.parametrize(("address", "name", "key", "file"), MAPS)
def test_a_map_is_saved_as_geojson_with_the_values_of_its_table(built, visit, address, name, key, file):
    # The file is made of the page's own table: nobody need have touched the map.
    page = visit.turn_to(address)
    button = page.locator(f"#fig-{name} .downloads button", has_text="GeoJSON")
    path, filename = saved(page, button.click)
    assert filename.endswith(f"-{name}.geojson")
    map_ = json.loads(path.read_text(encoding="utf-8"))
    table = built.site / f"{address.removesuffix('.html')}-{name}.csv"
    rows = rows_of(table)
    assert len(map_["features"]) == len(rows) > 0
    frame = gpd.read_file(path)
    assert frame.crs.to_epsg() == 4326 and frame.geometry.is_valid.all() and not frame.geometry.is_empty.any()
    west, south, east, north = frame.total_bounds
    assert 6 < west < east < 19 and 35 < south < north < 48
    published = {}
    if file:
        features = json.loads((built.site / file).read_text(encoding="utf-8"))["features"]
        published = {f["properties"][key]: f for f in features}
    for feature, row in zip(map_["features"], rows, strict=True):
        got = feature["properties"]
        for column, text in row.items():
            value = got[column]
            if value is None or isinstance(value, str):
                assert (value or "") == text.removeprefix("'"), (column, row)
            elif isinstance(value, bool):
                assert str(value).lower() == text
            else:
                assert value == float(text), (column, row)
        if file:
            # The outline is that of the place the row speaks of.
            own = published[got[key]]
            assert own["geometry"] == feature["geometry"]
            assert "name" not in row or own["properties"]["name"] == got["name"]
            parts = feature["geometry"]["coordinates"]
            rings = [parts[0]] if feature["geometry"]["type"] == "Polygon" else [part[0] for part in parts]
            assert all(area(ring) > 0 for ring in rings), "outer rings run against the clock (RFC 7946)"
        assert got["status"] or "status" in row
    assert len({f["properties"][key] for f in map_["features"]}) == len(rows)


def area(ring):
    return sum(x * v - u * y for (x, y), (u, v) in zip(ring, ring[1:], strict=False)) / 2


def test_the_points_of_a_map_are_in_their_comuni(built, visit):
    page = visit.turn_to("misure/welfare-aziendale.html")
    button = page.locator("#fig-places-map .downloads button", has_text="GeoJSON")
    points = gpd.read_file(saved(page, button.click)[0])
    districts = raw.load("comune_distretto").set_index("istat")["distretto_id"]
    slugs = raw.load("districts").set_index("distretto_id")["slug"]
    for point in points.itertuples():
        comuni = gpd.read_file(built.site / f"data/comuni/{slugs[districts[point.istat]]}.geojson")
        own = comuni[comuni["istat"] == point.istat].geometry.iloc[0]
        assert own.buffer(0.01).contains(point.geometry)


@pytest.mark.parametrize(
    ("address", "column"), [("esplora.html", "old_age_index"), ("en/simulatore.html", "amount_eur")]
)
def test_what_an_interactive_map_shows_is_saved_as_geojson(visit, address, column):
    page = visit.turn_to(address, viewport=DESKTOP)
    path, _ = saved(page, page.locator('[data-action="geojson"]').click)
    rows_path, _ = saved(page, page.locator('[data-action="csv"]').click)
    rows = {row["code"]: row for row in rows_of(rows_path)}
    frame = gpd.read_file(path)
    assert sorted(frame["id"]) == sorted(rows) and frame.crs.to_epsg() == 4326
    for feature in frame.itertuples():
        assert getattr(feature, column) == float(rows[feature.id][column])
        assert feature.name == rows[feature.id]["name"]


def test_a_page_opened_from_disk_draws_and_links_and_offers_no_file_it_cannot_read(built, visit):
    disk = Visit(visit.browser, built.site.resolve().as_uri() + "/")
    page = drawn(disk, "distretti/index.html", "old-age-map", "old-age-ranking")
    page.mouse.move(*place_of(page, "old-age-map", "cuneo"), steps=4)
    wait_marked(page, "old-age-ranking")
    assert page.locator("#fig-old-age-map .downloads button:visible").count() == 2
    assert disk.errors == disk.foreign == []


#: Contrast of every text of a figure with what is behind it, on the page's own paper.
DARK = """() => {
    const number = (text) => text.match(/[\\d.]+/g).slice(0, 3).map(Number);
    const light = (text) => {
        const [r, g, b] = number(text).map((v) => (v <= 10 ? v / 3294.6 : ((v / 255 + 0.055) / 1.055) ** 2.4));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const paper = light(getComputedStyle(document.body).backgroundColor);
    const ratio = (a, b) => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    const weak = [];
    const words = ".annotation-text, .xtick text, .ytick text, .legendtext";
    for (const text of document.querySelectorAll(`.plot :is(${words})`)) {
        const under = text.parentElement.querySelector("rect.bg")?.style.fill;
        const opaque = under && !/none|transparent|, 0\\)/.test(under) && Number(
            text.parentElement.querySelector("rect.bg").style.fillOpacity || 1) > 0.5;
        const found = ratio(light(getComputedStyle(text).fill), opaque ? light(under) : paper);
        if (found < 4.5) weak.push([text.textContent, found, under]);
    }
    for (const line of document.querySelectorAll(".plot .gridlayer path")) {
        if (ratio(light(getComputedStyle(line).stroke), paper) > 4) weak.push(["grid", getComputedStyle(line).stroke]);
    }
    for (const line of document.querySelectorAll(".plot .scatterlayer .js-line")) {
        const { stroke, strokeWidth, strokeOpacity } = getComputedStyle(line);
        const filled = line.closest(".trace").querySelector(".js-fill");
        if (filled || parseFloat(strokeWidth) < 1.5 || Number(strokeOpacity) < 0.5) continue;
        if (ratio(light(stroke), paper) < 2.9) weak.push(["line", stroke]);
    }
    return weak;
}"""

EVERY_KIND = (
    "index.html come-cambia.html cronologia.html distretti/asti.html equita.html laboratorio/index.html "
    "laboratorio/regioni.html misure/index.html misure/misura-1.html misure/welfare-aziendale.html risorse.html "
    "strategia.html will/citta.html will/confronto.html will/index.html"
)


@pytest.mark.parametrize("address", EVERY_KIND.split())
def test_in_the_dark_words_and_lines_of_every_figure_can_be_seen(visit, address):
    page = visit.turn_to(address, viewport=DESKTOP, color_scheme="dark")
    names = page.evaluate("[...document.querySelectorAll('.plot[data-figure]')].map((plot) => plot.dataset.figure)")
    for name in names:
        page.locator(f"#fig-{name} .plot").focus()
        page.wait_for_selector(f"#fig-{name} .plot[data-drawn=true]", timeout=60_000)
    assert names and page.evaluate(DARK) == []
