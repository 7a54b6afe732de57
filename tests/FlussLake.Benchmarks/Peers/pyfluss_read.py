"""Reads log tables by pyfluss into Arrow and asks DuckDB over them: one JSON request a line, one JSON answer a line.

usage: pyfluss_read.py PACKAGES HOST:PORT
"""

import asyncio
import json
import sys
import time

sys.path.insert(0, sys.argv[1])
import duckdb
import fluss
import pyarrow


async def read(table, buckets, ends, columns):
    scan = table.new_scan()
    if columns:
        scan = scan.project_by_name(columns)
    scanner = await scan.create_record_batch_log_scanner()
    scanner.subscribe_buckets({bucket: fluss.EARLIEST_OFFSET for bucket in range(buckets)})
    left = {bucket: end for bucket, end in ends.items() if end > 0}
    batches = []
    while left:
        for batch in await scanner.poll_record_batch(1000):
            batches.append(batch.batch)
            bucket = batch.bucket.bucket_id
            if bucket in left and batch.last_offset + 1 >= left[bucket]:
                del left[bucket]
    return pyarrow.Table.from_batches(batches)


async def main():
    connection = None
    known = {}
    for line in sys.stdin:
        request = json.loads(line)
        name = request["table"]
        first = time.perf_counter()
        if connection is None:
            connection = await fluss.FlussConnection.create(fluss.Config({"bootstrap.servers": sys.argv[2]}))
        if name not in known:
            path = fluss.TablePath(*name.split("."))
            table = await connection.get_table(path)
            buckets = table.get_table_info().num_buckets
            known[name] = table, buckets, await connection.get_admin().list_offsets(path, list(range(buckets)), fluss.OffsetSpec.latest())
        started = time.perf_counter()
        source = await read(*known[name], request.get("columns"))
        result = duckdb.sql(request["sql"]).fetchall()
        ended = time.perf_counter()
        del source
        answer = {"seconds": ended - started, "firstSeconds": ended - first, "result": [str(value) for value in result[0]]}
        print(json.dumps(answer), flush=True)


asyncio.run(main())
