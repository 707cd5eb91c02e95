"""A person at the pages: a signed-in browser without scripts."""

from typing import Any

from django.test import Client

from workforce.models import Account


def visitor(account: Account) -> Client:
    client = Client()
    client.force_login(account)
    return client


def text_of(answer: Any) -> str:
    """The page as text, blanks folded."""
    return " ".join(answer.content.decode().split())
