"""Links that only the site can follow: to its pages, its files and the tables of a page.

In a notebook they would be dead, so there they are no links; whoever makes a page of the notebook turns them back.
"""

from __future__ import annotations

import re

#: A link in Markdown, with its title if it has one; without groups.
MARKDOWN_LINK = r'\[(?:[^\[\]\\]|\\.)*\]\([^)\s"]+(?: "[^"]*")?\)'

#: What a notebook can follow too: the web, and what stands in the notebook itself.
_ANYWHERE = r"(?!https?:|mailto:|#)"
_HTML = re.compile(rf'(<a\b[^>]*?) href="{_ANYWHERE}')
_MARKDOWN = re.compile(rf'(?<!!)\[((?:[^\[\]\\]|\\.)*)\]\(({_ANYWHERE}[^)\s"]+)(?: "([^"]*)")?\)')
_AT_REST = re.compile(r'<a data-href="([^"]*)"(?: title="([^"]*)")?>(.*?)</a>')


def rest_html(html: str) -> str:
    """HTML whose links into the site are none."""
    return _HTML.sub(r'\1 data-href="', html)


def rest_markdown(text: str) -> str:
    """Markdown whose links into the site are none."""

    def rest(found: re.Match[str]) -> str:
        words, target, title = found.groups()
        told = "" if title is None else f' title="{title}"'
        return f'<a data-href="{target}"{told}>{words}</a>'

    return _MARKDOWN.sub(rest, text)


def lead_html(html: str) -> str:
    """What :func:`rest_html` was given."""
    return html.replace(' data-href="', ' href="')


def lead_markdown(text: str) -> str:
    """What :func:`rest_markdown` was given."""

    def lead(found: re.Match[str]) -> str:
        target, title, words = found.groups()
        told = "" if title is None else f' "{title}"'
        return f"[{words}]({target}{told})"

    return _AT_REST.sub(lead, text)


#: By the type of an output.
RESTING = {"text/html": rest_html, "text/markdown": rest_markdown}
LEADING = {"text/html": lead_html, "text/markdown": lead_markdown}


def rest(bundle: dict) -> dict:
    """A MIME bundle for a notebook."""
    # Plain text: markup would escape what is put into it.
    return {kind: RESTING[kind](str(content)) if kind in RESTING else content for kind, content in bundle.items()}


def lead(bundle: dict) -> dict:
    """A MIME bundle of a notebook for the site."""
    return {kind: LEADING[kind](str(content)) if kind in LEADING else content for kind, content in bundle.items()}
