# Makes what the examples in the help texts name.
processtracker setup
cat >processes.yaml <<'END'
systems:
  shop: {type: database}
processes:
  Teams Extract: {type: Extract}
  Teams Load: {type: Load}
  Orders Load: {type: Load}
END
processtracker apply -f processes.yaml
processtracker cluster add spark
processtracker contact add "Data Team"
processtracker location add landing --path /landing
for kind in compression-type dataset-type error-type extract-status file-type location-type process-type schedule-frequency source-type tool; do
    processtracker lookup $kind add mine
done
processtracker lookup run-status add mine --active
processtracker lookup run-status add skipped --ended
processtracker exec --process "Teams Extract" --actor airflow -- true
processtracker exec --process "Teams Load" --name 1 --share-run -- processtracker extract register --location /landing/teams --status ready \
    1.csv 2.csv 3.csv 4.csv 5.csv 6.csv 7.csv 8.csv 9.csv 10.csv 11.csv 12.csv teams.csv
processtracker exec --process "Shop Load" --share-run -- processtracker extract register --location /landing/shop orders.csv customers.csv
echo "export PROCESSTRACKER_RUN=$(processtracker start --process "Players Load" --lease 1h)" >run
printf 'id,name\nBOS,Boston Red Sox\n' >teams.csv
mkdir -p landing/teams target
echo '{"metadata": {"dbt_schema_version": "https://schemas.getdbt.com/dbt/run-results/v6.json"}, "results": []}' >target/run_results.json
