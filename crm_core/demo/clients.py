"""Invented clients of a Dutch accounting firm that look like life and belong to nobody.

Every e-mail domain ends in `.example` (RFC 2606), every phone number starts with digits that
are not handed out, and the streets and postcodes do not belong together.
"""

from __future__ import annotations

from itertools import count as count_up
from random import Random
from typing import TYPE_CHECKING

from attrs import define, evolve, field, frozen

from crm_core.contacts import Detail, NewContact
from crm_core.demo import names
from crm_core.postal import PostalAddress

if TYPE_CHECKING:
    from collections.abc import Iterator

OLDEST_DAYS = 4200
"""How long ago the firm took on its first client, at most."""

TRIES_BEFORE_CITY = 6
LONGEST_DOMAIN = 40


@frozen(kw_only=True)
class DemoContact:
    """A person, and what that person is to this one client."""

    contact: NewContact
    description: str


@frozen(kw_only=True)
class DemoClient:
    """An account as it might be in life, with its contacts; the first one is the primary one.

    `name` is the company name, and empty for an individual, whose account is called after the
    first contact. `trade` is a key of `names.TRADES`, "holding", "household", "retired",
    "landlord", "expat", or "director" for the private account of somebody with a company.
    """

    business: bool
    name: str
    address: PostalAddress
    contacts: tuple[DemoContact, ...]
    created_days_ago: int
    trade: str


def demo_clients(count: int = 200, seed: int = 20260101) -> tuple[DemoClient, ...]:
    """That many clients, the longest known first; Bakkerij de Haan B.V. always leads.

    Six of ten are businesses. A person on several accounts is an equal `NewContact` in each, so
    that whoever stores them can tell; no two persons share an e-mail address.
    """
    ages = _ages(count, seed)
    town = _Town(Random(seed))  # noqa: S311 - invented clients, no secret
    return tuple(
        evolve(client, created_days_ago=age)
        for age, client in zip(ages, town.clients(), strict=False)
    )


def first_client() -> DemoClient:
    """The bakery that the documentation and the pictures show."""
    company = "Bakkerij de Haan B.V."
    anna = NewContact(
        first_name="Anna",
        last_name="de Haan",
        company=company,
        phone="+31 6 0000 1042",
        emails=("anna@dehaan.example", "administratie@dehaan.example"),
    )
    pieter = NewContact(
        first_name="Pieter",
        last_name="de Haan",
        company=company,
        phone="+31 6 0000 8961",
        emails=("pieter@dehaan.example",),
    )
    return DemoClient(
        business=True,
        name=company,
        address=PostalAddress(
            street="Grote Markt 12", postcode="2011 RD", city="Haarlem", country="Netherlands"
        ),
        contacts=(
            DemoContact(contact=anna, description="Director, primary contact"),
            DemoContact(contact=pieter, description="Co-owner"),
        ),
        created_days_ago=OLDEST_DAYS,
        trade="bakery",
    )


@frozen(kw_only=True)
class _Company:
    name: str
    domain: str
    trade: str
    form: str


