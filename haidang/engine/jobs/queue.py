"""The queue asks before it puts a periodic job where one of its name still waits.

Procrastinate relies on the unique index of `queueing_lock`: it inserts, and takes the violation for the answer. The
server writes each of them into its log as an error, one a second when the workers are behind, and a real error drowns.
The index stays what decides between two workers that ask at the same moment.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.manager import JobManager

if TYPE_CHECKING:
    from procrastinate import App
    from procrastinate.jobs import Job

_WAITS = (
    "SELECT EXISTS (SELECT FROM procrastinate_jobs"
    " WHERE queueing_lock = %(queueing_lock)s AND status = 'todo') AS waits"
)


class AskingFirst(JobManager):
    """Procrastinate's own manager, with a question before each periodic job."""

    async def defer_periodic_job(self, job: Job, periodic_id: str, defer_timestamp: int) -> int | None:
        """The id of the new job, or None when it was deferred before. Raises AlreadyEnqueued where one waits."""
        if job.queueing_lock is not None:
            found = await self.connector.execute_query_one_async(_WAITS, queueing_lock=job.queueing_lock)
            if found["waits"]:
                raise AlreadyEnqueued(f"a job with the queueing lock {job.queueing_lock} waits already")
        return await super().defer_periodic_job(job, periodic_id, defer_timestamp)


def ask_first(app: App) -> None:
    """Called by procrastinate once its app stands (PROCRASTINATE_ON_APP_READY)."""
    app.job_manager = AskingFirst(app.connector)
