"""How fast broken rules are found, how little is left of what is found, and what a second worker adds."""

import statistics
import time

from raftviz.bench.reference import Figures
from raftviz.lab.crews import Crew, Processes, crew_of
from raftviz.lab.exploring import explore
from raftviz.lab.findings import SHRINKING, Finding, Progress
from raftviz.lab.plans import ANY, NONE, PROPERTY_NAMES, Aim
from raftviz.raft.variants import VARIANTS

SEEDS = 10
"""Searches for each variant."""

JOBS = 2
"""Workers of each."""

LIMIT_S = 60.0

SCRIPTS = {
    "last_index_off_by_one": 24,
    "next_index_is_len": 4,
    "count_next_index": 18,
    "match_is_current_len": 20,
    "stale_term_accepted": 33,
    "unconditional_truncate": 18,
    "commit_min_log_len": 28,
    "vote_not_persisted": 8,
    "log_not_persisted": 14,
    "corrupt_state_ignored": 16,
    "caller_supplies_term": 10,
    "compact_uncommitted": 24,
    "apply_error_skips": 19,
    "ack_before_commit": 12,
    "even_majority": 10,
    "votes_counted_not_set": 10,
    "commit_any_term": 69,
    "no_log_check": 14,
    "boundary_term_lost": 26,
    "single_node_no_win": 1,
    "no_sessions": 21,
}
"""The steps of the scripts that people wrote to show these variants (see the tests)."""

_TIMES = 10
"""So many times longer than a search for a variant may take is searched where nothing is broken."""

_RUNS = 1_200
"""Of one search, to see what a second worker adds."""


def exploring() -> Figures:
    """Every variant that breaks a property, ten times; the algorithm as it is, for ten minutes."""
    wanted = [name for name in VARIANTS if Aim.of(name).falls != ANY]
    return {
        "variants": {name: row(name) for name in wanted},
        "second_worker": second_worker(),
        "none": clean(),
    }


def row(name: str, seeds: int = SEEDS, jobs: int = JOBS) -> Figures:
    """One variant's figures."""
    findings, searched = [], []
    for seed in range(seeds):
        finding, seconds = _search(Aim.of(name), seed, LIMIT_S, crew_of(jobs))
        findings.append(finding)
        searched.append(seconds)
    acts = [finding.acts for finding in findings if finding.found]
    return {
        "property": Aim.of(name).falls,
        "safety": VARIANTS[name].safety,
        "found": len(acts),
        "of": seeds,
        "search_s": statistics.median(searched),
        "search_max_s": max(searched),
        "seconds": statistics.median(finding.seconds for finding in findings),
        "seconds_max": max(finding.seconds for finding in findings),
        "acts": statistics.median(acts) if acts else None,
        "acts_max": max(acts, default=None),
        "script": SCRIPTS.get(name),
    }


def _search(aim: Aim, seed: int, limit_s: float, crew: Crew) -> tuple[Finding, float]:
    """What a search comes to, and after how many seconds it began to shrink."""
    began = time.perf_counter()
    searched: float | None = None
    search = explore(aim, seed=seed, limit_s=limit_s, crew=crew)
    while True:
        try:
            told: Progress = next(search)
        except StopIteration as end:
            finding: Finding = end.value
            return finding, searched or time.perf_counter() - began
        if searched is None and told.phase == SHRINKING:
            searched = time.perf_counter() - began


def second_worker() -> float:
    """How many times the runs of one worker two of them make, in the same time: median of three.

    One after the other in turn, because a machine's speed drifts; from when both have begun.
    """
    ratios = []
    for _ in range(3):
        one, two = _runs_a_second(Processes(1)), _runs_a_second(Processes(2))
        ratios.append(two / one)
    return statistics.median(ratios)


def _runs_a_second(crew: Crew) -> float:
    search = explore(Aim(NONE, PROPERTY_NAMES[1]), runs=crew.jobs * _RUNS, crew=crew)
    first, began = 0, 0.0
    try:
        while True:
            told = next(search)
            if not first and told.runs >= crew.jobs * _RUNS // 4:
                first, began = told.runs, time.perf_counter()
    except StopIteration as end:
        runs: int = end.value.runs - first
        return runs / (time.perf_counter() - began)


def clean(jobs: int = JOBS) -> Figures:
    """What a search comes to where nothing is broken."""
    finding, seconds = _search(Aim(NONE), 0, _TIMES * LIMIT_S, crew_of(jobs))
    return {"runs": finding.runs, "seconds": seconds, "found": int(finding.found)}


def row_line(name: str, row: Figures) -> str:
    """One variant's figures for a person."""
    script = "" if row["script"] is None else f" (script {row['script']})"
    return (
        f"explore {name}: {row['property']}, {row['found']} of {row['of']} found, median "
        f"{row['seconds']:.1f} s ({row['search_s']:.1f} s of it search), longest "
        f"{row['seconds_max']:.1f} s; acts {row['acts']}, at most {row['acts_max']}{script}"
    )
