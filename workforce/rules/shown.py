"""How amounts, spans and names are written for people."""

MINUS = "\N{MINUS SIGN}"
SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "INR": "₹", "CHF": "CHF ", "CAD": "CA$"}
DECIMALS = {
    "JPY": 0,
    "KRW": 0,
    "CLP": 0,
    "VND": 0,
    "KWD": 3,
    "BHD": 3,
    "OMR": 3,
    "JOD": 3,
    "TND": 3,
}
DEFAULT_DECIMALS = 2
TILES = {
    "stem": ("ST", "STEM"),
    "medicine": ("MD", "Medicine"),
    "finance": ("FN", "Finance"),
    "visual": ("VI", "Visual"),
}
TILE_CLASSES = {"stem": "stem", "medicine": "med", "finance": "fin", "visual": "vis"}
HUES = 8


def money(minor: int, currency: str) -> str:
    """Minor units as `$1,842.50`; negative with a true minus; unknown currencies by their code."""
    decimals = DECIMALS.get(currency, DEFAULT_DECIMALS)
    whole, part = divmod(abs(minor), 10**decimals)
    sign = MINUS if minor < 0 else ""
    symbol = SYMBOLS.get(currency, f"{currency} ")
    return f"{sign}{symbol}{whole:,}" + (f".{part:0{decimals}}" if decimals else "")


def duration(seconds: int) -> str:
    """`2 h 37 m`, `48 m`, `35 s`: for prose and tables."""
    seconds = max(0, int(seconds))
    if seconds < 60:
        return f"{seconds} s"
    hours, minutes = divmod(seconds // 60, 60)
    if hours == 0:
        return f"{minutes} m"
    return f"{hours} h {minutes:02} m"


def clock(seconds: int) -> str:
    """`12:41`, or `1:05:09` from an hour on: for a running clock."""
    minutes, rest = divmod(max(0, int(seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes:02}:{rest:02}"


def initials(name: str) -> str:
    """The first letters of the first and the last word."""
    words = [word for word in name.replace("’", "").split() if word[0].isalnum()]
    letters = [words[0][0], words[-1][0]] if len(words) > 1 else [w[:2] for w in words]
    return "".join(letters).upper()[:2]


def hue(name: str) -> int:
    """A colour number of an avatar: the same for the same name, on every machine."""
    return sum(name.encode()) % HUES


def tile(domain: str) -> tuple[str, str, str]:
    """Letters, name and class of a domain's tile; a domain of the smaller ones gets its letters."""
    top = domain.partition(".")[0]
    letters, name = TILES.get(top, (top[:2].upper(), top.replace("-", " ").capitalize()))
    return letters, name, TILE_CLASSES.get(top, "other")
