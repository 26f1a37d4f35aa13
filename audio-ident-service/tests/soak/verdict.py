"""Asks the service what it has logged, and says what is wrong with that and with the samples."""

import collections
import signal
import time

import judge

LATELY = 15  # seconds for which the time when the machine had none is felt


class Verdict:
    def __init__(self, runner, radios, starved):
        self.runner = runner
        self.radios = radios
        self.starved = starved
        self.failures = []

    def get(self, path):
        return self.runner.service.get(path).json["items"]

    def spans(self, radio):
        """When the station was heard."""
        kills = [begin for begin, _, number in self.runner.outages if number == signal.SIGKILL]
        spans = []
        for begin, end in radio.heard:
            killed = next((kill for kill in kills if begin < kill < (end or kill) + 1), None)
            spans.append(judge.Span(begin, killed or end or time.time(), killed is not None))
        return judge.without(spans, self.starved)

    def on_the_log(self, began):
        """judge.Log of all stations, from then until now."""
        total = judge.Log()
        self.logs = {}  # what each station played, and the plays in its log
        plays = judge.plays_of(self.get("/api/v1/plays/export?format=json"))
        for name, radio in self.radios.items():
            played, mine = radio.played(began, time.time()), plays.get(name, [])
            log = judge.judge_log(played, self.spans(radio), mine)
            self.logs[name] = {"played": played, "log": mine}
            total.add(log)
            for item in log.lost:
                self.failures.append(f"{name}: {item.end - item.begin:.0f} s of a track are not in the log: {item}")
            for item, mine in log.twice:
                self.failures.append(f"{name}: an item is in the log {len(mine)} times: {item}: {mine}")
            for play in log.wrong:
                self.failures.append(f"{name}: a play of what was not played: {play}")
        return total

    def on_outages(self):
        """How many outages of stations there were while they and the service were on the air, by reason."""
        reasons = collections.Counter()
        for monitor in self.get("/api/v1/monitors"):
            for outage in self.get(f"/api/v1/monitors/{monitor['id']}/outages"):
                if outage["ended_at"] and outage["reason"] != "the service did not run":
                    reasons[outage["reason"]] += not self.was_starved(outage)
        reasons = +reasons
        for reason, count in reasons.items():
            self.failures.append(f"{count} outages of stations that were on the air: {reason}")
        return reasons

    def was_starved(self, outage):
        begin, end = judge.time_of(outage["started_at"]), judge.time_of(outage["ended_at"])
        return any(begin < until + LATELY and since < end + LATELY for since, until in self.starved)

    def on_decoders(self, samples):
        """Of their limit of memory, which tests with sanitizers cannot see: there, decoders have none."""
        sandboxed = sum(sample["sandboxed"] for sample in samples)
        limited = sum(sample["with_little_memory"] for sample in samples)
        if not sandboxed or limited < sandboxed:
            self.failures.append(f"{limited} of {sandboxed} times a decoder had its limit of memory")

    def on_library(self):
        """Of doctor, when the service has ended."""
        checked = self.runner.home.run("doctor")
        if checked.returncode:
            self.failures.append(f"doctor ends with {checked.returncode}: {checked.stdout}{checked.stderr}")

    def on_lives(self, lives):
        """Pairs (minutes, figures) of the runs of the service."""
        judged = [((life[-1]["seconds"] - life[0]["seconds"]) / 60, judge.judge_flatness(life)) for life in lives]
        for minutes, figures in judged:
            for each in figures:
                if each.grows:
                    self.failures.append(
                        f"{each.limit.text} grows from {each.first:.1f} to {each.last:.1f} {each.limit.unit} "
                        f"in {minutes:.0f} minutes"
                    )
        return [(minutes, figures) for minutes, figures in judged if figures]
