"""The words that invented clients are made of: people, places, trades."""

from __future__ import annotations

import unicodedata

from attrs import frozen


@frozen(kw_only=True)
class Origin:
    """Names that go together, and how many of a hundred people bear them."""

    share: int
    women: tuple[str, ...]
    men: tuple[str, ...]
    surnames: tuple[str, ...]


@frozen
class City:
    """A city, the first and last number of its postcodes, and its telephone area."""

    name: str
    first_postcode: int
    last_postcode: int
    area: int


@frozen(kw_only=True)
class Trade:
    """What a company does, how such companies are called, and in which legal forms they come.

    A pattern may use `{last}` (the owner's surname), `{first}`, `{city}` and `{word}`.
    """

    key: str
    patterns: tuple[str, ...]
    words: tuple[str, ...]
    forms: tuple[str, ...]


LIMITED = "B.V."
PARTNERSHIP = "V.O.F."
SOLE = ""
FOUNDATION = "Stichting"

ROLES = {
    SOLE: (("Owner",), ("Owner",), ("Owner",), ("Owner", "Does the invoicing")),
    PARTNERSHIP: (
        ("Partner, primary contact", "Partner"),
        ("Partner, primary contact", "Partner", "Keeps the books"),
    ),
    LIMITED: (
        ("Director",),
        ("Director and sole shareholder",),
        ("Director, primary contact", "Co-owner"),
        ("Director, primary contact", "Bookkeeper"),
        ("Director, signs only", "Office manager, the first to call"),
        ("Director, primary contact", "Co-director", "Payroll administration"),
    ),
    FOUNDATION: (
        ("Treasurer, primary contact", "Chair"),
        ("Treasurer", "Chair", "Secretary"),
        ("Secretary, primary contact", "Treasurer"),
    ),
}
"""Who belongs to a company of that form, the owner first; one row is one company."""

HELPERS = ("Helps with the paperwork", "Family, has power of attorney")

MOBILE = 6
"""The telephone area of mobile numbers."""

SMALL = (SOLE, SOLE, LIMITED, PARTNERSHIP)
USUAL = (LIMITED, LIMITED, SOLE, PARTNERSHIP)
LARGE = (LIMITED, LIMITED, LIMITED, PARTNERSHIP)


def _listed(text: str) -> tuple[str, ...]:
    return tuple(" ".join(part.split()) for part in text.split(","))


def _trade(key: str, forms: tuple[str, ...], patterns: str, words: str) -> Trade:
    return Trade(key=key, patterns=_listed(patterns), words=_listed(words), forms=forms)


