"""What the pages of documents ask."""

from __future__ import annotations

from datetime import date  # noqa: TC003 - cattrs reads the types of these classes

from attrs import frozen

from crm_core import Choice, Input, SentFile, ask, day_typed, version_field
from plugins.documents.values import (
    ACCESS_MEANS,
    ACCESS_TITLES,
    LONGEST_FOLDER_NAME,
    MOST_AT_ONCE,
    Access,
)
from plugins.documents.words import _

LONGEST_NAME = 150
LONGEST_PLAN = 10_000
"""Characters of the folders of one kind in a template."""

AS_VERSION, BESIDE = "version", "beside"
_SURE = _("Yes, I want to change who sees it")
_IN_FORMS = tuple(
    Choice(value=access.value, label=ACCESS_TITLES[access], help=ACCESS_MEANS[access])
    for access in Access
)


@frozen
class Upload:
    """Files to be put into a folder."""

    files: tuple[SentFile, ...] = ask(_("Files"), input=Input.FILES, largest=MOST_AT_ONCE)
    same_name: str = ask(
        _("Where a document has the same name already"),
        default=AS_VERSION,
        input=Input.CHOICE,
        choices=(
            Choice(value=AS_VERSION, label=_("Make it a new version")),
            Choice(value=BESIDE, label=_("Keep both")),
        ),
    )


@frozen
class NewFolder:
    """A folder to be made within another."""

    name: str = ask(_("Name"), longest=LONGEST_FOLDER_NAME)


@frozen
class NewTopFolder(NewFolder):
    """A folder to be made at the top, where it says what clients may do."""

    access: Access = ask(_("Who sees it"), input=Input.CHOICE, choices=_IN_FORMS)


@frozen
class EditedFolder(NewFolder):
    """A folder as somebody wants to call it."""

    version: int = version_field(_("Version"))


@frozen
class EditedTopFolder(NewTopFolder):
    """A top folder as somebody wants it to be."""

    sure: bool = ask(_SURE, default=False, input=Input.YES_NO)
    version: int = version_field(_("Version"))


@frozen
class Rename:
    """Another name for a document."""

    name: str = ask(_("Name"), longest=LONGEST_NAME)
    version: int = version_field(_("Version"))


@frozen
class Move:
    """Another folder for a document."""

    folder: str = ask(_("Folder"), input=Input.CHOICE)
    sure: bool = ask(_SURE, default=False, input=Input.YES_NO)
    version: int = version_field(_("Version"))


@frozen
class NewRequest:
    """Documents to be asked for."""

    what: str = ask(
        _("What you need"),
        input=Input.LONG_TEXT,
        longest=2000,
        help=_("Clients read it as you write it, in the mail and on the page that it leads to."),
    )
    folder: str = ask(_("Where it goes"), input=Input.CHOICE)
    until: date = ask(_("Until"), input=Input.DATE, read=day_typed)


_A_LINE = _(
    "One folder a line; a slash leads to a folder within: Taxes/2026. A line that begins with a "
    "slash stands in the folder that every client has."
)


@frozen
class NewTemplate:
    """Folders to be made together on accounts."""

    name: str = ask(_("Name"), longest=LONGEST_FOLDER_NAME)
    edits: str = ask(
        ACCESS_TITLES[Access.EDITS],
        default="",
        input=Input.LONG_TEXT,
        longest=LONGEST_PLAN,
        help=_A_LINE,
    )
    sees: str = ask(
        ACCESS_TITLES[Access.SEES], default="", input=Input.LONG_TEXT, longest=LONGEST_PLAN
    )
    private: str = ask(
        ACCESS_TITLES[Access.PRIVATE], default="", input=Input.LONG_TEXT, longest=LONGEST_PLAN
    )
    for_new: bool = ask(
        _("Give these folders to each new client"),
        default=False,
        input=Input.YES_NO,
        help=_("Clients that an import brings do not get them by themselves."),
    )

    @property
    def written(self) -> dict[Access, str]:
        """The lines of each kind."""
        return {Access.EDITS: self.edits, Access.SEES: self.sees, Access.PRIVATE: self.private}


@frozen
class EditedTemplate(NewTemplate):
    """A template as somebody wants it to be."""

    version: int = version_field(_("Version"))


@frozen
class ChosenTemplate:
    """The template whose folders an account gets."""

    template: str = ask(_("Template"), input=Input.CHOICE)


@frozen
class Confirm:
    """The wish to do it to the version that was seen."""

    version: int = version_field(_("Version"))
