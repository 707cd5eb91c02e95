"""`python -m bench.opening [N]`: a clone of a world made ready for visitors; prints what they need.

Everybody is present again, however old the template is; all of them, or the first N, have a fresh
token.
"""

import json
import sys
from datetime import timedelta

from bench.house import enter


def main() -> None:
    enter()
    from tasks.models import Project
    from tasks.types import task_type
    from tutors.models import Tutor
    from workforce.doors import now
    from workforce.operations.issuing import issue

    at = now()
    Tutor.objects.update(presence_until=at + timedelta(hours=12))
    most = int(sys.argv[1]) if len(sys.argv) > 1 else None
    tokens = [
        issue(account=tutor.account, name="bench", at=at).secret
        for tutor in Tutor.objects.select_related("account").order_by("id")[:most]
    ]
    kinds = Project.objects.values_list("task_type", flat=True).distinct().order_by()
    answers = {kind: task_type(kind).sample_answer for kind in kinds}
    print(json.dumps({"tokens": tokens, "answers": answers}))


if __name__ == "__main__":
    main()
