"""Reading a posted form: texts are checked, cleaned and made into the form's attrs value."""

from __future__ import annotations

import unicodedata
from decimal import ROUND_UP, Decimal
from enum import Enum
from typing import TYPE_CHECKING, Any

import attrs
import cattrs
from attrs import frozen

from crm_core.addresses import clean_address
from crm_core.forms import Ask, File, Form, Input, as_text, asks_of
from crm_core.refusals import NotChecked, Refused, Stale
from web.uploads import Incoming, ids_ahead, incoming
from web.words import _

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from werkzeug.datastructures import FileStorage, MultiDict

    from crm_core.uploads import Upload
    from crm_core.words import Words

_MANY_LINES = frozenset("\n\t")


@frozen(kw_only=True)
class Filled:
    """A form as it was sent: with its `value` where all is well, otherwise with what is wrong."""

    form: Form[Any]
    value: Any = None


def read_form(
    of: type[Any],
    posted: MultiDict[str, str],
    sent_files: MultiDict[str, FileStorage] | None = None,
    uploads: Sequence[Upload] = (),
) -> Filled:
    """What was sent for this form class; everything that was typed is kept, right or wrong.

    A file is not kept for the next try: the browser lets nobody but the person choose one. Those of
    the `uploads`, which came ahead, are kept.
    """
    typed: dict[str, str] = {}
    problems: dict[str, Words] = {}
    files: dict[str, File | tuple[Incoming | Upload, ...] | None] = {}
    waiting: dict[str, Sequence[Upload]] = {}
    for name, asked in asks_of(of).items():
        if asked.input in (Input.FILE, Input.FILES):
            of_field = sent_files.getlist(name) if sent_files else []
            if asked.input is Input.FILES:
                waiting[name], problem = _ahead(ids_ahead(posted, name), name, uploads)
                several: tuple[Incoming | Upload, ...] = (*waiting[name], *incoming(of_field))
                files[name], problem = several, problem or _problem_of_files(several, asked)
            else:
                files[name], problem = _file(of_field, asked)
            if problem is not None:
                problems[name] = problem
            continue
        sent = posted.getlist(name) if asked.input is Input.SEVERAL else [posted.get(name, "")]
        text = _cleaned("\n".join(sent), asked)
        typed[name] = text
        problem = _problem(text, asked)
        if problem is not None:
            problems[name] = problem
    form = Form(of=of, typed=typed, problems=problems, answered=True, waiting=waiting)
    return _structured(form, files)


def refused_form(form: Form[Any], refused: Refused) -> tuple[Form[Any], int]:
    """The form as it was typed, with the sentence; a stale one beside what is saved now.

    The version in a stale form is raised: sending it again overwrites knowingly.
    """
    if isinstance(refused, Stale):
        saved = {name: as_text(value) for name, value in refused.now.items()}
        typed = {**form.typed, "version": str(refused.version)}
        return attrs.evolve(form, typed=typed, saved=saved, sentence=refused.sentence), 409
    status = 503 if isinstance(refused, NotChecked) else 422
    if refused.at in form.asks:
        return attrs.evolve(form, problems={refused.at: refused.sentence}), status
    return attrs.evolve(form, sentence=refused.sentence), status


def may_wait(of: type[Any] | None) -> bool:
    """Whether what is typed into such a form may stand in a page until it is sent.

    No password does, and no file can.
    """
    kinds = {asked.input for asked in asks_of(of).values()} if of is not None else set()
    return kinds.isdisjoint((Input.PASSWORD, Input.FILE, Input.FILES))


def _structured(form: Form[Any], files: Mapping[str, Any]) -> Filled:
    """The form's value, where no field has a problem; every problem is told at once."""
    converter = _converter()
    values: dict[str, Any] = {}
    problems = dict(form.problems)
    attrs.resolve_types(form.of)
    for field in attrs.fields(form.of):
        if field.name in problems:
            continue
        if field.name in files:
            values[field.name] = files[field.name]
            continue
        text, asked = form.typed.get(field.name, ""), form.asks[field.name]
        try:
            if asked.read is not None:
                values[field.name] = asked.read(text) if text else None
                continue
            if asked.input is Input.EMAIL and text:
                text = clean_address(text)
            values[field.name] = converter.structure(text, field.type)
        except Refused as refused:
            problems[field.name] = refused.sentence
        except (ValueError, TypeError):
            problems[field.name] = _("This is not one of the possible answers.")
    if problems:
        in_order = {name: problems[name] for name in form.asks if name in problems}
        return Filled(form=attrs.evolve(form, problems=in_order))
    return Filled(form=form, value=form.of(**values))


