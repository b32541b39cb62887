"""A DAG of Airflow 3 whose tasks are runs: what was done is skipped, what was killed starts again, and nothing runs twice.

PROCESSTRACKER_DSN, or PROCESSTRACKER_URL and PROCESSTRACKER_TOKEN, name the tracker in the workers' environment.
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from airflow.sdk import dag, task
from airflow.sdk.exceptions import AirflowSkipException

import processtracker as pt


@dag(
    schedule="@daily",
    start_date=datetime(2026, 11, 1, tzinfo=timezone.utc),
    catchup=False,
    default_args={"retries": 3, "retry_delay": timedelta(minutes=5)},
)
def teams():
    @task
    def extract(ds: str) -> None:
        try:
            # Tasks connect when they run: nothing happens while Airflow reads this file.
            with pt.connect() as tracker, tracker.run("Teams Extract", type="Extract", tool="Airflow", name=ds) as run:
                run.written(run.register(f"Teams-{ds}.csv", "/data/in"), count=30)
        except pt.AlreadyDone as e:
            raise AirflowSkipException(str(e)) from e

    @task
    def load(ds: str) -> None:
        try:
            with pt.connect() as tracker, tracker.run("Teams Load", type="Load", tool="Airflow", name=ds) as run:
                for f in run.claim(10, process="Teams Extract", glob="*.csv"):
                    run.check()
                    run.loaded(f, count=30)  # after it has loaded f.path
        except pt.AlreadyDone as e:
            raise AirflowSkipException(str(e)) from e

    extract() >> load()


teams()
