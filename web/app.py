"""The Flask application of one deployment."""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import structlog
from flask import Flask, Response, abort, redirect, request, url_for
from secure import (
    CrossOriginOpenerPolicy,
    CrossOriginResourcePolicy,
    PermissionsPolicy,
    ReferrerPolicy,
    Secure,
    StrictTransportSecurity,
    XContentTypeOptions,
    XFrameOptions,
)
from werkzeug.middleware.proxy_fix import ProxyFix

from crm_core.refusals import NotFound
from web.assets import A_YEAR, STATIC, set_up_assets
from web.catalogues import set_up_catalogues, translated
from web.coming_in import keep_failures
from web.destinations import inside
from web.errors import set_up_errors
from web.joining import joining
from web.languages import language, with_language_told
from web.links import set_up_links
from web.pages import SHELL_ROUTES
from web.parts import uploading
from web.places import places_of
from web.portal.doors import portal_doors, to_choose
from web.routing import add_routes
from web.settings import secret_key
from web.signin.pages.by_passkey import site
from web.signin.pages.me import own_pages
from web.signin.pages.outside import signing_in
from web.signin.security import set_up_signing_in, signed_in, without_forgery_check
from web.templating import (
    THEME_COOKIE,
    THEMES,
    set_up_templates,
    texts_in,
)
from web.unsubscribing import unsubscribing
from web.uploads import allow_files
from web.verifying import verifying
from web.words import _

if TYPE_CHECKING:
    from typing import Any

    from werkzeug.wrappers import Response as AnyResponse

    from crm_core.catalog import Catalog
    from web.bootstrap import Deployment

LARGEST_REQUEST = 2 * 1024 * 1024
"""Bytes of a request without files."""

LOOPBACK = ("127.0.0.1", "localhost", "::1")

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)


_headers = Secure(
    coop=CrossOriginOpenerPolicy().same_origin(),
    corp=CrossOriginResourcePolicy().same_origin(),
    hsts=StrictTransportSecurity().max_age(A_YEAR),
    permissions=PermissionsPolicy().geolocation().microphone().camera(),
    referrer=ReferrerPolicy().same_origin(),
    xcto=XContentTypeOptions().nosniff(),
    xfo=XFrameOptions().deny(),
)


def create_app(deployment: Deployment) -> Flask:
    """The application that serves this deployment; any number of them may serve the same one."""
    app = Flask(__name__, static_folder=None)
    app.config.update(
        SECRET_KEY=secret_key(deployment.settings.folder),
        CRM_FOLDER=deployment.settings.folder,
        CRM_BASE_URL=deployment.settings.base_url,
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        MAX_FORM_MEMORY_SIZE=LARGEST_REQUEST,
    )
    set_up_catalogues(app, deployment.catalog)
    set_up_templates(app, deployment.catalog)
    set_up_links(app)
    allow_files(app)
    set_up_signing_in(app, deployment.store)
    keep_failures(app)
    set_up_errors(app)
    _add_doors(app, deployment)
    app.register_blueprint(joining(deployment))
    app.register_blueprint(without_forgery_check(app, unsubscribing(deployment)))
    app.register_blueprint(verifying(deployment))
    app.register_blueprint(signing_in(deployment))
    app.register_blueprint(own_pages(deployment))
    app.register_blueprint(portal_doors(deployment))
    app.register_blueprint(uploading(deployment))
    add_routes(app, deployment, SHELL_ROUTES)
    _serve_static_files(app, deployment.catalog)
    _believe_proxies(app, deployment.settings.trusted_proxies)
    app.before_request(_refuse_unstorable_addresses)
    app.before_request(_refuse_nul)
    app.after_request(_with_headers)
    app.after_request(with_language_told)
    return app


def set_up_logging() -> None:
    """One line for each event on standard error, with the time in UTC."""
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.LogfmtRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
    )


def _add_doors(app: Flask, deployment: Deployment) -> None:
    """The pages that belong to no firm."""

    @app.get("/")
    def start() -> AnyResponse:
        person = signed_in()
        if person is None:
            return redirect(url_for("security.login"))
        return to_choose(places_of(deployment, person.person_id))

    @app.get("/f/<firm>/")
    def firm_start(firm: str) -> AnyResponse:
        return redirect(url_for("shell.home", firm=firm))

    @app.get("/health")
    def health() -> Response:
        with deployment.store.deployment_transaction(write=False):
            deployment.store.database.execute_sql("SELECT 1")
        return Response("ok\n", content_type="text/plain")

    @app.post("/theme")
    def theme() -> AnyResponse:
        chosen = request.form.get("theme", "")
        response = redirect(inside(request.form.get("back", "")), 303)
        if chosen in THEMES:
            response.set_cookie(THEME_COOKIE, chosen, max_age=A_YEAR, samesite="Lax", httponly=True)
        else:
            response.delete_cookie(THEME_COOKIE)
        return response

    @app.context_processor
    def for_the_sign_in_page() -> dict[str, Any]:
        """What the sign-in library's own render of our template lacks."""
        if request.endpoint != "security.login":
            return {}
        return {
            **texts_in(language()),
            "title": translated(_("Sign in"), language()),
            "passkeys": site() is not None,
            "unsafe_address": not request.is_secure and not _loopback(),
        }


def _refuse_nul() -> None:
    """Nothing is found under an address with a NUL in it: PostgreSQL has no such texts."""
    if "\0" in request.path or any("\0" in text for text in request.args.values()):
        raise NotFound


def _loopback() -> bool:
    """Whether the browser asked this machine itself: it trusts that without encryption."""
    return urlsplit(f"//{request.host}").hostname in LOOPBACK


def _refuse_unstorable_addresses() -> None:
    """No row has a NUL in it, and PostgreSQL does not even take one as a question."""
    if "\x00" in request.path or any("\x00" in value for value in request.args.values()):
        abort(404)


def _believe_proxies(app: Flask, count: int) -> None:
    """Takes the client's address and scheme from the operator's own proxies, if there are any."""
    if count:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=count, x_proto=count, x_host=0, x_port=0, x_prefix=0
        )


def _serve_static_files(app: Flask, catalog: Catalog) -> None:
    from whitenoise import WhiteNoise

    served = WhiteNoise(
        app.wsgi_app,
        root=str(STATIC),
        prefix="static/",
        max_age=A_YEAR,
        allow_all_origins=False,
        add_headers_function=_with_headers_of_files,
    )
    for plugin, folder in set_up_assets(app, catalog).items():
        served.add_files(str(folder), prefix=f"static/{plugin}/")
    app.wsgi_app = served  # type: ignore[method-assign]


def _with_headers_of_files(headers: Any, _path: str, _url: str) -> None:
    for name, value in _headers.headers.items():
        headers[name] = value


def _with_headers(response: Response) -> Response:
    headers = response.headers
    for name, value in _headers.headers.items():
        headers.setdefault(name, value)
    headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
    # The sign-in library writes `no-store=True`, which is no directive.
    if "no-store" in headers.get("Cache-Control", "no-store"):
        headers["Cache-Control"] = "no-store"
    return response
