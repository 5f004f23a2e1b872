"""Trials of what people give: each input is read, or told with its place and a remedy."""

from __future__ import annotations

import copy
import csv
import io
import json
import random
import shutil
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from unittest import mock

import pandas as pd
import yaml
from raw_fixtures import Copy, copied
from tally import More, Tally
from test_import_series import IMPORTS, OURS, package_of_cuts
from test_package_form import OTHERS, places, set_
from test_texts import HOSTILE
from typer.testing import CliRunner

from helpers import config
from helpers.checks import codes, keys, plausible, required, rules, schema, small_counts
from helpers.checks.entries import check_entries
from helpers.checks.package import Package
from helpers.cli.main import app
from helpers.data import csv_form, package_form, raw
from helpers.declarations import reader
from helpers.errors import InputError, Problem, WecareError
from helpers.publish.description import read_description

#: Cells of a table's column that are drawn; of tables with fewer rows than `WHOLE`, all are.
DRAWN, WHOLE = 20, 100
#: Columns of a table that are changed at once.
TOGETHER = 4
#: Bytes that mean something to who reads a table.
BYTES = b'\r\n",;\x00\xff\xc3 a\t\x1a\xef\xbb\xbf\x0c\x1c\x85=-0'


def other_values(cell: str, column: list[str], chance: random.Random) -> Iterator[str]:
    """Values in the place of a valid one: of its own kind, of another, and hostile ones."""
    yield from ("", chance.choice(column), chance.choice(column)[::-1], cell + " ", cell.upper(), cell[:-1])
    yield from (f"-{cell}", f"{cell}000", "0", "inf", "1e308", "NaN", "2051-01-01", "9" * 40, "x" * 5_000)
    yield from (chance.choice(texts) for texts in HOSTILE.values())


def look(package: Package, table: str) -> list[Problem]:
    """All checks that may feel a change of one table, the others being as they are."""
    problems = schema.check_cells(package, table) + keys.check_primary_key(package, table)
    for other in package.texts:
        refers = [key["reference"].get("resource") for key in package.resources[other]["schema"].get("foreignKeys", [])]
        if other == table or table in refers or table == "sources":
            problems += keys.check_references(package, other)
    for check in (codes.check_codes, rules.check_rules, plausible.check_plausible, required.check_required):
        problems += check(package)
    return problems + small_counts.check_small_counts(package)


def cells(chance: random.Random, folder: Path, more: More) -> Tally:
    """Valid cells of every column changed: each is told with its row and column, or it is a valid one."""
    tally, entries = Tally(), {found["name"]: found for found in raw.descriptor()["resources"]}
    texts = {name: raw.read_text(found) for name, found in entries.items() if found["format"] == "csv"}
    # Tables of hundred thousands of rows take a second for each look: they are only there where they are tried.
    small = {name: text for name, text in texts.items() if len(text.frame) < 15_000}
    columns = {name: [field["name"] for field in entries[name]["schema"]["fields"]] for name in texts}
    # A few columns at a time: where all are wrong, rules that join tables have nothing left to look at.
    looks = [(name, all_[at : at + TOGETHER]) for name, all_ in columns.items() for at in range(0, len(all_), TOGETHER)]
    chance.shuffle(looks)
    for table, together in looks:
        if not more():
            break
        frame, lines = texts[table].frame, texts[table].lines
        changed, due = frame.copy(), set()
        for column in together:
            values = frame[column].tolist()
            rows = range(len(frame)) if len(frame) < WHOLE else chance.sample(range(len(frame)), DRAWN)
            due |= {(lines[row], column) for row in rows}
            changed.loc[list(rows), column] = [
                chance.choice(list(other_values(values[r], values, chance))) for r in rows
            ]
        given = {**small, table: raw.Text(changed, lines)}
        try:
            problems = look(Package({name: entries[name] for name in given}, given, day="2026-11-30"), table)
        except Exception as error:
            tally.faults.append(f"{table}, {together}: {type(error).__name__}: {error}")
            continue
        tally.faults += [
            f"{table}: told without a remedy: {p}" for p in problems if not (p.file and p.rule and p.remedy)
        ]
        told = due & {(p.row, p.column) for p in problems}
        tally.told, tally.taken = tally.told + len(told), tally.taken + len(due) - len(told)
    return tally


def spoilt(data: bytes, chance: random.Random) -> bytes:
    """Bytes with a few of them changed, added or taken away; sometimes cut off."""
    found = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 8))):
        at, kind = chance.randrange(len(found) + 1), chance.randrange(4)
        if kind == 0:
            found.insert(at, chance.choice(BYTES))
        elif kind == 1 and at < len(found):
            found[at] = chance.choice((chance.choice(BYTES), chance.randrange(256)))
        elif kind == 2:
            del found[at : at + chance.choice((1, 1, 5))]
        elif chance.random() < 0.2:
            del found[at:]
    return bytes(found)


