"""The page of statistics: well-formed, alone in the world, and written whole or not at all."""

import json
import os
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest

from interview_cli.cli.view.page.svg import Scale, element, plain, ticks
from interview_cli.domain.review import Rating
from tests.cli.material import Home, interview, reviewed
from tests.cli.test_statistics import RIGHT, WRONG, attempt, learner

__all__ = ["learner"]  # the fixture
EVIL = '</title><script>alert(1)</script><img src=x onerror="alert(2)"> & \'"'


def written(home: Home, *options: str) -> str:
    """The page as it is on disk."""
    path = home.root / "page.html"
    ran = interview("stats", "--html", str(path), *options)
    assert (ran.status, ran.out, ran.err) == (0, f"{path}\n", "")
    return path.read_text(encoding="utf-8")


def parsed(page: str) -> ElementTree.Element:
    """The page as XML, which it is too."""
    first, _, rest = page.partition("\n")
    assert first == "<!DOCTYPE html>"
    return ElementTree.fromstring(rest)


class Balanced(HTMLParser):
    """Reads HTML as a browser does, and remembers what is open."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, _: object) -> None:
        self.open.append(tag)
        self.seen.add(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("lang", ["zh", "en", "both"])
def test_every_tag_is_closed(lang: str, learner: Home) -> None:
    page = written(learner, "--lang", lang)
    parsed(page)
    reader = Balanced()
    reader.feed(page)
    assert reader.open == []
    assert {"svg", "table", "details", "style"} <= reader.seen


def test_it_needs_no_network_and_no_script(learner: Home) -> None:
    page = written(learner)
    assert "http" not in page
    assert "//" not in page.replace("<!--", "")
    assert not re.search(r"url\(|@import|<script|<link|<img| on\w+=|javascript:", page)


def test_every_picture_says_what_it_shows_and_has_its_numbers(learner: Home) -> None:
    root = parsed(written(learner, "--lang=en"))
    pictures = [svg for svg in root.iter("svg") if svg.get("role") == "img"]
    assert len(pictures) == 8
    ids = [found.get("id") for found in root.iter() if found.get("id")]
    assert len(ids) == len(set(ids)) == 2 * len(pictures)
    for svg in pictures:
        title, desc = svg[0], svg[1]
        assert (title.tag, desc.tag) == ("title", "desc")
        assert title.text
        assert desc.text
        assert svg.get("aria-labelledby") == f"{title.get('id')} {desc.get('id')}"
    for section in root.iter("section"):
        shown = [svg for svg in section.iter("svg") if svg.get("role") == "img"]
        assert section.find("h2") is not None
        is_year = any(title.text == "A year" for title in section.iter("h2"))
        assert is_year or len(list(section.iter("table"))) == max(1, len(shown))


def test_nothing_is_drawn_outside_of_its_picture(learner: Home) -> None:
    for lang in ("zh", "en"):
        for svg in parsed(written(learner, "--lang", lang)).iter("svg"):
            _, _, width, height = map(float, svg.get("viewBox", "").split())
            for shape in svg.iter():
                for key in ("x", "x1", "x2", "cx"):
                    assert 0 <= float(shape.get(key, "0")) <= width, shape.attrib
                for key in ("y", "y1", "y2", "cy"):
                    assert 0 <= float(shape.get(key, "0")) <= height, shape.attrib


@pytest.mark.parametrize(("lang", "word"), [("zh", "遗忘曲线"), ("en", "Forgetting curves")])
def test_it_speaks_the_language_that_was_asked_for(lang: str, word: str, learner: Home) -> None:
    page = written(learner, "--lang", lang)
    assert word in page
    root = parsed(page)
    assert root.get("lang") == {"zh": "zh-Hans", "en": "en"}[lang]
    if lang == "en":
        assert not re.search("[\u4e00-\u9fff]", "".join(root.find("body").itertext()))  # type: ignore[union-attr]


def test_the_numbers_are_those_of_the_json(learner: Home) -> None:
    page = written(learner, "--lang=en")
    found = json.loads(interview("stats", "--json").out)
    body = " ".join("".join(parsed(page).itertext()).split())
    kept = found["predictions"]["all"]
    assert f"Remembered {kept['true']:.1%}, predicted {kept['predicted']:.1%}" in body
    squares = [
        int((title.text or "").partition(": ")[2])
        for rect in parsed(page).iter("rect")
        for title in rect.iter("title")
    ]
    assert sum(squares) == found["reviews"]  # half a year of them


def test_what_decks_and_attempts_say_is_text(home: Home) -> None:
    home.deck(
        "deck: evil\n"
        f"title: {{zh: {json.dumps(EVIL)}, en: {json.dumps(EVIL)}}}\n"
        "cards:\n"
        "  - {id: evil-card, kind: recall, level: 1, ask: {zh: a, en: a}, "
        "answer: {zh: b, en: b}, points: [{zh: p, en: p}]}\n",
    )
    home.write_reviews([reviewed("evil-card", day, Rating.GOOD) for day in (9, 5, 2)])
    attempt(home, 3, {**WRONG, "mistakes": [EVIL, "\x00\x1b[31m"]})
    attempt(home, 2, RIGHT, name="<b>bold")
    root = parsed(written(home))
    tags = {found.tag for found in root.iter()}
    assert not tags & {"script", "img", "b"}
    assert EVIL in "".join(root.find("body").itertext())  # type: ignore[union-attr]
    assert interview("stats", in_terminal=True).status == 0


def test_without_a_review_there_is_a_page_all_the_same(home: Home) -> None:
    root = parsed(written(home, "--lang=en"))
    assert [title.text for title in root.iter("h2")] == ["Topics"]
    home.write_reviews([reviewed("axes", 0, Rating.GOOD)])
    assert "Readiness so far" in written(home, "--lang=en")


def test_a_topic_has_a_page_of_its_own(learner: Home) -> None:
    page = written(learner, "--topic=tools", "--lang=en")
    assert "Tools" in page
    assert "Normalization" not in page


# The file.


def test_json_and_page_come_together(learner: Home) -> None:
    path = learner.root / "page.html"
    ran = interview("stats", "--json", "--html", str(path))
    assert json.loads(ran.out)["version"] == 1
    parsed(path.read_text(encoding="utf-8"))


def test_a_page_takes_the_place_of_an_older_one_also_behind_a_link(home: Home) -> None:
    path, link = home.root / "page.html", home.root / "link.html"
    path.write_text("old and longer " * 10_000)
    link.symlink_to(path)
    assert interview("stats", "--html", str(link)).status == 0
    assert link.is_symlink()
    parsed(path.read_text(encoding="utf-8"))
    assert {found.name for found in home.root.iterdir()} >= {"page.html", "link.html"}
    assert not list(home.root.glob(".*.part"))


def unwritable(root: Path) -> Path:
    folder = root / "a-file"
    folder.write_text("")
    return folder / "page.html"


def pipe(root: Path) -> Path:
    os.mkfifo(root / "pipe")
    return root / "pipe"


PLACES: dict[str, tuple[Callable[[Path], Path], str]] = {
    "a folder that is not there": (
        lambda root: root / "none" / "page.html", "not written: No such file or directory"
    ),
    "a folder": (lambda root: root, "this is no file"),
    "below a file": (unwritable, "not written: Not a directory"),
    "a pipe": (pipe, "this is no file"),
    "too long a name": (lambda root: root / ("x" * 300), "not written: File name too long"),
}  # fmt: skip


@pytest.mark.parametrize("place", PLACES)
def test_what_cannot_be_written_is_one_sentence(place: str, home: Home) -> None:
    where, words = PLACES[place]
    path = where(home.root)
    ran = interview("stats", "--html", str(path))
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith(f"{path}: {words}; ")
    assert ran.err.count("\n") == 1


def test_a_full_disk_leaves_the_old_page(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    path = home.root / "page.html"
    path.write_text("old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("interview_cli.cli.out.os.fsync", full)
    ran = interview("stats", "--html", str(path))
    assert (ran.status, path.read_text()) == (2, "old")
    assert "page.html: not written: No space left on device; " in ran.err
    assert not list(home.root.glob(".*.part"))


# What it is made of.


def test_what_stands_between_tags_is_escaped() -> None:
    assert plain('<a href="\'"> & \x07\ud800') == "&lt;a href=&quot;&#x27;&quot;&gt; &amp; ??"
    assert element("p", plain("a<b"), class_='x"y') == '<p class="x&quot;y">a&lt;b</p>'
    assert element("line", x1=1.0, stroke_width=2.25) == '<line x1="1" stroke-width="2.2"/>'


def test_a_scale_takes_its_ends_to_its_ends() -> None:
    assert [Scale(2, 4, 100, 0)(value) for value in (2, 3, 4)] == [100, 50, 0]
    assert Scale(5, 5, 10, 20)(5) == 10


@pytest.mark.parametrize(
    ("high", "values"),
    [(30, [0, 10, 20, 30]), (0, [0]), (7, [0, 5, 10]), (0.4, [0, 0.2, 0.4]), (1, [0, 0.5, 1])],
)
def test_ticks_are_round_and_reach_the_top(high: float, values: list[float]) -> None:
    assert ticks(high, 3)[: len(values)] == pytest.approx(values, abs=1e-6)
    assert ticks(high, 3)[-1] >= high * 0.999
