"""A full name, split into the names that it is made of."""

from __future__ import annotations

from attrs import frozen

from crm_core.exchange.vocabulary import each

_BEFORE_A_LAST_NAME = each(
    "de den der van von vander vanden ter ten te het 't in la le du di da del dos zu zur op"
)
_PREFIXES = each("mr mrs ms miss dr prof drs ir dhr mevr mw herr frau")
_SUFFIXES = each("jr sr ii iii iv cpa esq md phd msc bsc")


@frozen(kw_only=True)
class PersonName:
    """A person's name as its parts; a part that is not known is empty."""

    prefix: str = ""
    first: str = ""
    middle: str = ""
    last: str = ""
    suffix: str = ""


def split_name(full: str) -> PersonName:
    """The parts of a name as it is written, "First Middle Last" or "Last, First".

    "Van", "de" and their kind belong to the last name; a name of one word is a first name.
    """
    before, _comma, after = full.partition(",")
    given = after.replace(",", " ").split()
    if not given or all(_bare(word) in _SUFFIXES for word in given):
        return _spoken(before.split(), " ".join(given))
    if not before.strip():
        return _spoken(given, "")
    return _inverted(before.split(), given)


def _spoken(words: list[str], suffix: str) -> PersonName:
    prefix, names, found = _without_titles(words)
    if len(names) == 1:
        return PersonName(prefix=prefix, first=names[0], suffix=suffix or found)
    last = next(
        (at for at in range(1, len(names) - 1) if names[at].casefold() in _BEFORE_A_LAST_NAME),
        len(names) - 1,
    )
    return PersonName(
        prefix=prefix,
        first=" ".join(names[:1]),
        middle=" ".join(names[1:last]),
        last=" ".join(names[last:]) if last > 0 else "",
        suffix=suffix or found,
    )


def _inverted(last: list[str], given: list[str]) -> PersonName:
    prefix, names, suffix = _without_titles(given)
    # "Vries, Jan de" is how a Dutch list is sorted.
    while len(names) > 1 and names[-1].casefold() in _BEFORE_A_LAST_NAME:
        last = [names.pop(), *last]
    return PersonName(
        prefix=prefix,
        first=names[0],
        middle=" ".join(names[1:]),
        last=" ".join(last),
        suffix=suffix,
    )


def _without_titles(words: list[str]) -> tuple[str, list[str], str]:
    """What stands before the name, the name, and what stands behind it; the name is not empty
    unless there are no words.
    """
    start = 0
    while start < len(words) - 1 and _bare(words[start]) in _PREFIXES:
        start += 1
    end = len(words)
    if end - start > 1 and _bare(words[-1]) in _SUFFIXES:
        end -= 1
    return " ".join(words[:start]), words[start:end], " ".join(words[end:])


def _bare(word: str) -> str:
    return word.replace(".", "").casefold()
