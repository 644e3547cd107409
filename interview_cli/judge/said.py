"""What the judge says of a submission in its own words, in both languages."""

from typing import Self


class Said(str):
    """An English sentence that knows its Chinese."""

    zh: str

    def __new__(cls, zh: str, en: str) -> Self:
        said = super().__new__(cls, en)
        said.zh = zh
        return said