ORIGINS = (
    Origin(
        share=74,
        women=_listed("""Anouk, Annelies, Bregje, Carla, Daphne, Eline, Els, Esther, Femke, Fleur,
            Froukje, Gerda, Hanneke, Hilde, Ilse, Ingrid, Iris, Janneke, Jolanda, Josephine,
            Karin, Lieke, Lotte, Maaike, Marjolein, Marloes, Merel, Mirjam, Neeltje, Nienke,
            Noor, Petra, Riet, Roos, Sanne, Saskia, Sietske, Tess, Tineke, Veerle, Willemijn,
            Wil, Yvonne, Anne-Fleur, Marie-Louise"""),
        men=_listed("""Arjen, Bart, Bas, Bram, Cees, Cor, Daan, Diederik, Dirk, Frank, Freek,
            Gerrit, Gijs, Hans, Hendrik, Huub, Jaap, Jasper, Jelle, Jeroen, Joost, Joris, Kees,
            Klaas, Koen, Lars, Leendert, Luuk, Maarten, Martijn, Niels, Olaf, Paul, Peter,
            Reinier, Rik, Ruben, Sander, Sjoerd, Stijn, Teun, Thijs, Wessel, Wim, Wouter,
            Jan-Willem, Pieter-Bas"""),
        surnames=_listed("""Bakker, van den Berg, Bos, Brouwer, de Bruijn, van Dam, Dekker,
            Dijkstra, van Dongen, Driessen, van der Heijden, Hendriks, van den Heuvel, Hoekstra,
            Hofman, van der Horst, Huisman, de Jager, de Jong, Kok, de Koning, Koopmans, Kramer,
            Kuiper, van der Laan, van Leeuwen, van der Linden, Maas, van der Meer, Meijer,
            Molenaar, Mulder, Nijhuis, Noordhof, van Oosterhout, Peeters, Poelstra, Postma,
            Prins, van Rijn, Rietveld, de Ruiter, Sanders, Scholten, Schouten, Smeets, Smit,
            Snijders, van der Steen, Terpstra, Timmermans, ten Brink, ter Horst, Veenstra,
            van der Velde, Verbeek, Verhoeven, Vermeulen, van Vliet, Visser, de Vos, de Vries,
            Vroom, de Waard, van de Water, Wiersma, Willemse, de Wit, Zandstra, Zijlstra,
            van 't Hof, in 't Veld, op den Kelder, van den Boogaard, 's Gravendijk,
            van Heemskerk Veeckens, van der Sluijs-Oostenbrink, uit den Boogaard"""),
    ),
    Origin(
        share=7,
        women=_listed("Ayşe, Elif, Emine, Fatma, Gül, Havva, Leyla, Nur, Selin, Zeynep"),
        men=_listed("Ahmet, Burak, Can, Emre, Hasan, İbrahim, Kemal, Mehmet, Ömer, Yusuf"),
        surnames=_listed("""Aydın, Çelik, Demir, Doğan, Kaya, Kılıç, Öztürk, Polat, Şahin, Şimşek,
            Yıldırım, Yılmaz"""),
    ),
    Origin(
        share=6,
        women=_listed("Amina, Fatima, Hanane, Ikram, Karima, Naima, Salma, Samira, Souad, Yasmina"),
        men=_listed("Abdel, Bilal, Driss, Hamza, Ilias, Karim, Mohamed, Nordin, Rachid, Youssef"),
        surnames=_listed("""Aarab, Amrani, Ben Haddou, Benali, Bouzid, Chakir, El Idrissi,
            El Khattabi, Haddad, Mansouri, Ouali, Tahiri"""),
    ),
    Origin(
        share=6,
        women=_listed("Anjali, Chandra, Fayola, Gladys, Jacintha, Melissa, Naomi, Priya, Sharda"),
        men=_listed("Clyde, Dewdath, Errol, Humphrey, Kenneth, Orlando, Rakesh, Romeo, Winston"),
        surnames=_listed("""Biharie, Blokland, Bottse, Goedhoop, Jhagroe, Kartosen, Kasanmoentalib,
            Kromosoeto, Pinas, Ramdin, Ramautarsing, Soekhlal, Waterberg"""),
    ),
    Origin(
        share=4,
        women=_listed("Agnieszka, Ewa, Joanna, Katarzyna, Małgorzata, Zofia"),
        men=_listed("Grzegorz, Jakub, Łukasz, Marek, Paweł, Wojciech"),
        surnames=_listed(
            "Kowalczyk, Lewandowicz, Mazurek, Nowak, Wójcik, Wróbel, Zając, Zieliński"
        ),
    ),
    Origin(
        share=3,
        women=_listed("Charlotte, Emily, Grace, Hannah, Imogen, Sophie"),
        men=_listed("Alistair, Duncan, Edward, Gareth, Oliver, Simon"),
        surnames=_listed("Ashworth, Bennett, Carmichael, Fletcher, Hughes, O'Connor, Whitfield"),
    ),
)

SECOND_NAMES = _listed("Maria, Johanna, J., P.C., Cornelis, Adriana, A.M., Willem, Theodora, H.")

