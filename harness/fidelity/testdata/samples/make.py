#!/usr/bin/env python3
"""Makes the samples of this folder: python3 make.py. Python's random is their only source of chance, and no code of wirecost
has a part in them. Each is plain JSON lines, compressed; the schemas beside them were written by hand."""
import datetime
import gzip
import json
import math
import random

WORDS = """payment order checkout retry timeout upstream gateway session token cache miss database replica lag connection
reset by peer user profile update inventory stock warehouse shipment label carrier pickup delayed customs invoice refund
partial amount mismatch webhook delivery failed signature invalid scheduled maintenance window node drained pod evicted memory
pressure disk usage threshold exceeded certificate expires renewed backup completed snapshot restore queue depth consumer""".split()
FIRST = "Anna Björn Chloé Dmitri Élodie Farah Günther Hana Ivan José Kaori Łukasz Mia Noël Olga Pavel Qi Renée Søren Tariq Uma Vera".split()
LAST = "Andersson Müller García Kowalski Nguyễn Papadopoulos Østergaard Novák Silva Tanaka O'Brien Schmidt Rossi Dubois Yılmaz".split()
AGENTS = [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0", "curl/8.5.0", "kube-probe/1.29",
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "okhttp/4.12.0", "python-requests/2.31.0"]
START = 1767225600000  # 2026-01-01, ms


def text(r, lo, hi):
    return " ".join(r.choice(WORDS) for _ in range(r.randint(lo, hi)))


