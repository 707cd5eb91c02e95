"""Languages by tag, and how well: the CEFR levels, with native above them."""

import re
from enum import StrEnum


class Level(StrEnum):
    A1 = "A1"  # beginner
    A2 = "A2"  # everyday phrases
    B1 = "B1"  # gets by
    B2 = "B2"  # works in it
    C1 = "C1"  # fluent
    C2 = "C2"  # mastery
    NATIVE = "native"  # grew up with it


RANK = {level: rank for rank, level in enumerate(Level)}

_CODES = """
aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de
dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia
id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo
lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl
ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk
tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu
arz ary apc ast ceb ckb cmn fil gsw haw hsb ilo kab lad mai nan sco scn sdh tzm war wuu yue
"""

CODES = frozenset(_CODES.split())
"""ISO 639-1, and the ISO 639-3 codes that people have asked for."""

_REST = re.compile(r"(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?", re.ASCII)


def is_tag(tag: str) -> bool:
    """A language (`en`), with script or region where it matters (`zh-Hant`, `pt-BR`)."""
    code = tag.partition("-")[0]
    return code in CODES and _REST.fullmatch(tag[len(code) :]) is not None


def speaks(*, wanted: str, tag: str) -> bool:
    """Whether the spoken tag answers the wanted one: `pt-BR` answers `pt`, not the reverse."""
    return tag == wanted or tag.startswith(f"{wanted}-")
