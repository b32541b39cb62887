"""The same load as overview_job.py, which claims its files and says what it has loaded."""

import os

from pyspark.sql import SparkSession

import processtracker as pt

spark = SparkSession.builder.master("local").appName("Lahman Teams Load").getOrCreate()
core = os.path.expanduser("~/baseballdatabank-master_2018-03-28/baseballdatabank-master/core")

with pt.connect() as tracker:
    with tracker.run("Lahman Teams Extract", type="Extract", tool="Spark") as run:
        run.list_location(core)

    with tracker.run("Lahman Teams Load", type="Load", tool="Spark", sources=["Lahman"], lease=10) as run:
        spark.sparkContext.setJobGroup(f"processtracker run {run.id}", f"run {run.number} of {run.process}")
        total = 0
        for f in run.claim(10, process="Lahman Teams Extract", glob="*.csv"):
            data_set = spark.read.csv(f.path, header=True)
            data_set.write.mode("overwrite").json("teams")
            n = data_set.count()
            input()  # whatever else a load does
            run.check()
            run.loaded(f, count=n)
            total += n
        run.counts(inserts=total)
