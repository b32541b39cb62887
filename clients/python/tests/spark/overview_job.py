from pyspark.sql import SparkSession

from processtracker import ExtractTracker, ProcessTracker

spark = SparkSession.builder.master("local")\
                            .appName("Lahman Teams Load")\
                            .config("spark.executor.memory", "6gb")\
                            .enableHiveSupport()\
                            .getOrCreate()

process_run = ProcessTracker(process_name='Lahman Teams Load'
                                     , process_type='Stage Load'
                                     , actor_name='New ProcessTracker User'
                                     , tool_name='Spark'
                                     , source_name='Lahman Baseball Dataset')

extract = ExtractTracker(process_run=process_run
                              , filename='Teams.csv'
                              , location_name='Lahman Baseball Databank 2018'
                              , location_path='~/baseballdatabank-master_2018-03-28/baseballdatabank-master/core/')

extract.change_extract_status('loading')

data_set = spark.read.format("csv").option("header", "true") \
                     .load("~/baseballdatabank-master_2018-03-28/baseballdatabank-master/core/Teams.csv")

# <load Teams.csv and do other things>
data_set.write.mode("overwrite").json("teams")
input()

extract.change_extract_status('loaded')
process_run.change_run_status('completed')
