"""The field that finds a comune or anything on the site: a form that ``reports/assets/search.js`` answers."""

from __future__ import annotations

from markupsafe import Markup

from helpers.prose.labels import label

#: Where the form leads as long as no script answers it, from the root of the language's edition.
DISTRICTS = "distretti/index.html"

#: What a field finds: comuni alone, or all that the site holds.
COMUNI, SITE = "comuni", "site"


def search_field(lang: str, to_root: str, finds: str, name: str, words: str = "") -> Markup:
    """The form, as a combobox whose list is empty and hidden.

    Parameters
    ----------
    lang
        Language of the page.
    to_root
        From the page to the root of its language's edition.
    finds
        :data:`COMUNI` or :data:`SITE`.
    name
        Begins the ids of its parts; unique on the page.
    words
        Label that names the field, for all to see; without it a field for the whole site is named to screen readers.
    """
    return Markup(
        '<form class="finder finder-{finds}" role="search" aria-label="{landmark}" action="{root}{to}" '
        'data-finds="{finds}" data-root="{root}"><label class="{label_class}" for="{name}-field">{words}</label>'
        '<span class="finder-line"><input type="text" id="{name}-field" name="q" placeholder="{placeholder}" '
        'autocomplete="off" role="combobox" aria-autocomplete="list" aria-expanded="false" aria-controls="{name}-list">'
        '<button type="submit">{button}</button></span>'
        '<span id="{name}-list" class="finder-list" role="listbox" aria-label="{list_words}" hidden></span>'
        '<span class="finder-said" role="status"></span></form>'
    ).format(
        finds=finds,
        root=to_root,
        to=DISTRICTS,
        name=name,
        landmark=label(lang, words or f"search.{finds}"),
        label_class="finder-said" if finds == SITE and not words else "finder-label",
        words=label(lang, words or f"search.{finds}"),
        placeholder=label(lang, f"search.{finds}_placeholder"),
        button=label(lang, "search.go"),
        list_words=label(lang, "search.results"),
    )
