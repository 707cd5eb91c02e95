"""`python -m bench.demonstrating`: the small demonstration, as `./lectern up` loads it."""

from bench.house import enter


def main() -> None:
    enter()
    from django.core.management import call_command

    call_command("demo_load")


if __name__ == "__main__":
    main()