CITIES = (
    City("Haarlem", 2011, 2037, 23),
    City("Amsterdam", 1011, 1098, 20),
    City("Rotterdam", 3011, 3089, 10),
    City("Den Haag", 2511, 2597, 70),
    City("Utrecht", 3511, 3585, 30),
    City("Eindhoven", 5611, 5658, 40),
    City("Groningen", 9711, 9747, 50),
    City("Tilburg", 5011, 5049, 13),
    City("Almere", 1311, 1363, 36),
    City("Breda", 4811, 4839, 76),
    City("Nijmegen", 6511, 6546, 24),
    City("Apeldoorn", 7311, 7339, 55),
    City("Arnhem", 6811, 6846, 26),
    City("Amersfoort", 3811, 3829, 33),
    City("Zaandam", 1501, 1509, 75),
    City("'s-Hertogenbosch", 5211, 5237, 73),
    City("Hoofddorp", 2131, 2135, 23),
    City("Zwolle", 8011, 8045, 38),
    City("Leiden", 2311, 2334, 71),
    City("Dordrecht", 3311, 3329, 78),
    City("Alkmaar", 1811, 1827, 72),
    City("Delft", 2611, 2629, 15),
    City("Deventer", 7411, 7429, 570),
    City("Hilversum", 1211, 1223, 35),
    City("Leeuwarden", 8911, 8941, 58),
    City("Heemstede", 2101, 2106, 23),
    City("Bloemendaal", 2061, 2061, 23),
    City("Zandvoort", 2041, 2042, 23),
    City("Gouda", 2801, 2809, 182),
)

STREET_STEMS = _listed("""Acacia, Anker, Beuken, Brouwers, Duin, Eiken, Fazanten, Gilde, Haven,
    Iepen, Kastanje, Klooster, Koren, Kuipers, Lijsterbes, Linden, Meidoorn, Merel, Molen, Oranje,
    Parallel, Populieren, Reiger, Rozen, Schippers, Spoor, Tulpen, Veer, Vlier, Wagenmakers,
    Waterlelie, Wilgen, Zilver, Zonnebloem, Zwaluw""")
STREET_ENDS = _listed("straat, straat, straat, laan, laan, weg, weg, plein, kade, hof, singel, pad")
HOUSE_ENDS = ("", "", "", "", "", "", "-A", " bis", "-2", "B")

HOME_MAIL = _listed("polderpost.example, grachtmail.example, thuispost.example, mailbus.example")
OFFICE_MAILBOXES = _listed("administratie, facturen, boekhouding, info")

PRIVATE_TRADES = ("household", "household", "household", "retired", "retired", "landlord", "expat")

