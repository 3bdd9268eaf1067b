"""What waits to be judged is judged by `work`: ingest, and the alarms behind it, wait for no workbook."""

from __future__ import annotations

from django.db import close_old_connections
from procrastinate.contrib.django import app

from haidang.engine.jobs.schedule import every
from haidang.engine.submissions import intake, judging, renewing
from haidang.engine.submissions.intake import JUDGE
from haidang.engine.submissions.models import Submission


# One at a time and after everything else: a hundred files at once must not keep the watch over silence from its turn.
@app.task(name=JUDGE, lock=JUDGE, priority=-10)
def judge(waiting: int) -> None:
    """A file has come in: judge it. Each has a job of its own, so that one somebody waits for can go first."""
    close_old_connections()
    try:
        for submission in Submission.objects.filter(pk=waiting):
            judging.judge(submission)
    finally:
        close_old_connections()


@every("* * * * *", "submissions.judge_left")
def judge_left() -> None:
    """What a killed worker left behind."""
    while judging.judge_received():
        pass


@every("* * * * *", "submissions.give_to_offices")
def give_to_offices() -> None:
    """What came by a source that was nobody's follows it to its office."""
    intake.give_to_offices()


@every("* * * * *", "submissions.renew")
def renew() -> None:
    """What was published or corrected in the last minute may contradict what nobody has decided yet."""
    renewing.renew_all()
