"""The site of this folder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.channels import Site

if TYPE_CHECKING:
    from app.bootstrap import Plainline


def _blueprint(plainline: Plainline) -> Any:
    from front.routes import blueprint

    return blueprint(plainline)


SITE = Site(name="front", blueprint=_blueprint)
