"""The headings that other programs and people write, folded, and what they mean.

Folded: small letters and digits alone, without accents ("E-mail 2 Address": `email2address`).
English, Dutch and German; Google, Outlook, Thunderbird, HubSpot and Salesforce.
"""

from __future__ import annotations

import unicodedata
from enum import Enum, auto
from typing import Final


class Meaning(Enum):
    """What the cells of a column are."""

    FIRST_NAME = auto()
    MIDDLE_NAME = auto()
    LAST_NAME_PREFIX = auto()
    LAST_NAME = auto()
    FULL_NAME = auto()
    EMAIL_NAME = auto()
    COMPANY = auto()
    JOB_TITLE = auto()
    ACCOUNT_NAME = auto()
    EMAIL = auto()
    PHONE = auto()
    STREET = auto()
    HOUSE_NUMBER = auto()
    STREET_MORE = auto()
    POSTCODE = auto()
    CITY = auto()
    REGION = auto()
    COUNTRY = auto()
    WHOLE_ADDRESS = auto()
    BIRTH_YEAR = auto()
    BIRTH_MONTH = auto()
    BIRTH_DAY = auto()
    GROUPS = auto()
    LABEL = auto()
    DETAIL = auto()


def fold(heading: str) -> str:
    """The heading without capitals, accents, spaces and signs."""
    plain = unicodedata.normalize("NFKD", heading).casefold()
    return "".join(filter(str.isalnum, plain))


def each(words: str) -> frozenset[str]:
    """The words as a set."""
    return frozenset(words.split())


def _words(**meant: str) -> dict[str, Meaning]:
    return {word: Meaning[name.upper()] for name, words in meant.items() for word in words.split()}


WHOLE: Final = _words(
    first_name="first firstname givenname given forename voornaam voornamen roepnaam vorname "
    "rufname contactfirstname",
    middle_name="middle middlename additionalname middleinitial secondname tweedenaam "
    "zweitername weiterevornamen",
    last_name_prefix="tussenvoegsel tussenvoegsels voorvoegsel namensvorsatz lastnameprefix",
    last_name="last lastname familyname surname achternaam familienaam geslachtsnaam nachname "
    "familienname zuname contactlastname",
    full_name="name fullname displayname contactname contact contactperson naam volledigenaam "
    "weergavenaam contactpersoon vollstandigername anzeigename ansprechpartner kontakt "
    "kontaktname client1name",
    email_name="emaildisplayname email1displayname email2displayname email3displayname",
    company="company companyname organization organisation organizationname organisationname "
    "organization1name organisatie bedrijf bedrijfsnaam businessname handelsnaam onderneming "
    "firma firmenname unternehmen firmaname companyororganization associatedcompany employer",
    job_title="jobtitle position organizationtitle organization1title functie functietitel "
    "beroep position berufsbezeichnung stellenbezeichnung funktion",
    account_name="account accountname client clientname klant klantnaam kunde kundenname "
    "mandant mandantenname",
    birth_year="birthyear geboortejaar geburtsjahr",
    birth_month="birthmonth geboortemaand geburtsmonat",
    birth_day="geboortedag geburtstagtag",
    groups="groupmembership labels categories",
)

COMPANY_ONLY: Final = each(
    "industry numberofemployees numberofemployes annualrevenue tickersymbol sic"
)
"""Columns that describe companies: beside these, and without a person's, Name is a company's."""

NOUNS: Final = _words(
    email="email emails emailaddress emailaddresses mail mailaddress emailadres emailadressen "
    "mailadres emailadresse emailadressen epost epostadres epostadresse",
    street="street streetaddress address addressline addressline1 address1 street1 straat "
    "straatnaam adres adresregel1 strasse anschrift adresse",
    house_number="housenumber huisnummer huisnr hausnummer hausnr toevoeging huisnummertoevoeging",
    street_more="street2 street3 address2 address3 addressline2 addressline3 extendedaddress "
    "adresregel2 adresregel3 adres2 adresszusatz adresse2",
    postcode="postcode postalcode zip zipcode zippostalcode postalzip zipcodepostalcode plz "
    "postleitzahl",
    city="city town cityortown towncity plaats woonplaats stad ort stadt wohnort",
    region="state region province county stateprovince stateregion stateorprovince provincie "
    "bundesland",
    country="country countryregion countryorregion land",
    whole_address="formatted",
)

PHONES: Final = {
    **dict.fromkeys(
        each(
            "phone phonenumber phones telephone telephonenumber tel telefoon telefoonnummer telnr "
            "telefon telefonnummer telefonnr"
        ),
        "phone",
    ),
    **dict.fromkeys(
        each(
            "mobile mobilephone mobilephonenumber mobilenumber cell cellphone cellphonenumber "
            "mobiel mobielnummer mobieletelefoon gsm handy handynummer mobil mobiltelefon "
            "mobilnummer mobiltelefonnummer"
        ),
        "mobile phone",
    ),
    **dict.fromkeys(each("fax faxnumber faxnummer faks telefax"), "fax"),
    **dict.fromkeys(each("pager pagernumber pieper"), "pager"),
}
"""What a column of numbers holds, as the noun of its label."""

QUALIFIERS: Final = {
    "home": "home",
    "private": "home",
    "personal": "home",
    "thuis": "home",
    "prive": "home",
    "privat": "home",
    "work": "work",
    "business": "work",
    "office": "work",
    "werk": "work",
    "zakelijk": "work",
    "zakelijke": "work",
    "kantoor": "work",
    "geschaftlich": "work",
    "dienstlich": "work",
    "company": "company",
    "companymain": "company main",
    "other": "other",
    "overig": "other",
    "weitere": "other",
    "alternate": "alternate",
    "additional": "additional",
    "secondary": "second",
    "second": "second",
    "tweede": "second",
    "zweite": "second",
    "primary": "primary",
    "main": "main",
    "hoofd": "main",
    "haupt": "main",
    "contact": "",
    "client": "",
    "klant": "",
    "kunden": "",
    "mobile": "mobile",
    "mobiel": "mobile",
    "mobil": "mobile",
    "cell": "mobile",
    "mailing": "mailing",
    "billing": "billing",
    "shipping": "shipping",
    "postal": "postal",
    "visiting": "visiting",
    "bezoek": "visiting",
    "post": "postal",
    "factuur": "billing",
    "rechnung": "billing",
    "rechnungs": "billing",
    "assistant": "assistant",
    "assistants": "assistant",
    "car": "car",
    "radio": "radio",
    "callback": "callback",
    "video": "video",
    "direct": "direct",
}
"""What stands before or after a noun ("Home Street", "Telefoon werk"), as the word of the label."""

STANDARD_LABELS: Final = each(
    "home work other main mobile business personal private internet smtp workfax homefax fax "
    "pager primary cell email"
)
"""Labels of Google and Outlook that say nothing which a person wrote."""
