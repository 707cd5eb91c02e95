"""Transactions of hot verbs: no savepoint where nobody would go back to it.

A savepoint costs two trips to the database. A request that ends with its first refusal has no use
for one; a page that shows a form again after a refusal has.
"""

import contextlib
import functools
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from typing import ParamSpec, TypeVar

from django.db import transaction

Asked = ParamSpec("Asked")
Given = TypeVar("Given")

_ends_with_a_refusal: ContextVar[bool] = ContextVar("ends_with_a_refusal", default=False)


@contextlib.contextmanager
def whole_request() -> Iterator[None]:
    """One transaction for a request: the first refusal that leaves a verb in it undoes it all.

    Whoever catches such a refusal inside and asks the database again gets Django's
    `TransactionManagementError`.
    """
    with transaction.atomic(), _set(ends=True):
        yield


def verb(act: Callable[Asked, Given]) -> Callable[Asked, Given]:
    """As `transaction.atomic`: one transaction, or a savepoint within another.

    Within `whole_request` the verb joins the request's transaction. Verbs that it calls itself
    have their savepoints: it may catch what they refuse.
    """

    @functools.wraps(act)
    def run(*args: Asked.args, **kwargs: Asked.kwargs) -> Given:
        joins = _ends_with_a_refusal.get()
        with transaction.atomic(savepoint=not joins), _set(ends=False):
            return act(*args, **kwargs)

    return run


@contextlib.contextmanager
def _set(*, ends: bool) -> Iterator[None]:
    before = _ends_with_a_refusal.set(ends)
    try:
        yield
    finally:
        _ends_with_a_refusal.reset(before)
