"""Every limit of this floor that is not a clock: sizes, counts, bounds of a pass."""

OVERLAP_MAX = 20
COMPLEXITIES = (1, 2, 3)
EXTERNAL_ID_CHARS_MAX = 200
REASON_CHARS_MAX = 1_000
GUIDE_CHARS_MAX = 200_000
NAME_CHARS_MAX = 200
ROW_ERRORS_KEPT_MAX = 10_000

CANDIDATE_POOLS_MAX = 400
"""Pools looked at for one pull: those with the best waiting task first."""

PROBED_POOLS_MAX = 16
"""Pools handed to the claim statement: eligible ones, best first."""

CLAIM_TRIES_MAX = 3
"""A pool whose heads are all being taken by others is left out of the next try."""

OWN_OFFERS_TRIED_MAX = 8
"""A tutor's live offers that her claim tries before it looks at the queue."""

ROUND_POOLS_MAX = 1_000
"""Pools that one routing round of a queue looks at: those with the oldest waiting slot first."""

ROUND_PEOPLE_MAX = 100_000
"""People that one round considers, in an order that changes from round to round."""

WRAP_UP_CLAIMS_MAX = 20
"""Answers of one person, newest first, among which a round looks for one handed in just now."""

ROUND_SLOTS_MAX = 20_000
"""Waiting slots that one round reads, shared out among the pools."""

ROUND_POOL_SLOTS_MIN = 100
ROUND_OFFERS_MAX = 10_000
"""Offers that one round makes."""

ROUND_LEFT_OUT_PEOPLE_MAX = 200
ROUND_LEFT_OUT_POOLS_MAX = 5
ROUND_LEFT_OUT_SLOTS_MAX = 50
"""People whose past hides the slots that a round has read: for so many of them it reads on, in so
many pools of each, so many slots."""

PASSED_OVER_ROUNDS_MAX = 1
"""In so many rounds one after the other, at most, somebody qualified, free and taking work gets no
offer while work that she may be offered waits. A round reads slots for every free hand, and reads
on for people whose past hides those; the one round is for who found all of them given to others,
and comes first in the next. A worker that does not know its people yet meets `kinds.READ_MAX` of
them in each round."""

ROUND_AFFINITY_PEOPLE_MAX = 5_000
"""In a round of more people, nobody's last projects are looked up."""

ROUTE_AGAIN_SECONDS = 10
"""A queue in which slots still wait after a round is routed again after this long."""

ROUTE_NOBODY_SECONDS = 60
"""The same, where nobody at all was taking work."""

FIRST_OFFER_MINUTES = 2
"""Promised: whoever starts taking work has a first offer by then, while work that she may be
offered waits."""

ROUNDS_KEPT_DAYS = 90
"""Rounds are kept so long: a quarter's matches can be set beside what the round looked at."""

AFFINITY_CLAIMS_MAX = 50
"""A tutor's last claims among which work of the same project is looked for."""

SHARE_CLAIMS_MAX = 1_000
"""A tutor's last claims among which her share of a project is counted."""

SHARE_PROJECT_CLAIMS_MAX = 20_000
"""A project's last claims among which a round counts everybody's share."""

HELD_HEADS_MAX = 50
"""The most urgent slots of a pool among which one is looked for that is not kept for specialists
any more; beyond them the oldest slot counts."""

POLICY_VERSIONS_MAX = 50
"""Versions of a routing policy that one page or answer lists, newest first."""

PREVIEW_SLOTS_MAX = 20
PREVIEW_POOLS_MAX = 50
PREVIEW_PEOPLE_MAX = 100
"""Waiting tasks, their pools and people taking work that an unsaved policy is tried on."""

WATCH_AGAIN_MINUTES = 10
"""What waits this long is looked at: could anybody take it? And again after as long."""

WATCH_POOLS_MAX = 20
WATCH_AT_ONCE = 500
WATCH_PEOPLE_MAX = 5_000
"""Pools of one pass, people read at a time, and people judged for one pool at most."""

REHEARSAL_DAYS_MAX = 14
REHEARSAL_MINUTES_MIN = 60
"""How long a period a policy may be tried on."""

REHEARSAL_SLOTS_MAX = 20_000
REHEARSAL_POOL_SLOTS_MAX = 1_000
REHEARSAL_PEOPLE_MAX = 1_000
REHEARSAL_POOLS_MAX = 200
"""Slots in all, those of a pool that still wait, people and pools of one rehearsal."""

REHEARSAL_ENTRIES_MAX = 1_000
"""Stretches of work for other queues, of one person: the newest of a period."""

REHEARSAL_RUNS = 3
"""Times a period is played: what people say to an offer is chance."""

REHEARSALS_OPEN_MAX = 3
"""Rehearsals that one person may have waiting or running at a time."""

REHEARSE_AGAIN_SECONDS = 3
"""While one is played another one asks for its turn after this long."""

REHEARSALS_KEPT_DAYS = 90
"""Answers of rehearsals and quotes are kept so long after they came."""

REHEARSALS_LISTED_MAX = 20
HABIT_OFFERS_MAX = 200
HABIT_CLAIMS_MAX = 50
"""Somebody's last offers and claims by which her habits are told."""

RELAX_POOLS_MAX = 50
SWEEP_ROWS_MAX = 500
"""Leases, offers or slots that one pass of the sweeper moves."""

FOLD_ROWS_MAX = 20_000
"""Counter changes that one pass folds into the kept figures."""

BULK_APPROVE_MAX = 500
"""Time entries approved in one call."""

LIKE_MAX = 19
"""More tasks like an offered one that are taken with it at once."""

ALERTS_PER_TUTOR_MAX = 20
ALERT_DAYS = 30
"""Queues that one tutor may ask to be told about, and how long each is waited for."""

ALERT_AGAIN_MINUTES = 10
"""A queue that is closed to her is looked at again after so long, or when her facts change."""

ALERTS_A_PASS_MAX = 200
ALERT_HEADS_MAX = 50
"""Alerts that one pass looks at, and waiting slots among which one is looked for that is new to
her."""

CAPACITY_DEFAULT = 1
DRAFT_BYTES_MAX = 1_000_000
QUEUE_POOLS_MAX = 200
"""Pools shown in one answer of `GET /work/queue/`."""

CHECK_ROWS_MAX = 100
"""Offending rows that one invariant check lists."""

LIVE_COUNT_MAX = 1_000
"""Things that the live page counts one by one; beyond that it says “1,000 or more”."""

LIVE_PEOPLE_MAX = 12
LIVE_DECISIONS_MAX = 5

CLIENTS_LISTED_MAX = 500
SETS_LISTED_MAX = 500
"""Clients, and requirement sets kept by name, to choose from in a form."""

QUOTE_PEOPLE_MAX = 2_000
"""People taking work lately whom a quote counts on: those who were there the longest."""

QUOTE_TASKS_MAX = 1_000_000
QUOTE_PROJECTS_MAX = 20
QUOTE_CLAIMS_MAX = 200
"""Like projects, and the last claims of each, that a quote's handle times rest on."""

QUOTE_EASINGS_MAX = 12
"""Rules made easier that a quote prices: those that bring most people."""
