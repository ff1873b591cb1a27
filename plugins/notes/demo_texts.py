"""Notes as an accounting firm writes them about its clients, for the demo data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

if TYPE_CHECKING:
    from random import Random

CLIENTS_WITHOUT_NOTES = 1 / 8
PINNED_HABITS = 0.6
OPENING_HOURS = (8 * 60 + 30, 17 * 60 + 45)
OLDEST_DAYS = 900


@frozen(kw_only=True)
class DemoNote:
    """A note in Markdown, how many days ago it was written, and at which minute of that day."""

    text: str
    pinned: bool
    days_ago: int
    minutes: int


def demo_notes(trade: str, random: Random) -> tuple[DemoNote, ...]:
    """Up to nine notes that fit the trade, the newest last; at most two of them are pinned.

    About one client in eight has none. A trade that is not known here gets general notes. The
    oldest go back two and a half years: leave out those that are older than the client.
    """
    if random.random() < CLIENTS_WITHOUT_NOTES:
        return ()
    habits = random.sample(HABITS, random.choice((0, 0, 1, 1, 1, 2)))
    own = TRADES.get(trade, ())
    of_trade = random.sample(own, min(len(own), random.choice((1, 1, 2, 3))))
    events = PRIVATE if trade in PRIVATE_TRADES else BUSINESS
    general = random.sample(events, random.choice((0, 1, 1, 2, 3, 4)))
    notes = [_note(text, random.random() < PINNED_HABITS, random) for text in habits]
    notes += [_note(text, False, random) for text in (*of_trade, *general)]
    return tuple(sorted(notes, key=lambda note: (-note.days_ago, note.minutes)))


def first_client_notes() -> tuple[DemoNote, ...]:
    """The notes on Bakkerij de Haan B.V., the client of the documentation and the pictures."""
    lease = "Oven lease runs until March 2029. **Operational**, so not on the balance sheet."
    payroll = (
        "Payroll from this quarter:\n\n- two bakers, night allowance from 22:00\n"
        "- shop staff on zero-hours contracts\n- Saturday help under 18, check the hours"
    )
    calls = "Prefers calls after 14:00, bakery mornings"
    shop = "Considering a second shop in Haarlem"
    return (
        DemoNote(text=lease, pinned=False, days_ago=241, minutes=11 * 60 + 5),
        DemoNote(text=payroll, pinned=False, days_ago=128, minutes=15 * 60 + 40),
        DemoNote(text=calls, pinned=True, days_ago=82, minutes=14 * 60 + 12),
        DemoNote(text=shop, pinned=False, days_ago=10, minutes=16 * 60 + 25),
    )


def _note(text: str, pinned: bool, random: Random) -> DemoNote:
    text = _filled(text, random)
    if "\n" not in text and not pinned:
        text = f"{text} {_filled(random.choice(TAILS), random)}".strip()
    return DemoNote(
        text=text,
        pinned=pinned,
        days_ago=1 + int(OLDEST_DAYS * random.random() ** 2),
        minutes=random.randint(*OPENING_HOURS),
    )


def _filled(text: str, random: Random) -> str:
    return text.format(**{slot: random.choice(words) for slot, words in SLOTS.items()})


# fmt: off
SLOTS = {
    "month": ("January", "February", "March", "April", "May", "June", "July", "August",
              "September", "October", "November", "December"),
    "quarter": ("Q1", "Q2", "Q3", "Q4"),
    "colleague": ("Eva", "Tom", "Eva and Tom"),
    "employee": ("Lisa", "Noor", "Sem", "Finn", "Julia", "Mees", "Sara", "Adam", "Zoë", "Levi",
                 "Mila", "Omar", "Kasia", "Ravi"),
    "bank": ("ING", "Rabobank", "ABN AMRO"),
    "new_bank": ("bunq", "Knab", "Triodos"),
    "amount": ("€ 340", "€ 815", "€ 1,150", "€ 2,400", "€ 3,975", "€ 6,200", "€ 11,300"),
    "days": ("9", "14", "21", "35", "48"),
    "hour": ("9:30", "10:00", "11:00", "12:30", "15:00", "16:00", "17:00"),
    "weekday": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday"),
}
# fmt: on

TAILS = (
    *("",) * 14,
    "Ask again in {month}.",
    "Reminder sent on {weekday}.",
    "Agreed by phone.",
    "To discuss when we meet in {month}.",
    "No action for now.",
    "Also told {colleague}.",
    "Confirmed by e-mail.",
    "Goes into the file for the annual accounts.",
)

HABITS = (
    "Prefers e-mail, picks up the phone only after {hour}.",
    "Call on {weekday} before {hour}, otherwise voicemail.",
    "On the road until {hour}, calls back after that.",
    "Forgets appointments, confirm the day before at {hour}.",
    "Write in English; understands Dutch when {colleague} speaks slowly.",
    "Always explain **what to pay and before when** in the first line.",
    "Away for most of {month}, plan around it.",
    "Sends photos of receipts instead of scans. Usually legible.",
    "Does not want to be called about small amounts, limit is {amount}.",
    "First name terms. Likes a short call before anything is filed.",
    "Identification checked and copied, **renew in {month}**.",
    "Pays our invoices late but always pays.",
    "Hard of hearing, write rather than call.",
)

BUSINESS = (
    "Bank statements for {month} are still missing.",
    "VAT {quarter} filed, {amount} to pay.",
    "Send the VAT amount as a text message, the mail goes unread.",
    "VAT {quarter}: refund of {amount} expected, tax office may ask for the purchase invoices.",
    "Sends purchase invoices too late, {quarter} again on the last day.",
    "New employee {employee} starts in {month}, payroll form received.",
    "{employee} leaves at the end of {month}. Holiday balance to be paid out.",
    "Switched from {bank} to {new_bank} in {month}; check that the bank feed was moved too.",
    "WKR: Christmas hampers and the team outing, {amount} of the free space left.",
    "Lease of the premises ends next year, landlord wants {amount} a month.",
    "Asked for a payment arrangement for {quarter}. Request sent, answer within eight weeks.",
    "Payroll tax of {month} was paid twice, {amount} to be refunded.",
    "Debtors at {days} days on average. Talked about **stricter reminders**.",
    "Private use of the car: no mileage log, so the addition stays.",
    "Credit request at {bank}; they want interim figures up to {month}.",
    "Suspense account {amount}, questions sent.",
    "Reverse-charged VAT was forgotten on the invoices of {month}, corrected in {quarter}.",
    "Open for the annual accounts:\n\n- stock list\n- loan statement {bank}\n- hours of {employee}",
    "Call with {colleague}: turnover in {quarter} below last year, margin about the same.",
    "Sick leave {employee} since {month}, insurer was informed.",
    "Wants to invest {amount} before the year ends, asked about the small-scale deduction.",
    "Cash differences in {month}, about {amount}. Cash book now weekly.",
    "Connection with {bank} works again. **Old import is off.**",
    "Customer in Belgium since {month}: EU sales list needed from {quarter}.",
    "Letter from the tax office about {quarter}, answered by {colleague}, copy in documents.",
    "Subscription for the bookkeeping software goes through us from {month}.",
    "Advance on profit tax looks too high, lowered by {amount}.",
)

PRIVATE = (
    "Mortgage statement from {bank} still missing.",
    "Box 3: savings at {bank} and a small portfolio, actual return asked for.",
    "Extension for the income tax return until next {month} granted.",
    "Provisional assessment {amount} too low, change filed.",
    "Gift to a child this year, exemption form sent.",
    "Moved the current account to {new_bank} in {month}. Refund account to be changed.",
    "Bought a house in {month}, deductible costs about {amount}.",
    "Care costs of {amount} for glasses and dentist, only part of it counts.",
    "Donations to registered charities, receipts of {amount} received.",
    "Needs an income statement for the rent, {colleague} makes it.",
    "Second employer since {month}, expect {amount} to pay at the end.",
    "Interest rate fixed again at {bank}, new statement in {month}.",
    "Divides the deductions with the partner: **everything to the higher income**.",
    "For the return we still need:\n\n- annual statement of {bank}\n- WOZ value\n- annual income",
    "Asked whether solar panels count. Explained on the phone.",
)

_BUILDING = (
    "Reverse charge for work as a subcontractor, main contractor pays late ({days} days).",
    "Blocked account (G-rekening) at {bank}: balance {amount}, ask for release.",
    "Work in progress to be counted at the end of {month}.",
    "New van from {month}, financed through {bank}.",
    "Low VAT rate on houses older than two years, **check the address each time**.",
    "Self-employed helper {employee} since {month}: **look at the contract**.",
)
_CARE = (
    "Exempt care and taxed extras are booked together again, split {month}.",
    "Insurer pays {days} days after the declaration, liquidity is tight in {month}.",
    "Treatment chair of {amount} bought, depreciate over seven years.",
    "Locum {employee} invoices from {month}, agreement is in documents.",
)
_SHOP = (
    "Stock count moved to the first {weekday} of the year.",
    "Till reports of {month} do not match the card payments, difference {amount}.",
    "Gift vouchers sold in {month} were booked as turnover, corrected.",
    "Saturday help {employee}: hours come in by text message.",
)
_DESK = (
    "Invoices a client in the United States, no VAT but **needs the contract**.",
    "Hours for the self-employed deduction are kept from {month}, {days} short of the plan.",
    "One customer makes up most of the turnover, discussed the risk in {month}.",
    "Works from home, the room does not qualify. Explained.",
)

# fmt: off
TRADES = {
    "bakery": (
        *_SHOP,
        "Flour supplier now invoices weekly, bundle them per month.",
        "Night allowance of {employee} missing in {month}, corrected."),
    "restaurant": (
        "Tips through the card terminal: {amount} in {month}, agreed how to pay them out.",
        "Drinks and food at different VAT rates, **till was set wrongly in {month}**.",
        "Staff meals: use the standard amount for the payroll tax.",
        "Cook {employee} wants a fixed contract from {month}."),
    "construction": _BUILDING,
    "painter": _BUILDING,
    "plumber": _BUILDING,
    "it": (*_DESK, "WBSO hours of {quarter} to be reported, {employee} keeps the list."),
    "design": (*_DESK, "Royalties of {amount} from abroad, withholding tax to be credited."),
    "consultancy": _DESK,
    "architect": (*_DESK, "Project stages invoiced ahead, {amount} to carry over at year end."),
    "hairdresser": (*_SHOP, "Chair rental to {employee} from {month}, VAT on the rent."),
    "florist": (*_SHOP, "Auction invoices come by {weekday}, {month} incomplete."),
    "fashion": (*_SHOP, "Winter stock marked down, write off {amount}."),
    "bicycle": (*_SHOP, "Lease bicycles: commission of {amount} came in without an invoice."),
    "garage": (
        "Margin scheme cars: purchase declarations of {month} missing.",
        "Trade-in of {amount} was netted on the invoice, must be shown in full.",
        "Courtesy car is used privately by {employee}, ask for a mileage log."),
    "transport": (
        "Foreign VAT on diesel: refund for {quarter} asked in Germany and Belgium.",
        "Driver {employee}: per diem allowance checked against the collective agreement.",
        "Lease of two trucks at {bank}, financial lease, so on the balance sheet."),
    "farm": (
        "Milk money arrives around the 15th, advance tax after that.",
        "Land lease with the neighbour renewed until {month}.",
        "Seasonal workers from {month}, {employee} collects the identity papers.",
        "Succession: son wants to join the partnership. **Meeting with the notary planned.**"),
    "dentist": _CARE,
    "physiotherapy": _CARE,
    "webshop": (
        "One-stop-shop return {quarter} filed, Germany is the largest part.",
        "Payment provider pays out net, gross turnover and fees to be split in {month}.",
        "Stock in a German warehouse: **needs a VAT number there**."),
    "cleaning": (
        "Collective agreement raises wages from {month}, prices to follow.",
        "New contract with a school, {days} hours a week.",
        "Sector fund premium for {employee} was wrong, corrected in {month}."),
    "childcare": (
        "Parents pay ahead, carry {amount} over at year end.",
        "Childminder {employee} registered from {month}.",
        "Inspection in {month}, asked for a statement of the staff hours."),
    "fitness": (
        "Memberships sold with a welcome discount, spread over the year.",
        "Low VAT rate for sports, **high rate on drinks and clothes**.",
        "Trainer {employee} works freelance, model agreement signed in {month}."),
    "property": (
        "Service costs to be settled with tenants in {month}.",
        "Option for taxed rent: declaration of the new tenant is missing.",
        "Valuation for {bank} needed, last one is three years old."),
    "foundation": (
        "Annual report must be on the website before {month}, charity status.",
        "Subsidy of {amount} to be accounted for to the municipality by {month}.",
        "New treasurer from {month}, **mandate at {bank} still on the old one**."),
    "holding": (
        "Dividend of {amount} planned for {month}, distribution test by {colleague}.",
        "Current account with the subsidiary without interest, put a rate on paper.",
        "Fiscal unity for profit tax: wants to add the new company."),
    "director": (
        "Customary salary checked, stays at the norm.",
        "Owes the company {amount} on the current account, **watch the limit**.",
        "Dividend in box 2 spread over two years.",
        "Private account next to the company: send both returns together."),
    "retired": (
        "Two pensions, tax credit applied twice, so {amount} to pay.",
        "Comes by with a folder on {weekday}, coffee with milk.",
        "Pension from abroad started in {month}."),
    "landlord": (
        "Let flat: rent list of {month} received, leegwaarderatio to be checked.",
        "Sells one house in {month}, notary's statement to follow.",
        "Holiday home counts in box 3, value {amount} lower than assumed."),
    "expat": (
        "30% ruling ends in {month}, explain the effect on box 3.",
        "Arrived in {month}: M form, **on paper or with our software only**.",
        "House abroad is let, relief for double taxation."),
    "household": (
        "Childcare allowance: hours changed in {month}, told them to report it.",
        "Wants to lend {amount} to a daughter for a house, draft loan agreement.",
        "Study costs are not deductible any more. Explained, not amused."),
}
# fmt: on

PRIVATE_TRADES = frozenset(("director", "retired", "landlord", "expat", "household"))
