"""Firms: who uses the software and owns the rows."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from attrs import frozen

from crm_core.folding import folded
from crm_core.languages import LANGUAGES
from crm_core.permissions import Role
from crm_core.postal import NO_ADDRESS, PostalAddress
from crm_core.refusals import NotFound, Refused
from crm_core.store.database import FirmScope
from crm_core.store.rows import new_public_id
from crm_core.store.statements import compiled
from crm_core.store.tables import FirmRecord, MemberRow, PersonRow
from crm_core.words import _

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from crm_core.store.database import Store

SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?\Z")


@frozen(kw_only=True)
class Firm:
    """A firm. `slug` names it in URLs and on the command line; `letter` begins account numbers.

    `switched_off` are the modules of its edition that the firm does not want. One that
    `demands_second_factor` opens only to members who sign in with more than a password. `accent` is
    the name of the colour of its pages, or "" for the usual one; `logo` is the digest of its
    logo, or "" where it has none. Who answers a mail of the firm writes to `reply_to`.
    """

    id: int
    slug: str
    name: str
    letter: str
    zone: str
    currency: str
    language: str
    edition: str
    switched_off: frozenset[str]
    demands_second_factor: bool = False
    address: PostalAddress = NO_ADDRESS
    accent: str = ""
    logo: str = ""
    clients_need_second_factor: bool = False
    allows_action_links: bool = True
    version: int = 1
    reply_to: str = ""


@frozen(kw_only=True)
class NewFirm:
    """What a firm needs to begin. Its owner is a person who is stored already."""

    name: str
    slug: str
    owner_person_id: int
    owner_name: str
    owner_address: str
    letter: str = ""
    zone: str = "UTC"
    currency: str = "EUR"
    language: str = "en"
    edition: str = "pro"


def create_person(store: Store, language: str = "") -> int:
    """Stores a person of the deployment and answers the key. Within a deployment transaction."""
    return PersonRow.insert_into(
        store, public_id=new_public_id(), language=language, created=datetime.now(UTC)
    )


def language_chosen_by(store: Store, person_id: int) -> str:
    """The language that a person chose, or "". Opens its own transaction."""
    with store.deployment_transaction(write=False):
        row = PersonRow.of(store, PersonRow.language).where(PersonRow.id == person_id).first()
    return "" if row is None else str(row.language)


def choose_language(store: Store, person_id: int, language: str) -> None:
    """Stores the language in which a person reads; "" is whatever their firm has.

    Opens its own transaction.
    """
    if language and language not in LANGUAGES:
        raise Refused(_("There is no language {language}.", language=language), at="language")
    with store.deployment_transaction(write=True):
        PersonRow.change(store, language=language).where(PersonRow.id == person_id).execute()


def check_firm(store: Store, new: NewFirm) -> None:
    """Refuses what `create_firm` would refuse, before anything is stored for it."""
    _check(new, _letter(new))
    with store.deployment_transaction(write=False):
        if FirmRecord.of(store, FirmRecord.id).where(FirmRecord.slug == new.slug).exists():
            raise Refused(_("There is a firm {slug} already.", slug=new.slug), at="slug")


def create_firm(store: Store, new: NewFirm) -> Firm:
    """Stores a firm with its owner; refuses a slug that is taken, an unknown zone, a bad letter.

    Opens its own transaction: the firm does not exist before it.
    """
    check_firm(store, new)
    letter = _letter(new)
    now = datetime.now(UTC)
    with store.deployment_transaction(write=True):
        # The owner needs the firm and the firm its owner: the database looks when this ends.
        firm_id = FirmRecord.insert_into(
            store,
            slug=new.slug,
            name=new.name.strip(),
            letter=letter,
            zone=new.zone,
            currency=new.currency,
            language=new.language,
            edition=new.edition,
            owner_member_id=0,
            created=now,
        )
        firm = find_firm(store, new.slug)
        with store.entering_firm(firm_id):
            member_id = MemberRow.insert_into(
                FirmScope(store, firm),
                public_id=new_public_id(),
                person_id=new.owner_person_id,
                name=new.owner_name.strip(),
                address=new.owner_address,
                role=Role.OWNER,
                created=now,
            )
        FirmRecord.change(store, owner_member_id=member_id).where(
            FirmRecord.id == firm_id
        ).execute()
    return firm


def firm_named(store: Store, slug: str) -> Firm:
    """The firm with this slug; refuses an unknown one. Opens its own transaction."""
    with store.deployment_transaction(write=False):
        return find_firm(store, slug)


def find_firm(store: Store, slug: str) -> Firm:
    """The firm with this slug; refuses an unknown one. Within a deployment transaction."""
    row = next(iter(_firm_with_slug(store, slug)), None)
    if row is None:
        raise NotFound(_("There is no firm {slug}.", slug=slug))
    return firm_of_row(row)


@compiled
def _firm_with_slug(asked: Store, slug: Any) -> Any:
    return FirmRecord.of(asked).where(FirmRecord.slug == slug)


def firm_with_id(store: Store, firm_id: int) -> Firm:
    """The firm with this key, as it is now. Within a transaction."""
    return firm_of_row(FirmRecord.of(store).where(FirmRecord.id == firm_id).get())


def firms_in_order(store: Store, keys: Sequence[int]) -> Sequence[Firm]:
    """The firms with these keys, in their order, but for those that are gone. Opens its own."""
    if not keys:
        return []
    known = {firm.id: firm for firm in list_firms(store)}
    return [known[key] for key in keys if key in known]


def list_firms(store: Store) -> Sequence[Firm]:
    """All firms of the deployment, by slug. Opens its own transaction."""
    with store.deployment_transaction(write=False):
        return [firm_of_row(row) for row in FirmRecord.of(store).order_by(FirmRecord.slug)]


def firms_of_person(store: Store, person_id: int) -> Sequence[Firm]:
    """The firms in whose team this person is, by name. Opens its own transaction."""
    with store.deployment_transaction(write=False, person_id=person_id):
        memberships = MemberRow.of_person(store, person_id)
        firms = FirmRecord.of(store).where(FirmRecord.id.in_(memberships)).order_by(FirmRecord.name)
        return [firm_of_row(row) for row in firms]


def firm_of_row(row: Any) -> Firm:
    """The firm that a row of the table `firm` stands for."""
    return Firm(
        id=row.id,
        slug=row.slug,
        name=row.name,
        letter=row.letter,
        zone=row.zone,
        currency=row.currency,
        language=row.language,
        edition=row.edition,
        switched_off=frozenset(row.switched_off.split()),
        demands_second_factor=bool(row.demands_second_factor),
        address=PostalAddress(
            street=row.street,
            postcode=row.postcode,
            city=row.city,
            region=row.region,
            country=row.country,
        ),
        accent=row.accent,
        logo=row.logo,
        clients_need_second_factor=bool(row.clients_need_second_factor),
        allows_action_links=bool(row.allows_action_links),
        version=row.version,
        reply_to=row.reply_to,
    )


def slug_of(name: str) -> str:
    """A slug made of a firm's name: "Van Dijk & Partners" gives "van-dijk-partners"."""
    return re.sub(r"[^a-z0-9]+", "-", folded(name)).strip("-")[:40].strip("-")


