"""`python -m tests.roles.schema_check`: schemathesis over the whole schema, on a real instance.

An operation is asked by two of the roles that may use it, the first and the last of `ROLES`; that
everybody else gets 403 is the role matrix's own test. The first asks it in every declared shape
(wrong ones that are alike, in turn: `schema_turns.py`); the second, for whom the same shapes are
read by the same code, asks at random. The budget is fixed (examples for each operation, one seed),
so two runs ask for the same things. Some roles ask side by side: asking takes as long as answering.
What failed is printed last, and the run with it.
"""

import functools
import json
import subprocess
import sys
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from config.launch.commands import MANAGE, CannotRun, own_instance
from config.launch.engines import EngineFailed
from config.launch.places import ROOT, CannotPlaceState, state_folder
from tests.roles.matrix import MATRIX
from workforce.rules.roles import Role

ROLES = {
    "recruiter": Role.RECRUITER,
    "manager_1": Role.MANAGER,
    "finance_1": Role.FINANCE,
    "client_a": Role.CLIENT,
    "reviewer_1": Role.REVIEWER,
    "tutor_1": Role.TUTOR,
}
"""The seed's account of each role."""

REST = "manager_1"
"""Asks what nobody here may use, so that no operation goes unasked."""

AT_ONCE = 2
EXAMPLES_EACH = 5
SEED = 20_261_120
REQUEST_SECONDS = 30
"""Beside browsers and a demonstration under faults, on two processors, an answer takes long."""
SCHEMA_SECONDS = 120
"""The first reading of the schema loads every page and serializer of a process just started."""
REVOKE = "tokens_revoke"
"""Comes last: schemathesis finds its own token in the list, and everything after it is 401."""

EVERY_SHAPE = "examples,coverage,fuzzing"
AT_RANDOM = "examples,fuzzing"
HOOKS = {"SCHEMATHESIS_HOOKS": "tests.roles.schema_turns"}

CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
)


def main() -> int:
    """0 when no role saw a server error or an answer that the schema does not declare."""
    state = state_folder() / "schema-check"
    with own_instance(state, env={"LECTERN_NO_THROTTLE": "1"}) as (env, address):
        accounts = seed(env)["accounts"]
        tokens = {role: accounts[role]["token"] for role in ROLES}
        described = schema(address, token=tokens[REST], into=state / "schema.json")
        ask = functools.partial(run, described, address, env=env)
        with ThreadPoolExecutor(max_workers=AT_ONCE) as threads:
            turns = [
                threads.submit(ask, role=role, token=tokens[role], phases=phases, only=only)
                for (role, phases), only in longest_first(operations())
            ]
            runs = [turn.result() for turn in turns]
        last, token = tokens.popitem()
        runs.append(ask(role=last, token=token, phases=EVERY_SHAPE, only=[REVOKE]))
    failed = [said for code, said in runs if code != 0]
    print("".join(failed), flush=True)
    return int(bool(failed))


def schema(address: str, *, token: str, into: Path) -> Path:
    """The schema as the instance gives it, read once: each run would wait 10 s for it, no more.

    As JSON, which is read ten times in half the time of YAML.
    """
    request = urllib.request.Request(
        f"{address}/api/v1/schema/",
        headers={"Authorization": f"Bearer {token}", "Accept": "application/vnd.oai.openapi+json"},
    )
    with urllib.request.urlopen(request, timeout=SCHEMA_SECONDS) as answer:
        into.write_bytes(answer.read())
    return into


def operations() -> dict[tuple[str, str], list[str]]:
    """What each role asks, by operation and how; together everything but what comes last."""
    asked: dict[tuple[str, str], list[str]] = {}
    for key, (roles, _status) in MATRIX.items():
        able = [name for name, role in ROLES.items() if role in roles] or [REST]
        if key == REVOKE:
            continue
        asked.setdefault((able[0], EVERY_SHAPE), []).append(key)
        if len(able) > 1:
            asked.setdefault((able[-1], AT_RANDOM), []).append(key)
    return asked


def longest_first(
    asked: dict[tuple[str, str], list[str]],
) -> list[tuple[tuple[str, str], list[str]]]:
    """Every shape takes longer than chance; else the last would be asked alone for minutes."""
    return sorted(asked.items(), key=lambda each: (each[0][1] != EVERY_SHAPE, -len(each[1])))


def seed(env: dict[str, str]) -> dict[str, Any]:
    """Accounts, projects and tutors to ask about; what the seed says of them."""
    command = [sys.executable, MANAGE, "seed", "--scenario", "check", "--json"]
    answer = subprocess.run(command, env=env, stdout=subprocess.PIPE, text=True, check=False)
    if answer.returncode != 0:
        raise CannotRun(f"manage.py seed ended with code {answer.returncode}")
    said: dict[str, Any] = json.loads(answer.stdout.strip().splitlines()[-1])
    return said


def run(
    described: Path,
    address: str,
    *,
    role: str,
    token: str,
    env: dict[str, str],
    phases: str,
    only: list[str],
) -> tuple[int, str]:
    """The code the run ended with, and what it said; one that passed is printed at once."""
    command = [
        *(str(Path(sys.executable).parent / "schemathesis"), "run", str(described)),
        *("--url", address, "--checks", ",".join(CHECKS), "--phases", phases),
        *("--max-examples", str(EXAMPLES_EACH), "--seed", str(SEED), "--no-shrink"),
        *("--request-timeout", str(REQUEST_SECONDS), "--continue-on-failure"),
        *("--warnings", "off", "--header", f"Authorization: Bearer {token}"),
        *(part for key in only for part in ("--include-operation-id", key)),
    ]
    done = subprocess.run(
        command,
        env=env | HOOKS,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    said = f"\nschemathesis as {role}, {len(only)} operations, {phases}\n{done.stdout}"
    if done.returncode == 0:
        print(said, flush=True)
    return done.returncode, said


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (CannotRun, CannotPlaceState, EngineFailed) as error:
        sys.exit(f"schema: {error}")
