"""Who is told what when something happens: the notices that follow events.

Each module maps kinds of events to functions that give the notices. `tell` runs in a job
(`config.make_notices`), and a notice is put on a desk once for each event, however often it runs.
"""

from datetime import datetime

from config.noticing import house, papers, pay, work
from config.noticing.telling import Teller
from workforce.operations.noticing import notify
from workforce.queries.events import event_of

TELLERS: dict[str, Teller] = {**papers.TELLERS, **work.TELLERS, **pay.TELLERS, **house.TELLERS}


def tell(*, event_id: int, at: datetime) -> int:
    """Make the notices of one event; how many were new."""
    event = event_of(event_id=event_id)
    teller = TELLERS.get(event.kind)
    if teller is None:
        return 0
    return notify(tellings=list(teller(event)), at=at)
