"""The site of this folder. Flask is imported only when its routes are made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.channels import Site

if TYPE_CHECKING:
    from app.bootstrap import Plainline


def _routes(plainline: Plainline) -> Any:
    from handoff.routes import blueprint

    return blueprint(plainline)


SITE = Site(name="console", blueprint=_routes)
