"""What the API refuses and JSON Schema has no words for: schemathesis takes whatever fits the schema for valid.

Each rule turns a value that the service refuses with a sentence into one that it takes, before the request is sent.
"""

import re

import schemathesis

LONG_AGO, LATER, AHEAD = "2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z", "2100-01-01T00:00:00Z"


@schemathesis.hook
def before_call(context, case, kwargs):
    """Lets a case keep the rules, unless it is meant to be refused."""
    # Where a webhook sends to is this machine, in each case: nothing leaves it, not even the lookup of a name.
    if isinstance(case.body, dict) and str(case.body.get("url", "")).lower().startswith("http"):
        case.body["url"] = "http://127.0.0.1:9/hooks"
    if case.meta is not None and not case.meta.generation.mode.is_positive:
        return
    for values in (case.query, case.body):
        if isinstance(values, dict):
            keep(values)


def keep(values):
    # A window ends after it begins, and begins in the past.
    if "since" in values and values["since"] is not None:
        values["since"] = LONG_AGO
    if "until" in values and values["until"] is not None:
        values["until"] = LATER
    # A token ends in the future.
    if values.get("expiresAt") is not None:
        values["expiresAt"] = AHEAD
    # A cursor is what a page gave: none is made up.
    values.pop("cursor", None)
    # A time zone is one of those that there are.
    if "timeZone" in values:
        values["timeZone"] = "Europe/Berlin"
    # A webhook hears sources that there are.
    if "sources" in values:
        values["sources"] = None
    # Whole numbers are written as such: 60.0 is one to JSON Schema.
    if isinstance(values.get("expectWithinSeconds"), float):
        values["expectWithinSeconds"] = int(values["expectWithinSeconds"])
    # Whole numbers of an event are written as such: 1.0 is one to JSON Schema, and another text to a receiver.
    if isinstance(values.get("data"), dict):
        values["data"] = {
            name: int(value) if isinstance(value, float) and value.is_integer() else value
            for name, value in values["data"].items()
        }
    # A scheme signs into a header of its own, and signs headers that something sets.
    if isinstance(values.get("scheme"), str):
        values["scheme"] = re.sub(r"(?<=\{header:)[^}]*", "X-Timestamp", re.sub(r"(?<= header=)\S*", "X-S", values["scheme"]))
    # Names of headers differ in more than their case, and are not those that the service sets itself.
    if isinstance(values.get("headers"), dict):
        values["headers"] = {f"X-{number}": value for number, value in enumerate(values["headers"].values())}
