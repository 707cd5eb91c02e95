"""What scripts say, in the language of the page: the catalog `djangojs`, for the frame.

`workforce/words.js` reads it. Texts are named by their English, so English needs no catalog.
"""

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation.trans_real import DjangoTranslation
from django.views.i18n import JavaScriptCatalog

PLURALS_TOLD = 200
"""How a number is said repeats by its last two digits: scripts take 100 to 199 for more."""


def script_words() -> dict[str, Any]:
    """`texts` by their English (a list where a number counts), and which of a list a number has."""
    return _words(get_language() or settings.LANGUAGE_CODE, tuple(map(str, settings.LOCALE_PATHS)))


@lru_cache
def _words(language: str, folders: tuple[str, ...]) -> dict[str, Any]:
    catalog = JavaScriptCatalog()
    found = DjangoTranslation(language, domain="djangojs", localedirs=list(folders))
    catalog.translation = found
    texts = {text: said for text, said in catalog.get_catalog().items() if said}
    if not texts:
        return {}
    return {"texts": texts, "plurals": [found.plural(n) for n in range(PLURALS_TOLD)]}
