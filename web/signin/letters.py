"""The mails about signing in, each in the language of whoever reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import url_for

from web.mail import Mail, link_to, pretend_to_send, send
from web.words import _

if TYPE_CHECKING:
    from crm_core.words import Words


def send_reset(to: str, token: str, language: str, *, known: bool) -> None:
    """The link for a new password; for an address that nobody has only the work of sending it."""
    link = link_to(url_for("signin.reset", token=token))
    mail = Mail(
        to=to,
        language=language,
        subject=_("Choose a new password"),
        text=_(
            "Somebody, probably you, asked for a new password for {address}.\n\nOpen this link to "
            "choose one; it works once, for one hour:\n\n{link}\n\nIf it was not you, do nothing: "
            "your password stays as it is.\n",
            address=to,
            link=link,
        ),
        link=link,
    )
    (send if known else pretend_to_send)(mail)


def send_sign_in_link(to: str, token: str, language: str, *, target: str, known: bool) -> None:
    """The link that signs in; for an address that nobody has only the work of sending it."""
    to_where = None if target == "/" else target
    link = link_to(url_for("signin.link", token=token, next=to_where))
    mail = Mail(
        to=to,
        language=language,
        subject=_("Your link to sign in"),
        text=_(
            "Somebody, probably you, wants to sign in with {address}.\n\nOpen this link to do so; "
            "it works once, for 15 minutes:\n\n{link}\n\nIf it was not you, do nothing, and give "
            "this link to nobody.\n",
            address=to,
            link=link,
        ),
        link=link,
    )
    (send if known else pretend_to_send)(mail)


def send_confirmation(to: str, token: str, language: str, *, free: bool) -> None:
    """The link that makes this the sign-in address; if it is taken only the work of sending it."""
    link = link_to(url_for("signin.address", token=token))
    mail = Mail(
        to=to,
        language=language,
        subject=_("Confirm your sign-in address"),
        text=_(
            "Somebody, probably you, wants to sign in with {address} from now on.\n\nOpen this "
            "link to confirm it; it works once, for one hour:\n\n{link}\n\nIf it was not you, do "
            "nothing.\n",
            address=to,
            link=link,
        ),
        link=link,
    )
    (send if free else pretend_to_send)(mail)


def tell_of_wish(old: str, new: str, language: str) -> None:
    """Tells whoever reads the old address that another one is to replace it."""
    _tell(
        old,
        language,
        _("Your sign-in address is about to change"),
        _(
            "Somebody signed in as you asked to sign in with {new} instead of this address.",
            new=new,
        ),
    )


def tell_of_new_address(old: str, new: str, language: str) -> None:
    """Tells whoever reads the old address that it no longer signs in."""
    _tell(
        old,
        language,
        _("Your sign-in address was changed"),
        _("From now on you sign in with {new}. This address no longer signs in.", new=new),
    )


def tell_of_new_password(to: str, language: str) -> None:
    """Tells the person that their password is another one."""
    _tell(
        to,
        language,
        _("Your password was changed"),
        _("The password for {address} is new.", address=to),
    )


def tell_of_passkey(to: str, name: str, language: str, *, added: bool) -> None:
    """Tells the person that one of their passkeys is new, or gone."""
    if added:
        subject = _("You have a new passkey")
        what = _(
            "The passkey {name} now signs in as {address}. If you do not know it, sign in and "
            "remove it.",
            name=name,
            address=to,
        )
    else:
        subject = _("A passkey was removed")
        what = _("The passkey {name} no longer signs in as {address}.", name=name, address=to)
    _tell(to, language, subject, what)


def tell_of_factor(to: str, language: str, *, on: bool) -> None:
    """Tells the person that their app was set up, or switched off."""
    if on:
        _tell(
            to,
            language,
            _("Your second factor is on"),
            _("Signing in with {address} now asks for a code from an app.", address=to),
        )
    else:
        _tell(
            to,
            language,
            _("Your second factor is off"),
            _("Signing in with {address} no longer asks for a code from an app.", address=to),
        )


def _tell(to: str, language: str, subject: Words, what: Words) -> None:
    link = link_to(url_for("signin.forgotten"))
    text = _(
        "{what}\n\nIf it was not you, choose a new password at once:\n\n{link}\n",
        what=what,
        link=link,
    )
    send(Mail(to=to, language=language, subject=subject, text=text, link=link))
