"""Names of places and bodies are found however they are written, and none is ever taken for another."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from spellings import COMUNI, HARD, SAINT, SPELLINGS

from helpers.data import raw
from helpers.errors import WecareError
from helpers.pages.common.facts import find_district
from helpers.subjects import known_names, measures
from helpers.system.place_names import Match, NameIndex, describe_repairs, fold_name, restore_code
from helpers.system.plain_text import fold

INDEX = known_names.comuni_names(raw.load("comuni"), raw.load("provinces"))


@pytest.mark.parametrize("how", SPELLINGS)
def test_every_comune_is_found_in_every_spelling(how):
    assert len(SPELLINGS) >= 20 and len(HARD) >= 40 and set(HARD) <= set(COMUNI)
    for code, name in COMUNI.items():
        found = INDEX.find(SPELLINGS[how](name))
        assert found is not None and found.code == code, (how, SPELLINGS[how](name), found)
        assert found.name == name and (found.repairs == ()) == (SPELLINGS[how](name).strip() == name)


def test_a_name_cut_short_is_found_or_told_to_be_one_of_several():
    some = 0
    for code, name in COMUNI.items():
        first, _, last = name.rpartition(" ")
        found = INDEX.find(f"{first} {last[:3]}.") if first else None
        assert found is None or code in found.codes, name
        some += bool(found and found.code)
        # The code beside it tells which is meant, however short it is cut.
        assert not first or len(first) < 3 or INDEX.fits(f"{first} {last[:1]}.", code) or SAINT.match(f"{first} ")
    assert some > 300
    assert INDEX.find("Castiglione Tor.").name == "Castiglione Torinese"
    assert INDEX.find("Villanova Mon.").names == ("Villanova Mondovì", "Villanova Monferrato")
    assert INDEX.find("Villanova M.to").name == "Villanova Monferrato"
    assert INDEX.find("Villanova M.") is INDEX.find("San P.") is INDEX.find("Can.") is None


def test_no_two_comuni_share_a_key():
    assert len({fold_name(name) for name in COMUNI}) == len(COMUNI)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("San Giorgio", None),
        ("S. Giorgio", None),
        ("San Giorgio Canavase", None),
        ("Tre Ville", None),  # in the province of Trento; Treville is in that of Alessandria
        ("Tre-Ville", None),
        ("Aglio", None),
        ("Viò", None),
        ("Жasti", None),
        ("Torino - Lingotto", None),
        ("Torino (frazione)", None),
        ("Agli", None),
        ("Ivrea-Cuorgnè", ("Cuorgnè", "Ivrea")),
        ("Ivrea / CUORGNE'", ("Cuorgnè", "Ivrea")),
        ("Moransengo-Tonengo", ("Moransengo", "Tonengo")),  # one comune since 2023, which the table does not have
        ("", None),
        (" ", None),
        ("?", None),
        ("'", None),
        ("S.", None),
    ],
)
def test_nothing_is_guessed(text, names):
    found = INDEX.find(text)
    assert (found and found.names) == names and (found is None or found.code is None)


ELSEWHERE = (
    "San Giorgio Morgeto", "San Giorgio di Piano", "San Giorgio Lucano", "Castelnuovo Berardenga",
    "Castelnuovo Cilento", "Borgo Virgilio", "Borgo Veneto", "Rocca Canterano", "Rocca d'Arce", "Villanova d'Ardenghi",
    "Villafranca Padovana", "Casale Marittimo", "Santo Stefano d'Aveto", "Sant'Agata Feltria", "San Germano dei Berici",
    "Azzano Decimo", "Torre Pallavicina", "Tre Ville", "Alì", "Paternò", "Cantù", "Forlì", "Vo'",
    "Castelnovo ne' Monti", "Città di Castello", "Reggio nell'Emilia", "Duino Aurisina", "Bolzano/Bozen", "L'Aquila",
    "Ala", "Viadana",
)  # fmt: skip


@pytest.mark.parametrize("how", SPELLINGS)
def test_no_comune_of_elsewhere_is_taken_for_one_of_ours(how):
    for name in ELSEWHERE:
        assert INDEX.find(SPELLINGS[how](name)) is None, name


# What only a list of all Italy has

ITALY = NameIndex(
    {
        "001235": "Samone", "022165": "Samone", "087033": "Paternò", "076058": "Paterno", "021008": "Bolzano/Bozen",
        "021027": "Curon Venosta/Graun im Vinschgau", "007003": "Aosta", "028105": "Vo'", "022098": "Tre Ville",
        "006173": "Treville", "021061": "Ortisei/St. Ulrich", "059010": "Santi Cosma e Damiano", "049009": "Livorno",
        "007058": "Saint-Vincent", "005122": "Moransengo-Tonengo", "037006": "Bologna", "066049": "L'Aquila",
        "012141": "Venegono Superiore", "024018": "Carrè", "004047": "Carrù", "103018": "Castelletto sopra Ticino",
        "054013": "Città di Castello",
    },
    {"001235": "TO", "022165": ("TN", "Trento"), "059010": "LT", "066049": "AQ"},
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Bolzano/Bozen", "021008"), ("BOZEN/BOLZANO", "021008"), ("Bozen - Bolzano", "021008"), ("Bolzano", "021008"),
        ("bozen", "021008"), ("Bolzano-Bozen", "021008"), ("Bozen-Bolzano", "021008"), ("Aosta/Aoste", "007003"),
        ("Graun im Vinschgau", "021027"), ("SAMONE (TN)", "022165"), ("Samone (Trento)", "022165"),
        ("SAMONE TO", "001235"), ("Samone - TO", "001235"), ("Samone [TO]*", "001235"),
        ("Samone (prov. di TN)", "022165"),
        ("Samone, TN", "022165"), ("Paternò", "087033"), ("PATERNO'", "087033"), ("PATERNÒ", "087033"),
        ("Paterno", "076058"), ("Vo", "028105"), ("VO’", "028105"), ("SS. Cosma e Damiano (LT)", "059010"),
        ("St. Vincent", "007058"), ("MORANSENGO - TONENGO", "005122"), ("Moransengo", None), ("PATERNO", ""),
        ("Samone", ""), ("Samone (AT)", None), ("Tre Ville", "022098"), ("TREVILLE", "006173"), ("Aquila", None),
        ("Comune dell’Aquila", None), ("Carr?", ""), ("CARRU'", "004047"), ("Livorno (LI)", None),
        ("Castelletto s/Ticino", "103018"), ("Castelletto S. Ticino", None), ("Castello", None),
        ("L' AQUILA (AQ)", "066049"),
        ("Bologna/Milano", "037006"), ("Bologna - Milano", None), ("Bologna?", "037006"), ("Agli\ufffd", None),
    ],
)  # fmt: skip
def test_hard_names_of_italy(text, code):
    found = ITALY.find(text)
    assert (found and (found.code or "")) == code, found


def test_the_code_tells_apart_what_the_name_does_not():
    assert ITALY.fits("SAMONE", "001235").name == ITALY.fits("SAMONE", "022165").name == "Samone"
    assert ITALY.find("SAMONE").name == "Samone (001235) or Samone (022165)"
    assert ITALY.fits("SAMONE", "006173") is None and ITALY.fits("Castello", "054013") is None
    assert ITALY.fits("Castelletto s. T.", "103018").name == "Castelletto sopra Ticino"


# Other tables


@pytest.mark.parametrize(
    ("table", "key"),
    [
        ("regions", "region_code"),
        ("provinces", "province_code"),
        ("will_comuni", "istat"),
        ("districts", "distretto_id"),
    ],
)
@pytest.mark.parametrize("how", [how for how in SPELLINGS if "run together" not in how and "P.te" not in how])
def test_regions_provinces_districts_and_cities(table, key, how):
    names = raw.load(table).set_index(key)["name"]
    index = NameIndex(names.to_dict())
    for code, name in names.items():
        found = index.find(SPELLINGS[how](name))
        assert found and found.code == code, (SPELLINGS[how](name), found)


@pytest.mark.parametrize("how", ["capitals", "decomposed", "apostrophes for accents", "no hyphen", "many spaces"])
def test_bodies(how):
    index = known_names.body_names(raw.load("enti_gestori"), raw.load("enti_gestori_notes"))
    for name in raw.load("enti_gestori")["ente_gestore"]:
        assert index.find(SPELLINGS[how](name)).code == name
        assert index.find(SPELLINGS[how](name.replace(".", ""))).code == name


@pytest.mark.parametrize(
    ("text", "projects"),
    [
        ("m1-06", ["M1-06"]),
        ("CUORGNE'", ["M1-06"]),
        ("Comune di Cuorgnè", ["M1-06"]),
        ("CISS 38", ["M1-06"]),
        ("Consorzio C.I.S.S. 38", ["M1-06"]),
        ("C.I.S.S. 38 Cuorgne’", ["M1-06"]),
        ("IN.RE.TE. IVREA", ["M1-06"]),  # leads none: the only project of its district
        ("D16", ["M1-06"]),
        ("ivrea-cuorgne-caluso", ["M1-06"]),
        ("C.S.S.M.", ["M1-16"]),
        ("Consorzio per i Servizi Socio-Assistenziali del Monregalese", ["M1-16"]),
        ("Consorzio dei Servizi Socio Assistenziali del Chierese (C.S.S.A.C.)", ["M1-08"]),
        ("Monviso Solidale", ["M1-14"]),
        ("Consorzio Ovest Solidale", ["M1-10"]),
        ("CISA Rivoli / CISAP", ["M1-10"]),
        ("Unione dei Comuni di Moncalieri, Trofarello e La Loggia", ["M1-15"]),
        ("C.I.S.S. (Pinerolo)", ["M1-19"]),
        ("C.A.S.A. Gattinara", ["M1-12", "M1-18"]),
        ("C.I.S.S.", ["M1-09", "M1-11", "M1-19"]),
        ("C.I.S. Ciriè", None),  # no project of its district is known
        ("Comune di Trecate", None),  # a partner leads nothing
        ("Unione NET (Torino)", None),
    ],
)
def test_a_project_is_known_by_key_town_body_or_district(text, projects):
    tables = ("misura1_projects", "district_projects", "comune_distretto", "districts", "enti_gestori_notes")
    found = known_names.project_names(*map(raw.load, tables)).find(text)
    assert (found and list(found.codes)) == projects


@pytest.mark.parametrize("text", ["D14", "d14", "mondovi-ceva", "Mondovì-Ceva", "MONDOVI'-CEVA", "mondovi ceva"])
def test_a_district_is_found_by_code_slug_or_name(text):
    assert find_district(text)["distretto_id"] == "D14"
    assert find_district(unicodedata.normalize("NFD", text))["distretto_id"] == "D14"


def test_a_district_that_is_not_there_is_not_found():
    with pytest.raises(WecareError, match="Did you mean mondovi-ceva"):
        find_district("Mondovì-Cevo")
    assert measures.find_measure(raw.load("measures"), "MISURA 1") == "M1"


# Repairs, in words


@pytest.mark.parametrize(
    ("text", "repairs"),
    [
        ("Agliè", ()),
        ("AGLIÈ", ("capitals",)),
        ("AGLIE'", ("capitals", "apostrophe for an accent")),
        ("Aglie’", ("apostrophe for an accent",)),
        ("Aglie\u0300", ("decomposed accents",)),
        ("AGLIE\u0300", ("decomposed accents", "capitals")),
        ("Aglie", ("accents",)),
        ("Agliè\u200b", ("unusual characters",)),
        ("Albiano d’Ivrea", ("apostrophes",)),
        ("Albiano  d'Ivrea", ("spaces",)),
        ("Albiano d'  Ivrea", ("spaces",)),
        ("Pont–Canavese", ("hyphens",)),
        ("Torino*", ("punctuation",)),
        ("AgliÃ¨", ("letters of another encoding",)),
        ("Agli\ufffd", ("a lost letter",)),
        ("S. Giorgio C.se", ("abbreviation",)),
        ("COMUNE DI TORINO (TO)", ("words before the name", "province behind the name", "capitals")),
        ("Torino (1)", ("footnote mark",)),
        ("Albiano di Ivrea", ("di for d'",)),
        ("Torino/Turin", ("double name",)),
    ],
)
def test_a_repair_is_told(text, repairs):
    assert INDEX.find(text).repairs == repairs


def test_repairs_are_told_in_one_sentence():
    found = {text: INDEX.find(text) for text in ("AGLIE'", "TORINO", "Viù")}
    assert describe_repairs("names of comuni", found) == [
        '2 names of comuni are written another way (capitals 2, apostrophe for an accent 1), as "AGLIE\'" for Agliè.'
    ]
    assert describe_repairs("names", {"Viù": INDEX.find("Viù")}) == []


def test_the_nearest_is_for_the_message():
    assert INDEX.near("Cuneoo", 1) == [("004078", "Cuneo")] and INDEX.near("zzzzzzzz") == []


# Laws


@given(st.text(max_size=30))
def test_any_text_names_something_or_nothing(text):
    for index in (INDEX, ITALY):
        found = index.find(text)
        assert found is None or isinstance(found, Match) and set(found.codes) <= set(index.names)
    assert fold_name(fold_name(text)) == fold_name(text) == " ".join(fold_name(text).split())


@given(st.sampled_from(sorted(COMUNI.index)), st.data())
@pytest.mark.slow
def test_a_letter_that_is_another_is_never_forgiven(code, data):
    name = COMUNI[code]
    place = data.draw(st.sampled_from([n for n, letter in enumerate(name) if letter.isalpha() and letter.isascii()]))
    letter = data.draw(st.sampled_from("abcdefghilmnopqrstuvz"))
    wrong = name[:place] + letter + name[place + 1 :]
    assume(fold_name(wrong) not in {fold_name(other) for other in COMUNI})
    how = data.draw(st.sampled_from(sorted(SPELLINGS)))
    # Another first letter may make a saint of what is none: `Sto` is short for Santo.
    assume(not {"s", "st", "sto", "sta", "ste", "sti", "ss"} & set(fold_name(wrong).split()))
    assert INDEX.find(SPELLINGS[how](wrong)) is None


@given(st.sampled_from(sorted(COMUNI)), st.lists(st.sampled_from(sorted(SPELLINGS)), min_size=2, max_size=2))
def test_two_spellings_at_once_never_name_another(name, hows):
    text = name
    for how in hows:
        # A file is read in a wrong encoding once, and by no program that knows it.
        text = SPELLINGS[how](text) if not how.startswith("UTF-8") and "lost" not in how else text
    found = INDEX.find(text)
    assert found is None or name in found.names, (text, found)


@given(st.text(alphabet="aeiouàèéìòùÀÈÉÌÒÙ'’ -", max_size=20))
def test_the_form_of_accents_does_not_matter(text):
    forms = {fold_name(unicodedata.normalize(form, text)) for form in ("NFC", "NFD", "NFKC", "NFKD")}
    assert forms == {fold_name(text.upper())} == {fold_name(text.lower())}
    assert fold(text, keep_case=True).casefold() == fold(text)


# Codes


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1272", "001272"), ("1272.0", "001272"), ("1272,00", "001272"), ("001272 ", "001272"), ("'001272", "001272"),
        ("1.272", "001272"), ("96,004", "096004"), ("\u00a01272", "001272"), ("１２７２", "001272"),
        ("103072", "103072"),
        ("\ufeff1001", "001001"), ("0", None), ("", None), ("D12", None), ("1272001", None), ("12.7", None),
        ("-1272", None), ("1272 Torino", None), ("1e3", None), ("١٢٧٢", None),
    ],
)  # fmt: skip
def test_a_code_gets_its_zeros_back(text, code):
    assert restore_code(text) == code


@given(st.integers(1, 999_999))
def test_a_code_written_as_a_number_is_the_code(number):
    code = f"{number:06}"
    assert {restore_code(text) for text in (code, str(number), f"{number}.0", f"{number:,}")} == {code}


def test_codes_of_other_widths():
    assert restore_code("1", digits=3) == "001" and restore_code("1272", digits=3) is None