def _converter() -> cattrs.Converter:
    """Texts to values, strictly: cattrs would make anything out of anything.

    A hook for a class goes before every predicate, and takes subclasses such as an IntEnum too.
    """
    converter = cattrs.Converter(detailed_validation=False)
    converter.register_structure_hook(bool, lambda text, _: _yes_or_no(text))
    converter.register_structure_hook(int, lambda text, kind: kind(_whole_number(text)))
    converter.register_structure_hook_func(
        lambda kind: kind == tuple[str, ...],
        lambda text, _: tuple(text.split("\n")) if text else (),
    )
    converter.register_structure_hook_func(
        lambda kind: isinstance(kind, type) and issubclass(kind, Enum),
        lambda text, kind: kind(text),
    )
    return converter


def _yes_or_no(text: str) -> bool:
    if text not in ("", "1"):
        raise ValueError(text)
    return text == "1"


def _whole_number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise ValueError(text)
    return int(text)


def _cleaned(text: str, asked: Ask) -> str:
    if asked.input is Input.PASSWORD:
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.strip() if asked.input is not Input.LONG_TEXT else text.rstrip()


def _ahead(
    ids: Sequence[str], name: str, uploads: Sequence[Upload]
) -> tuple[Sequence[Upload], Words | None]:
    """The files of a field that came ahead and are whole; and a sentence where some are not."""
    known = {one.public_id: one for one in uploads if one.field == name and one.sent is not None}
    found = [known[one] for one in ids if one in known]
    if len(found) == len(ids):
        return found, None
    return found, _("A file that you uploaded is not here, or not all of it. Choose it again.")


def _file(sent: Sequence[FileStorage], asked: Ask) -> tuple[File | None, Words | None]:
    """What was sent in a field for one file, and what is wrong with it."""
    found = incoming(sent)
    problem = _problem_of_files(found, asked)
    if not found or problem is not None:
        return None, problem
    return File(name=found[0].name, content=b"".join(found[0].chunks())), None


def _problem_of_files(files: Sequence[Incoming | Upload], asked: Ask) -> Words | None:
    if not files:
        return _("Please choose: {label}.", label=asked.label) if asked.required else None
    if len(files) > asked.most:
        return _("At most {most} files at once.", most=asked.most)
    size = sum(file.size for file in files)
    if size <= asked.largest:
        return None
    largest, has = asked.largest // 2**20, _megabytes(size)
    if asked.input is Input.FILE:
        return _("At most {largest} MB; this file has {size}.", largest=largest, size=has)
    return _("At most {largest} MB at once; these have {size}.", largest=largest, size=has)


def _megabytes(size: int) -> Decimal:
    """As people say a size; rounded up, since it is said of what is too large."""
    return (Decimal(size) / 2**20).quantize(Decimal("0.1"), ROUND_UP)


def _problem(text: str, asked: Ask) -> Words | None:
    if asked.required and not text.strip():
        return _("Please fill in: {label}.", label=asked.label)
    if len(text) > asked.longest:
        return _(
            "At most {longest} characters; this has {count}.",
            longest=asked.longest,
            count=len(text),
        )
    allowed = _MANY_LINES if asked.input in (Input.LONG_TEXT, Input.SEVERAL) else frozenset()
    if any(unicodedata.category(c) in ("Cc", "Cs") and c not in allowed for c in text):
        return _("This holds a character that cannot be stored, such as a line break or a NUL.")
    chosen = text.split("\n") if asked.input is Input.SEVERAL else [text]
    if asked.choices and text and not {choice.value for choice in asked.choices}.issuperset(chosen):
        return _("This is not one of the possible answers.")
    return None