TRADES = (
    _trade("bakery", USUAL, "Bakkerij {last}, Banketbakkerij {last}, {word}",
        "Bakkerij Het Gouden Graan, De Korenaar, Desem & Zoon, Patisserie Citroen"),
    _trade("restaurant", USUAL, "Restaurant {word}, Eetcafé {word}, Bistro {last}, {word} {city}",
        "De Vergulde Haas, Het Pannetje, Aan de Kade, Zout, De Oude Sluis, Saffraan, Lokaal 9"),
    _trade("construction", LARGE, """Bouwbedrijf {last}, Aannemersbedrijf {last}, Gebr. {last} Bouw,
        {last} & Zn. Timmerwerken, {word}""", "Steen op Steen Bouw, Noorderdak Renovatie"),
    _trade("painter", SMALL, "Schildersbedrijf {last}, {last} Schilderwerken, {word}",
        "De Kwasterij, Kleur & Glans, Strak in de Lak, Witwerk Stukadoors"),
    _trade("plumber", USUAL, "Loodgietersbedrijf {last}, {last} Installatietechniek, {word}",
        "Warmte & Water Techniek, Lek Verholpen, Zonnig Dak Installaties"),
    _trade("it", LARGE, "{last} Software, {word}, {last} IT Services, {word}",
        """Blue Heron Software, Northbank Data, Bitpolder, Codewerf, Tidal Systems, Pixelmolen,
        Lantern Analytics, Small Hours Software, Kantelpunt Digital, Servicedesk aan Zee"""),
    _trade("design", SMALL, "Studio {last}, {first} {last} Ontwerp, Studio {word}, {word}",
        "Kartonnage, Halverwege, Dik & Dun, Paper Kite, Vrije Vorm, Inkt & Co"),
    _trade("consultancy", USUAL, "{last} Advies, {last} & Partners Consultancy, {word}",
        "Bright Harbour Consulting, Helder Advies, De Verandering, Second Opinion Interim"),
    _trade("hairdresser", SMALL, "Kapsalon {first}, {last} Haarmode, {word}",
        "De Knipkamer, Kapsalon Krul, Barbershop De Snor, Haarlijn, Salon Sjiek"),
    _trade("florist", SMALL, "Bloemenhuis {last}, {first} Bloem & Blad, {word}",
        "De Blauwe Iris, Tuincentrum De Wilg, Bloemsierkunst Flora, Stek"),
    _trade("garage", USUAL, "Garage {last}, Autobedrijf {last}, {last} Bandenservice, {word}",
        "Autoschade De Wissel, Klassieke Wielen, Garage Noordpoort"),
    _trade("transport", LARGE, "{last} Transport, {last} Koeriers, Expeditiebedrijf {last}, {word}",
        "Vlotweg Logistiek, Zeven Provinciën Koeriers, Kade 12 Expeditie"),
    _trade("farm", (PARTNERSHIP, PARTNERSHIP, SOLE, LIMITED),
        "Melkveebedrijf {last}, Akkerbouw {last}, Kwekerij {last}, Boerderij {word}",
        "De Grutto, Nieuw Leven, Het Verre Land, De Lage Weide"),
    _trade("dentist", USUAL, "Tandartspraktijk {last}, Mondzorg {city}, Tandartsen {word}",
        "aan de Singel, De Linde, Het Witte Huis"),
    _trade("physiotherapy", USUAL, "Fysiotherapie {last}, Fysio {city}, Praktijk {word}",
        "In Beweging, De Veerkracht, Rug & Rust"),
    _trade("webshop", USUAL, "{word}, {word}, {first} Online", """Kinderkast, Sokkenlade, Theepost,
        Hondenmand Online, Tweede Ronde Fietsen, Wolwinkel Ina, The Rain Jacket Shop, Puzzelpakket,
        Kruidenkist, Loose Leaf Trading"""),
    _trade("fashion", SMALL, "{last} Mode, Boutique {word}, Schoenmode {last}, {first} & Co",
        "Violet, Rue Onze, De Zijden Draad, Saar, Linnen"),
    _trade("bicycle", SMALL, "{last} Tweewielers, Fietsenmakerij {last}, {word}",
        "De Trapper, Rijwielhuis Noord, Ketting & Co"),
    _trade("cleaning", USUAL, "{last} Schoonmaak, {last} Glasbewassing, {word}",
        "Fris & Helder Bedrijfsdiensten, Blinkend Schoon, Clear View Facility"),
    _trade("childcare", USUAL, "Kinderopvang {word}, Gastouderbureau {last}, BSO {word}",
        "Het Kikkerland, De Zandbak, Pluk, De Boomhut, Ukkepuk"),
    _trade("architect", USUAL, "{last} Architecten, Architectenbureau {last}, Bureau {word}",
        "Plat Dak, Ruimtewerk, Buitenlicht"),
    _trade("fitness", USUAL, "Sportschool {last}, Fitness {city}, Yogastudio {word}",
        "De Zon, Adem, Kracht & Rust, Stille Kamer"),
    _trade("property", (LIMITED,), "{last} Vastgoed, {last} Onroerend Goed, {word} Vastgoed",
        "Kadehuis, De Vier Gevels, Oosterpoort"),
    _trade("foundation", (FOUNDATION,), "{word}, {word} {city}, Vrienden van {word}",
        """Speeltuin De Wip, Muziekschool Crescendo, Buurthuis De Brug, Theater Het Luik,
        Voedseltuin, Molen De Jonge Arend, Kinderboerderij De Geit, Jeugdorkest,
        Behoud Historische Binnenvaartschepen en Havengezichten"""),
)  # fmt: skip

HOLDINGS = _trade(
    "holding", (LIMITED,), "{last} Holding, {last} Beheer, {first} {last} Holding", ""
)


def as_in_an_address(text: str) -> str:
    """The text in letters and digits that every mail system takes: `Şahin & Zn.` is `sahinzn`."""
    letters = unicodedata.normalize("NFKD", text.lower().replace("ı", "i").replace("ł", "l"))
    return "".join(letter for letter in letters if letter.isascii() and letter.isalnum())


def with_legal_form(name: str, form: str) -> str:
    """The name as the trade register writes it: the form behind it, a foundation's in front."""
    if form == FOUNDATION:
        return f"{form} {name}"
    return f"{name[0].upper()}{name[1:]} {form}".strip()
