"""What several sections of the page have: a table, the numbers of a plot, a key to its marks."""

from collections.abc import Sequence

from interview_cli.cli.view.look import Look
from interview_cli.cli.view.page.svg import element, plain

Rows = Sequence[Sequence[object]]


def table(headings: Sequence[str], rows: Rows) -> str:
    """Columns of numbers stand to the right."""
    head = [element("th", plain(heading), scope="col") for heading in headings]
    body = [element("tr", *map(cell, row)) for row in rows]
    return element("table", element("thead", element("tr", *head)), element("tbody", *body))


def cell(value: object) -> str:
    is_number = str(value).strip("%").replace(".", "").isdecimal()
    return (
        element("td", plain(value), class_="number") if is_number else element("td", plain(value))
    )


def numbers(headings: Sequence[str], rows: Rows, view: Look) -> str:
    """The numbers of a plot, for whoever wants to read them."""
    summary = element("summary", view.say("数字", "Numbers"))
    return element("details", summary, table(headings, rows))


def keys(*pairs: tuple[str, str]) -> str:
    """Each mark beside what it stands for."""
    return element("p", *(element("span", icon(m), plain(w), class_="key") for m, w in pairs))


def icon(mark: str) -> str:
    return element("svg", mark, viewBox="0 0 28 12", aria_hidden="true")