def _tried(tally: Tally, what: str, read, *given: object) -> None:
    """Count one reading: it gives something, or an error for a person."""
    try:
        told = read(*given)
    except WecareError as error:
        told = error.problems if isinstance(error, InputError) else [error]
    except Exception as error:
        tally.faults.append(f"{what}: {type(error).__name__}: {str(error)[:200]}")
        return
    told = told if isinstance(told, list) else []
    if any(not (p.file and p.rule and p.remedy) for p in told if isinstance(p, Problem)):
        tally.faults.append(f"{what}: told without a remedy")
    tally.told, tally.taken = tally.told + bool(told), tally.taken + (not told)


def tables(chance: random.Random, folder: Path, more: More) -> Tally:
    """Bytes of a table's file changed: each row that is read has its line and its cells, or the file is told."""
    tally, entries = Tally(), [found for found in raw.descriptor()["resources"] if found["format"] == "csv"]

    def read(data: bytes, entry: dict) -> list[Problem]:
        text = csv_form.parse(data, raw.label(entry["path"]), len(entry["schema"]["fields"]))
        assert len(text.frame) == len(text.lines), "rows without a line"
        package = Package({entry["name"]: entry})
        problems = schema.check_header(package, entry["name"], list(text.frame.columns))
        if not problems:
            package.texts[entry["name"]] = text
            problems = schema.check_cells(package, entry["name"]) + keys.check_primary_key(package, entry["name"])
        return problems

    while more():
        entry = chance.choice(entries)
        head = (config.RAW / entry["path"]).read_bytes()[:20_000].rpartition(b"\n")[0] + b"\n"
        for _ in range(10):
            data = spoilt(head, chance)
            _tried(tally, f"{entry['name']}: {data[:80]!r}", read, data, entry)
    return tally


def package(chance: random.Random, folder: Path, more: More) -> Tally:
    """Anything anywhere in ``datapackage.json``: it is read, or told with its place and a remedy."""
    tally, whole = Tally(), (config.RAW / raw.DESCRIPTOR).read_bytes()
    where = list(places(json.loads(whole)))

    def read(descriptor: dict) -> list:
        found = package_form.read(json.dumps(descriptor).encode())
        told = package_form.faults(found) or check_entries(found)
        return [Problem("x", fault.rule, fault.remedy) for fault in told]

    while more():
        for _ in range(20):
            descriptor = json.loads(whole)
            place, value = chance.choice(where), chance.choice((..., *OTHERS))
            set_(descriptor, place, copy.deepcopy(value))
            _tried(tally, f"{place}={value!r:.40}", read, descriptor)
    return tally


def description(chance: random.Random, folder: Path, more: More) -> Tally:
    """Anything anywhere in ``_quarto.yml``, and its bytes changed: it is read, or told."""
    tally, whole = Tally(), config.QUARTO_YML.read_bytes()
    described, path = yaml.safe_load(whole), folder / "_quarto.yml"
    where = list(places(described))

    def read() -> object:
        return read_description(path)

    while more():
        place, value = (
            chance.choice(where),
            chance.choice((..., *OTHERS, {1: 2}, [{"text": []}], "javascript:alert(1)")),
        )
        other = copy.deepcopy(described)
        set_(other, place, value)
        path.write_text(yaml.safe_dump(other, allow_unicode=True), encoding="utf-8")
        _tried(tally, f"{place}={value!r:.40}", read)
        path.write_bytes(data := spoilt(whole, chance))
        _tried(tally, f"bytes {data[:40]!r}", read)
    return tally


def declared(chance: random.Random, folder: Path, more: More) -> Tally:
    """Any value, and any byte, in a file of declarations: all entries are read, or what is wrong is told."""
    tally, files = Tally(), sorted((config.HELPERS / "declarations").glob("*.toml"))
    values = ("5", '""', '"x"', "[]", "[1]", "true", "{}", "{ a = 1 }", "1.5", "[[]]", "1979-05-27", '["x"]', "")

    def read(path: Path) -> list[Problem]:
        found = reader._Reader()
        found.read(path, path.name)
        found.check_references()
        return found.problems

    while more():
        chosen = chance.choice(files)
        data = chosen.read_bytes()
        if chance.random() < 0.7:
            lines = data.decode().splitlines()
            at = chance.choice([n for n, line in enumerate(lines) if " = " in line])
            lines[at] = f"{lines[at].partition(' = ')[0]} = {chance.choice(values)}"
            data = "\n".join(lines).encode()
        else:
            data = spoilt(data, chance)
        path = folder / chosen.name
        path.write_bytes(data)
        _tried(tally, f"{chosen.name}", read, path)
    return tally