def access(r, n):
    """A web server's log: few paths that are frequent and many that are not, sizes log-normal, agents from a list."""
    paths = ["/" + "/".join(r.choice(WORDS) for _ in range(r.randint(1, 4))) for _ in range(300)]
    t = START
    for _ in range(n):
        t += int(r.expovariate(1 / 40))
        path = paths[min(len(paths) - 1, int(r.paretovariate(0.8)) - 1)]
        if r.random() < 0.3:
            path += "?" + "&".join("%s=%x" % (r.choice(WORDS), r.getrandbits(r.choice([4, 16, 64]))) for _ in range(r.randint(1, 3)))
        status = r.choices([200, 304, 404, 301, 500, 502], [80, 8, 6, 3, 2, 1])[0]
        yield {"time": datetime.datetime.fromtimestamp(t / 1000, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.") + "%03dZ" % (t % 1000),
               "remote_addr": ".".join(str(r.randint(1, 254)) for _ in range(4)), "method": r.choices(["GET", "POST", "HEAD", "DELETE"], [85, 12, 2, 1])[0],
               "path": path, "status": status, "bytes": 0 if status == 304 else int(r.lognormvariate(8, 1.8)),
               "request_time": round(r.lognormvariate(-3, 1.2), 3), "user": r.choice(["anna", "bob", "svc-deploy"]) if r.random() < 0.1 else None,
               "referer": "https://www.example.com" + r.choice(paths) if r.random() < 0.4 else None, "agent": r.choices(AGENTS, [30, 15, 20, 8, 4, 10, 5, 5, 3])[0]}


def orders(r, n):
    """Orders of a shop: names in several scripts, Poisson numbers of lines, prices that end in .99, notes with emoji."""
    for i in range(n):
        lines = []
        for _ in range(1 + min(20, int(r.expovariate(0.6)))):
            price = r.choice([0.99, 0.95, 0.5, 0.0]) + int(r.lognormvariate(2.5, 1))
            lines.append({"sku": "%s-%04d" % (r.choice("ABCDE"), r.randint(1, 900)), "title": text(r, 2, 6), "quantity": 1 + min(30, int(r.expovariate(1.2))),
                          "price": round(price, 2)})
        yield {"id": 70000000 + i * 3 + r.randint(0, 2), "created_ms": START + i * 900 + r.randint(0, 899), "status": r.choices(["NEW", "PAID", "SHIPPED", "CANCELLED"], [2, 5, 8, 1])[0],
               "customer": {"id": int(r.paretovariate(0.5)) % 500000, "name": r.choice(FIRST) + " " + r.choice(LAST), "vip": r.random() < 0.04},
               "address": {"street": "%s %d" % (r.choice(LAST) + r.choice(["gatan", "straße", " Street", "vej"]), r.randint(1, 180)), "zip": "%05d" % r.randint(1000, 99999),
                           "country": r.choices(["SE", "DE", "FR", "PL", "DK", "GR"], [9, 8, 4, 3, 2, 1])[0]} if r.random() < 0.85 else None,
               "lines": lines, "coupon": r.choice(["SPRING", "WELCOME10", "VIP"]) if r.random() < 0.12 else None,
               "note": r.choice(["", "🎁 ", "Liebe Grüße: "]) + text(r, 1, 25) if r.random() < 0.2 else None, "total": round(sum(x["price"] * x["quantity"] for x in lines), 2)}


def sensors(r, n):
    """Readings of devices: random walks, two decimals, a device that reports ten times as often as the next, faults now and then."""
    temp = [r.gauss(20, 6) for _ in range(120)]
    weights = [1 / (k + 1) for k in range(120)]
    for i in range(n):
        d = r.choices(range(120), weights)[0]
        temp[d] += r.gauss(0, 0.3)
        yield {"device": "urn:dev:mac:%012x" % (0x0024befffe000000 + d * 7919), "ts": START + i * 250, "temperature": round(temp[d], 2),
               "humidity": round(min(100, max(0, r.gauss(55, 15))), 1), "pressure": r.gauss(1013.25, 8), "battery": max(0, 100 - i * (d + 1) // 4000),
               "rssi": -int(r.gammavariate(9, 8)), "faults": [r.randint(1, 64) for _ in range(r.choices([0, 1, 2, 5], [90, 6, 3, 1])[0])],
               "firmware": r.choices(["2.4.1", "2.4.0", "1.19.7"], [70, 25, 5])[0], "position": {"lat": round(59.3 + r.gauss(0, 0.05), 6), "lon": round(18.06 + r.gauss(0, 0.1), 6)} if d % 3 else None}


def logs(r, n):
    """Log events of services: labels as a map, traces that only errors have and that are ten times as long as anything else."""
    services = ["svc-%s-%s" % (r.choice(WORDS), r.choice(WORDS)) for _ in range(25)]
    t = START
    for _ in range(n):
        t += int(r.expovariate(1 / 15))
        level = r.choices(["DEBUG", "INFO", "WARN", "ERROR"], [20, 70, 7, 3])[0]
        labels = {"app": r.choice(services), "env": r.choice(["prod", "staging"]), "node": "ip-10-%d-%d" % (r.randint(0, 3), r.randint(0, 255))}
        for key in ("version", "team", "region", "canary"):
            if r.random() < 0.4:
                labels[key] = r.choice(WORDS)
        trace = None
        if level == "ERROR":
            trace = "java.lang.IllegalStateException: " + text(r, 2, 8) + "".join(
                "\n\tat com.example.%s.%s(%s.java:%d)" % (r.choice(WORDS), r.choice(WORDS), r.choice(WORDS).title(), r.randint(10, 900)) for _ in range(r.randint(8, 40)))
        yield {"timestamp": t, "level": level, "logger": "com.example." + r.choice(WORDS) + "." + r.choice(WORDS).title(), "message": text(r, 3, 18), "labels": labels,
               "trace_id": "%032x" % r.getrandbits(128) if r.random() < 0.6 else None, "exception": trace, "duration_ms": round(r.lognormvariate(2, 1.5), 3) if r.random() < 0.5 else None}


def changes(r, n):
    """A change-data envelope of an accounts table, as Debezium writes it: what is before and after by the operation."""
    def row(i):
        return {"id": i, "email": "%s.%s%d@example.%s" % (r.choice(WORDS), r.choice(WORDS), r.randint(1, 99), r.choice(["com", "org", "co.uk"])), "balance": int(r.gauss(0, 1) * 10 ** r.randint(2, 7)),
                "limit": r.choice([0, 50000, 100000, 250000]), "status": r.choice(["active", "frozen", "closed"]), "updated_at": START + r.randint(-10 ** 9, 10 ** 9), "attributes": r.choice([None, "{\"tier\":\"%s\"}" % r.choice(["gold", "silver"])])}
    lsn = 24023128
    for i in range(n):
        op = r.choices(["u", "c", "d", "r"], [60, 25, 10, 5])[0]
        lsn += r.randint(40, 400)
        old = row(r.randint(1, 40000))
        new = dict(row(0), id=old["id"], email=old["email"])
        yield {"before": old if op in "ud" else None, "after": new if op != "d" else None, "source": {"connector": "postgresql", "db": "accounts", "schema": "public", "table": "account", "txId": 500 + i // 3, "lsn": lsn, "snapshot": op == "r"},
               "op": op, "ts_ms": START + i * 120 + r.randint(0, 80), "transaction": {"id": "%d:%d" % (500 + i // 3, lsn), "order": i % 3 + 1} if r.random() < 0.3 else None}


for seed, (make, n) in enumerate([(access, 2000), (orders, 1500), (sensors, 2000), (logs, 2000), (changes, 1500)]):
    lines = "".join(json.dumps(v, ensure_ascii=False, separators=(",", ":")) + "\n" for v in make(random.Random(seed), n))
    with open(make.__name__ + ".jsonl.gz", "wb") as f:
        f.write(gzip.compress(lines.encode(), 9, mtime=0))
