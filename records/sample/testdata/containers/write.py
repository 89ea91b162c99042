"""Writes fastavro-CODEC.avro: pip install fastavro==1.12.0 cramjam zstandard backports.zstd; python write.py"""
import fastavro

schema = fastavro.schema.load_schema("schema.avsc")
with open("records.jsonl") as f:
    records = list(fastavro.json_reader(f, schema))
for codec in ["null", "deflate", "snappy", "zstandard"]:
    with open(f"fastavro-{codec}.avro", "wb") as out:
        # blocks of a few records each
        fastavro.writer(out, schema, records, codec=codec, sync_interval=200, sync_marker=b"0123456789abcdef")
