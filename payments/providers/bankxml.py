"""Reading a bank's XML without trusting it: no DTD, no entities, no network, a size limit."""

import re

from lxml import etree

BANK_FILE_BYTES_MAX = 20_000_000
_MESSAGE = re.compile(
    r"\{urn:iso:std:iso:20022:tech:xsd:([a-z]{4}\.[0-9]{3}\.[0-9]{3}\.[0-9]{2})\}Document"
)


class CannotReadBankFile(ValueError):
    """Not XML, not a message we know, or its figures contradict one another."""


def document(content: bytes) -> tuple[str, etree._Element]:
    """The message's name, such as `camt.053.001.08`, and its body. `CannotReadBankFile` else."""
    if len(content) > BANK_FILE_BYTES_MAX:
        raise CannotReadBankFile(f"The file is larger than {BANK_FILE_BYTES_MAX} bytes.")
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as problem:
        raise CannotReadBankFile(f"The file is not well-formed XML: {problem}") from None
    if getattr(root.getroottree().docinfo, "doctype", ""):
        raise CannotReadBankFile("The file declares a document type; bank messages never do.")
    match = _MESSAGE.fullmatch(str(root.tag))
    if match is None or not len(root):
        raise CannotReadBankFile("The file is not an ISO 20022 message.")
    return match[1], root[0]


def child(parent: etree._Element, path: str) -> etree._Element | None:
    """The first element at `A/B/C`, whatever the namespace's version."""
    return parent.find("/".join(f"{{*}}{step}" for step in path.split("/")))


def children(parent: etree._Element, path: str) -> list[etree._Element]:
    return parent.findall("/".join(f"{{*}}{step}" for step in path.split("/")))


def text(parent: etree._Element, path: str) -> str:
    """The text at the path, without blanks around it; empty when there is none."""
    found = child(parent, path)
    return (found.text or "").strip() if found is not None else ""


def required(parent: etree._Element, path: str) -> str:
    value = text(parent, path)
    if not value:
        raise CannotReadBankFile(f"The file lacks {path}.")
    return value