@define
class _Town:
    """Where the clients come from; remembers what is taken, and who owns a company."""

    random: Random
    companies: set[str] = field(factory=lambda: {"bakkerijdehaan"})
    domains: set[str] = field(factory=lambda: {"dehaan"})
    emails: set[str] = field(factory=set)
    phones: int = 1
    owners: list[NewContact] = field(factory=list)
    without_private_account: list[NewContact] = field(factory=list)

    def clients(self) -> Iterator[DemoClient]:
        """Clients without end, six businesses in every ten."""
        yield first_client()
        kinds = [True] * 5 + [False] * 4
        while True:
            self.random.shuffle(kinds)
            for business in kinds:
                yield self.business() if business else self.individual()
            kinds = [True] * 6 + [False] * 4

    def business(self) -> DemoClient:
        if self.owners and self.chance(0.06):
            return self.holding()
        owner = self.named()
        city = self.random.choice(names.CITIES)
        company = self.company(owner, city, self.random.choice(names.TRADES))
        contacts = tuple(self.staff(owner, city, company))
        if company.form != names.FOUNDATION:
            self.owners.append(contacts[0].contact)
            self.without_private_account.append(contacts[0].contact)
        return _client(company.name, self.address(city), contacts, company.trade)

    def holding(self) -> DemoClient:
        """A second company of somebody who owns one."""
        owner = self.random.choice(self.owners)
        company = self.company(owner, self.random.choice(names.CITIES), names.HOLDINGS)
        contact = DemoContact(contact=owner, description="Director and shareholder")
        return _client(company.name, owner.address, (contact,), company.trade)

    def individual(self) -> DemoClient:
        """A person or a couple; sometimes somebody who has a company with the firm too."""
        owners = self.without_private_account
        if owners and self.chance(0.3):
            trade, person = "director", owners.pop(self.random.randrange(len(owners)))
        else:
            trade = self.random.choice(names.PRIVATE_TRADES)
            home = self.address(self.random.choice(names.CITIES))
            person = self.resident(self.named(), home, 0.4 if trade == "retired" else 0.06)
        contacts = [DemoContact(contact=person, description="")]
        if self.chance(0.4):
            contacts = self.couple(person)
        elif trade == "retired" and self.chance(0.5):
            contacts.append(self.helper(person))
        return _client("", person.address, tuple(contacts), trade)

    def couple(self, person: NewContact) -> list[DemoContact]:
        partner = self.named()
        own, other = partner.last_name, person.last_name
        if "-" not in own + other:
            own = self.random.choice((own, own, other, f"{other}-{own}"))
        partner = self.resident(evolve(partner, last_name=own), person.address, 0.2)
        return [
            DemoContact(contact=person, description="Primary contact"),
            DemoContact(contact=partner, description="Partner"),
        ]

    def helper(self, person: NewContact) -> DemoContact:
        relative = evolve(self.named(), last_name=person.last_name)
        home = self.address(self.random.choice(names.CITIES))
        contact = self.resident(relative, home, 0)
        return DemoContact(contact=contact, description=self.random.choice(names.HELPERS))

    def resident(self, person: NewContact, home: PostalAddress, silent: float) -> NewContact:
        """The person at home; `silent` is how likely it is that there is no e-mail address."""
        first = names.as_in_an_address(person.first_name)
        last = names.as_in_an_address(person.last_name)
        local = self.random.choice((f"{first}.{last}", f"{first[0]}.{last}", f"{last}.{first}"))
        domain = self.random.choice(names.HOME_MAIL)
        emails = () if self.chance(silent) else (self.email(local, domain),)
        return evolve(person, phone=self.phone(), address=home, emails=emails)

    def staff(self, owner: NewContact, city: names.City, at: _Company) -> Iterator[DemoContact]:
        """The owner, and those whom the firm also writes to."""
        first, *others = self.random.choice(names.ROLES[at.form])
        contact = evolve(self.employee(owner, city, at), address=self.address(city))
        yield DemoContact(contact=contact, description=first)
        for role in others:
            contact = self.employee(self.named(), city, at)
            if self.chance(0.18):
                contact = evolve(contact, emails=())
            yield DemoContact(contact=contact, description=role)

    def employee(self, person: NewContact, city: names.City, company: _Company) -> NewContact:
        mailbox = f"{company.domain}.example"
        emails = [self.email(names.as_in_an_address(person.first_name), mailbox)]
        if self.chance(0.04):
            emails.append(self.email(self.random.choice(names.OFFICE_MAILBOXES), mailbox))
        second = (Detail(label="Second phone", value=self.phone(city.area)),)
        return evolve(
            person,
            company=company.name,
            phone=self.phone(city.area if self.chance(0.3) else names.MOBILE),
            emails=tuple(emails),
            details=second if self.chance(0.06) else (),
        )

    def named(self) -> NewContact:
        """A person of whom no more than the name is known."""
        [origin] = self.random.choices(names.ORIGINS, [origin.share for origin in names.ORIGINS])
        return NewContact(
            first_name=self.random.choice(self.random.choice((origin.women, origin.men))),
            middle_name=self.random.choice(names.SECOND_NAMES) if self.chance(0.08) else "",
            last_name=self.random.choice(origin.surnames),
        )

    def company(self, owner: NewContact, city: names.City, trade: names.Trade) -> _Company:
        """A company whose name nobody has yet; the city is added where names run short."""
        form = self.random.choice(trade.forms)
        first, last = owner.first_name, owner.last_name
        for tries in count_up():
            pattern, word = self.random.choice(trade.patterns), self.random.choice(trade.words)
            name = pattern.format(first=first, last=last, city=city.name, word=word)
            if tries >= TRIES_BEFORE_CITY:
                name = f"{name} {self.random.choice(names.CITIES).name}"
            plain = names.as_in_an_address(name)
            if plain not in self.companies:
                break
        self.companies.add(plain)
        surname = names.as_in_an_address(last) if "{last}" in pattern else ""
        domain = self.domain(plain, surname)
        name = names.with_legal_form(name, form)
        return _Company(name=name, domain=domain, trade=trade.key, form=form)

    def domain(self, company: str, surname: str) -> str:
        short = surname and surname not in self.domains and self.chance(0.4)
        domain = surname if short else company[:LONGEST_DOMAIN]
        while domain in self.domains:
            domain += "-nl"
        self.domains.add(domain)
        return domain

    def address(self, city: names.City) -> PostalAddress:
        stem, end = self.random.choice(names.STREET_STEMS), self.random.choice(names.STREET_ENDS)
        number = self.random.randint(1, 240)
        digits = self.random.randint(city.first_postcode, city.last_postcode)
        letters = self.random.choice("ABCDEGHJKLMNPRTVWXZ") + self.random.choice("FIOQUY")
        return PostalAddress(
            street=f"{stem}{end} {number}{self.random.choice(names.HOUSE_ENDS)}",
            postcode=f"{digits} {letters}",
            city=city.name,
            country="Netherlands",
        )

    def email(self, local: str, domain: str) -> str:
        address, number = f"{local}@{domain}", 2
        while address in self.emails:
            address, number = f"{local}{number}@{domain}", number + 1
        self.emails.add(address)
        return address

    def phone(self, area: int = names.MOBILE) -> str:
        """A number that cannot ring: nobody's number goes on with zeros after the area."""
        self.phones += 1
        digits = (1042 + self.phones * 7919) % 10_000
        zeros = "0" * (5 - len(str(area)))
        return f"+31 {area} {zeros} {digits:04}"

    def chance(self, share: float) -> bool:
        return self.random.random() < share


def _client(
    name: str, address: PostalAddress, contacts: tuple[DemoContact, ...], trade: str
) -> DemoClient:
    return DemoClient(
        business=bool(name),
        name=name,
        address=address,
        contacts=contacts,
        created_days_ago=0,
        trade=trade,
    )


def _ages(count: int, seed: int) -> list[int]:
    """Days since each client came, falling; more of them in late years than in early ones."""
    random = Random(f"{seed} ages")  # noqa: S311 - invented dates, no secret
    later = sorted(3 + int((OLDEST_DAYS - 3) * random.random() ** 1.3) for _ in range(count - 1))
    return [OLDEST_DAYS, *reversed(later)][:count]
