"""Makes a table, appends rows, asks for offsets and reads all and some columns back, all by pyfluss. Prints what it read as JSON.

usage: pyfluss_round_trip.py FOLDER_OF_PACKAGES HOST:PORT DB.TABLE
"""
import asyncio, sys, json
sys.path.insert(0, sys.argv[1])
import fluss, pyarrow as pa
async def main():
    conn = await fluss.FlussConnection.create(fluss.Config({"bootstrap.servers": sys.argv[2]}))
    admin = conn.get_admin()
    db, name = sys.argv[3].split(".")
    path = fluss.TablePath(db, name)
    schema = pa.schema([pa.field("id", pa.int64(), nullable=False), pa.field("name", pa.string()), pa.field("score", pa.float64()), pa.field("tags", pa.list_(pa.string()))])
    await admin.create_table(path, fluss.TableDescriptor(fluss.Schema(schema), bucket_count=1), False)
    table = await conn.get_table(path)
    writer = table.new_append().create_writer()
    for i in range(100):
        writer.append([i, f"name {i}" if i % 3 else None, i / 4, [str(i), "x"]])
    await writer.flush()
    offsets = await admin.list_offsets(path, [0], fluss.OffsetSpec.latest())
    out = {"offsets": offsets}
    for key, columns in (("all", None), ("projected", ["name", "id"])):
        scan = table.new_scan()
        if columns: scan = scan.project_by_name(columns)
        scanner = await scan.create_record_batch_log_scanner()
        scanner.subscribe_buckets({0: fluss.EARLIEST_OFFSET})
        rows = []
        while len(rows) < offsets[0]:
            for b in await scanner.poll_record_batch(1000): rows += b.batch.to_pylist()
        out[key] = rows
    print(json.dumps(out))
asyncio.run(main())
