"""The texts that Lectern starts with. A changed text is a new version, never an edit."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Text:
    kind: str
    version: int
    title: str
    text: str


TEXTS = (
    Text(
        "contract",
        1,
        "Tutor agreement",
        """# Tutor agreement

You do expert work for clients of Lectern, when you choose to, as an independent specialist.

1. **Pay follows time.** Every second that you work in a claim is paid at the rate shown when you
   took it, or a higher one. A rejected answer is paid like an accepted one.
2. **The rate** is the one in the schedule below. A lower rate needs your signature and notice.
3. **The weekly cap** stops new claims. Time in a claim that you hold already is paid.
4. **Notice** is given as the schedule says. You may leave at once.
5. **Payment** is made after each pay period, within the days that the schedule says.
6. **Decisions about you** are made by a person, with reasons, and you may appeal.
""",
    ),
    Text(
        "nda",
        1,
        "Client confidentiality",
        """# Confidentiality

What you see of a client's tasks stays between you, Lectern and that client: during the work and
for two years after it. You keep no copies. You may say that you work with Lectern; you may not
name the client.
""",
    ),
    Text(
        "nda",
        2,
        "Client confidentiality",
        """# Confidentiality

What you see of a client's tasks stays between you, Lectern and that client: during the work and
for three years after it. You keep no copies, and you put none of it into a tool that is not
Lectern's. You may say that you work with Lectern; you may not name the client.
""",
    ),
    Text(
        "ip",
        1,
        "Rights in the work",
        """# Rights in the work

The answers that you hand in belong to the client once they are handed in. What you knew before
and what you learn stays yours.
""",
    ),
    Text(
        "conduct",
        1,
        "Conduct",
        """# Conduct

You do the work yourself. You say so when a task is outside your field: that is paid too. You
treat tutors, reviewers and clients as you would colleagues.
""",
    ),
    Text(
        "data",
        1,
        "Your data",
        """# Your data

Lectern keeps what your contract and your pay need and shows you who looked at it. There are no
screenshots, no keystroke logs and no location trails. You may take out all your data at any time.
""",
    ),
    Text(
        "consent",
        1,
        "Signing electronically",
        "By typing your name you sign this document. A copy of the exact text stays with you.\n",
    ),
)
