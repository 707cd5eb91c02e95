"""The pages in a real browser against real processes.

- `site`: an instance of this test process (web, relay, workers, sweeper, beat; a database and a
  Valkey of its own) with the demonstration's people in it. Tests share it, so each makes the
  people and projects that it changes. A test that spoils it for others is marked `goes_last`.
- `person("alice.novak@example.org")`: a Playwright page, signed in, in a context of its own;
  `phone=True`, `dark=True`, `still=False` (animations on). `stranger()`: the same, signed out.
  `regular(…)`: the same in a context that all tests share, for those that only look.
- Every page fails its test on console errors, page errors, violations of the content security
  policy, dialogs, and answers from 400 up. What a test provokes it allows:
  `allow(page, r"422 POST .*/sign/")` from `tests.browser.watching`.
- `check_accessible(page)` from `tests.browser.looking`: axe-core, light and dark.

The ORM of the test process works in the database of `site`. Tests are synchronous; nothing is
rolled back.
"""