def spoilt_file(data: bytes, chance: random.Random) -> bytes:
    """A file of a producer with its bytes, cells, rows or columns changed, or a part of its workbook."""
    if data.startswith(b"PK"):
        out, archive = io.BytesIO(), zipfile.ZipFile(io.BytesIO(data))
        chosen = chance.choice([name for name in archive.namelist() if name.endswith((".xml", ".rels"))])
        if chance.random() < 0.2:
            return spoilt(data, chance)
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as other:
            for name in archive.namelist():
                content = archive.read(name)
                if name == chosen and chance.random() < 0.2:
                    continue
                other.writestr(name, spoilt(content, chance) if name == chosen else content)
        return out.getvalue()
    if chance.random() < 0.3:
        return spoilt(data, chance)
    encoding = "utf-8-sig" if data.startswith(b"\xef\xbb\xbf") else "latin-1"
    text = data.decode(encoding)
    mark = ";" if text.count(";") > text.count(",") else ","
    rows = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=mark)]
    for _ in range(chance.choice((1, 1, 3))):
        at = chance.randrange(len(rows))
        column = chance.randrange(max(len(row) for row in rows))
        kind = chance.randrange(6)
        if kind == 0:
            rows.insert(at, rows[chance.randrange(len(rows))])
        elif kind == 1 and len(rows) > 2:
            del rows[at]
        elif kind == 2:
            rows = [[cell for n, cell in enumerate(row) if n != column] for row in rows]
        elif column < len(rows[at]):
            values = list(other_values(rows[at][column], [row[0] for row in rows if row] or [""], chance))
            rows[at] = [*rows[at][:column], chance.choice(values), *rows[at][column + 1 :]]
    out = io.StringIO()
    csv.writer(out, delimiter=mark, lineterminator="\r\n").writerows(rows)
    return out.getvalue().encode(encoding, errors="replace")


def imports(chance: random.Random, folder: Path, more: More) -> Tally:
    """Producers' files spoilt: each is imported or told, the package is valid, and nothing of a refused one is kept."""

    def draw() -> tuple[Path, list[str], list[str]]:
        path = chance.choice([*IMPORTS])
        command = chance.choice((["import"], ["import"], ["import", IMPORTS[path][0]], ["fix"]))
        return path, command, ["--out", str(folder / "fixed.csv")] if command == ["fix"] else []

    return _files(draw, package_of_cuts(folder / "package" / "raw"), chance, folder, more)


def own_files(chance: random.Random, folder: Path, more: More) -> Tally:
    """An analyst's own tables spoilt: each is added or told, the package is valid, nothing of a refused one is kept."""
    lines = ["Comune;Codice ISTAT;Anno;Posti", *(f"Comune {at};{at.lstrip('0')};2024;1.{at[-3:]},5" for at in OURS)]
    plain, workbook = folder / "own" / "posti_nido.csv", folder / "own" / "posti_nido.xlsx"
    plain.parent.mkdir()
    plain.write_bytes("\r\n".join(lines).encode("cp1252"))
    pd.DataFrame([line.split(";") for line in lines[1:]], columns=lines[0].split(";")).to_excel(workbook, index=False)
    said = ["--title", "Posti nido", "--source", "Regione Piemonte"]
    options = (said, [*said, "--people", "none"], [*said, "--people", "none", "--count", "posti"])

    def draw() -> tuple[Path, list[str], list[str]]:
        return chance.choice((plain, plain, workbook)), ["add"], chance.choice(options)

    return _files(draw, config.RAW, chance, folder, more)


def _files(
    draw: Callable[[], tuple[Path, list[str], list[str]]],
    whole: Path,
    chance: random.Random,
    folder: Path,
    more: More,
) -> Tally:
    """Give files, each spoilt, to the commands and options drawn with them, on a copy of a whole package."""
    tally = Tally()
    while more():
        path, command, options = draw()
        given = folder / chance.choice((path.name, path.name, f"x{path.suffix}"))
        given.write_bytes(spoilt_file(path.read_bytes(), chance))
        made = copied(folder / "trial", whole)
        places = {"RAW": made.root, "MINE": made.root / "mine", "BUILD": folder / "build"}
        with mock.patch.multiple(config, **places):
            done = CliRunner().invoke(app, [*command, str(given), *options, "--yes"])
        what = f"{' '.join(command)} {path.name}"
        if done.exception and not isinstance(done.exception, (SystemExit, WecareError, OSError)):
            kept = folder.parent / f"fault-{len(tally.faults)}-{path.name}"
            kept.write_bytes(given.read_bytes())
            tally.faults.append(f"{what}: {type(done.exception).__name__}: {str(done.exception)[:200]}")
        elif done.exit_code:
            tally.told += 1
            if _left(made, whole):
                tally.faults.append(f"{what}: it was refused and left something in the package")
        elif problems := made.problems():
            tally.faults.append(f"{what}: it was taken, and then {problems[0]}")
        else:
            tally.taken += 1
        shutil.rmtree(made.root.parent)
    return tally


def _left(made: Copy, whole: Path) -> bool:
    def held(root: Path) -> dict[str, bytes]:
        return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}

    return held(made.root) != held(whole)
