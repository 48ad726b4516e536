"""Turns the measurements of scripts/bench speed into markdown: medians, and ratios to the oracle.

Reads lines "server workload depth round cpu_us requests_per_s p50 p99 p999"; a ratio is taken within a
round, where both servers met the same machine, and the median of the rounds is shown.
"""
import collections
import statistics
import sys

rows = collections.defaultdict(dict)  # (workload, depth, server) -> round -> figures
servers = []
for line in sys.stdin:
    server, workload, depth, turn, *figures = line.split()
    rows[workload, int(depth), server][turn] = [float(x) for x in figures]
    if server not in servers:
        servers.append(server)


def medians(workload, depth, server):
    return [statistics.median(column) for column in zip(*rows[workload, depth, server].values())]


def ratio(workload, depth, server, to, column=0):
    both = rows[workload, depth, server], rows[workload, depth, to]
    common = {r for r in both[0].keys() & both[1].keys() if both[1][r][column] > 0}
    if not common:
        return "-"
    return f"{statistics.median(both[0][r][column] / both[1][r][column] for r in common):.2f}"


print("| workload | P | server | CPU us/request | requests/s | p50 us | p99 us | p99.9 us |"
      " CPU / oracle | p99 / oracle | CPU / hawser |")
print("|---|---|---|---|---|---|---|---|---|---|---|")
for workload, depth in sorted({key[:2] for key in rows}):
    for server in servers:
        cpu, rate, p50, p99, p999 = medians(workload, depth, server)
        print(f"| {workload} | {depth} | {server} | {cpu:.3f} | {rate:.0f} | {p50:.0f} | {p99:.0f} |"
              f" {p999:.0f} | {ratio(workload, depth, server, 'oracle')} |"
              f" {ratio(workload, depth, server, 'oracle', 3)} |"
              f" {ratio(workload, depth, server, 'hawser')} |")