def _letter(new: NewFirm) -> str:
    letters = (c for c in folded(new.name).upper() if "A" <= c <= "Z")
    return new.letter.upper() or next(letters, "A")


def _check(new: NewFirm, letter: str) -> None:
    if not new.name.strip():
        raise Refused(_("A firm needs a name."), at="name")
    if not new.owner_name.strip():
        raise Refused(_("The owner needs a name."), at="owner_name")
    if not new.slug:
        raise Refused(
            _("Say how the firm is called in addresses (slug): a-z, 0-9 and hyphens."), at="slug"
        )
    if not SLUG.match(new.slug):
        raise Refused(
            _("{slug} cannot stand in an address: use a-z, 0-9 and hyphens.", slug=new.slug),
            at="slug",
        )
    if not re.fullmatch(r"[A-Z]", letter):
        raise Refused(_("The letter of account numbers is one of A to Z."), at="letter")
    check_locale(new.zone, new.currency, new.language)


def check_locale(zone: str, currency: str, language: str) -> None:
    """Refuses a zone, a currency or a language that there is not."""
    if not re.fullmatch(r"[A-Z]{3}", currency):
        raise Refused(_("A currency is three capital letters, such as EUR."), at="currency")
    if language not in LANGUAGES:
        raise Refused(_("There is no language {language}.", language=language), at="language")
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise Refused(_("There is no time zone {zone}.", zone=zone), at="zone") from error
