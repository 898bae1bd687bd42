"""Accounts for the console."""

from __future__ import annotations

import argparse

from app import bootstrap
from app.loading import load
from app.settings import Settings, here
from app.terminal import shown
from core.catalog import Catalog
from core.errors import Misconfigured
from core.staff import Staff

HELP = "Add and list the people who answer at the console, and give them new passwords."


def arguments(parser: argparse.ArgumentParser) -> None:
    """What to do."""
    each = parser.add_subparsers(required=True, metavar="action", dest="action")
    add = each.add_parser("add", help="add an account; its password is shown once")
    add.add_argument("login", help="the name to sign in with: small letters, digits, dots and hyphens")
    add.add_argument("--name", default="", help="the name colleagues see (default: the login)")
    add.add_argument("--department", default="", help="its requests only (default: all)")
    add.add_argument("--phone", default="", help='the telephone that rings for "call now", as in +14155550111')
    add.add_argument("--lang", default="", help="the language of the console (default: the town's first)")
    each.add_parser("list", help="show the accounts")
    for action, told in (
        ("reset", "a new password, shown once; every session ends"),
        ("off", "keep someone out, and end their sessions"),
        ("on", "let them in again"),
    ):
        each.add_parser(action, help=told).add_argument("login")


def run(args: argparse.Namespace) -> int:
    """Do it."""
    settings = here()
    bootstrap.upgrade(settings.database_url)
    accounts = bootstrap.accounts(settings.database_url)
    match args.action:
        case "add":
            password = accounts.add(_person(args, settings))
            print(f"{args.login} can sign in at {settings.public_url}/console with the password\n\n  {password}\n")
            print("It is shown only now. Change it after signing in.")
        case "list":
            for person in accounts.store.all():
                state = "on" if person.active else "off"
                print(shown(f"{person.login:24} {state:4} {person.department or 'all departments':20} {person.name}"))
        case "reset":
            print(f"The new password of {args.login}, shown only now:\n\n  {accounts.reset(args.login)}\n")
        case action:
            accounts.set_active(args.login, action == "on")
            print(f"{args.login} is {action}.")
    return 0


def _person(args: argparse.Namespace, settings: Settings) -> Staff:
    catalog = load(settings.catalogue)
    mistakes = list(_mistakes(args, catalog))
    if mistakes:
        raise Misconfigured(mistakes)
    return Staff(
        id=0,
        login=args.login,
        name=args.name or args.login,
        department=args.department,
        phone=args.phone,
        language=args.lang or catalog.town.languages[0],
    )


def _mistakes(args: argparse.Namespace, catalog: Catalog) -> list[str]:
    found = []
    if args.department and args.department not in catalog.departments:
        found.append(f"--department {args.department}: none. There are {', '.join(catalog.departments)}.")
    if args.phone and not (args.phone.startswith("+") and args.phone[1:].isdigit()):
        found.append(f"--phone {args.phone}: no number in full. Write it like +14155550111.")
    if args.lang and args.lang not in catalog.town.languages:
        found.append(f"--lang {args.lang}: none. There are {', '.join(catalog.town.languages)}.")
    return found
