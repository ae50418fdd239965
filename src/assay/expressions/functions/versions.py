"""Questions about versions: dotted numbers, support by AWS, TLS policies."""

import datetime
import re
from collections.abc import Mapping

from assay.expressions.functions.kleene import Truth, doubt_of, malformed
from assay.expressions.functions.support_dates import END_OF_SUPPORT, OLDEST_TLS, TLS_IN_NAME
from assay.inventory.values import Cause, Reason, Unknown, Value


def version_at_least(version: Value, lowest: Value) -> Truth:
    """Whether a dotted version is the lowest one or later: `versionAtLeast("1.10", "1.9")` is true.

    A missing number counts as 0; what follows the first part that is no number does not count: "8.0.mysql_aurora.3" is
    8.0.
    """
    if doubt := doubt_of(version) or doubt_of(lowest):
        return doubt
    have, want = _numbers(version), _numbers(lowest)
    if have is None or want is None:
        return malformed(version if have is None else lowest, "a dotted version")
    return _padded(have) >= _padded(want)


def past_end_of_support(kind: Value, version: Value, now: Value) -> Truth:
    """Whether AWS's standard support of the version has ended on the day `now`, a date such as "2026-11-24".

    Kinds: lambda (runtimes), eks, redis, and the database engines as CloudFormation names them: postgres, mysql,
    mariadb, aurora, aurora-mysql, aurora-postgresql. `pastEndOfSupport("lambda", "python3.8", "2026-01-01")` is true. A
    version that our table does not have is unknown, unless its neighbours in the table decide.
    """
    if doubt := doubt_of(kind) or doubt_of(version) or doubt_of(now):
        return doubt
    day = _day(now)
    table = END_OF_SUPPORT.get(str(kind))
    if day is None or table is None:
        return malformed(now, "a date") if day is None else malformed(kind, f"one of {', '.join(END_OF_SUPPORT)}")
    name = str(version) if kind == "lambda" else _listed(str(version), table)
    if name in table:
        return day > datetime.date.fromisoformat(table[name])
    undated = Unknown(
        Reason(Cause.UNDOCUMENTED, f"{kind} {version}", f"no end of support is known for {kind} {version}"),
        present=True,
    )
    return undated if kind == "lambda" else _by_neighbours(version, table, day, undated)


def tls_at_least(policy: Value, lowest: Value) -> Truth:
    """Whether the named TLS policy refuses every version of TLS older than the lowest.

    Names of Elastic Load Balancing, CloudFront, API Gateway and OpenSearch, and plain versions:
    `tlsAtLeast("ELBSecurityPolicy-TLS13-1-2-2021-06", "1.2")` is true. Another name (a policy of your own) is unknown.
    """
    if doubt := doubt_of(policy) or doubt_of(lowest):
        return doubt
    oldest = oldest_tls(str(policy))
    if oldest is None:
        return Unknown(
            Reason(Cause.UNDOCUMENTED, str(policy), f"which TLS versions policy {policy!r} accepts is not known"),
            present=True,
        )
    return version_at_least(oldest, lowest)


def oldest_tls(policy: str) -> str | None:
    """Return the oldest version of TLS that a policy accepts, "0" for SSL; None when the policy is not known."""
    for pattern in TLS_IN_NAME:
        if found := re.fullmatch(pattern, policy):
            return f"1.{found[1]}"
    return OLDEST_TLS.get(policy)


def _numbers(version: Value) -> tuple[int, ...] | None:
    found = re.match(r"[vV]?(\d{1,9}(?:\.\d{1,9})*)(?=$|[.\-+_ ])", str(version).strip(), re.ASCII)
    return tuple(int(each) for each in found[1].split(".")) if found else None


def _padded(numbers: tuple[int, ...]) -> tuple[int, ...]:
    """Return the numbers without trailing zeros, so that 1.2 and 1.2.0 are equal."""
    while numbers and numbers[-1] == 0:
        numbers = numbers[:-1]
    return numbers


def _day(now: Value) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(str(now)[:10])
    except ValueError:
        return None


def _listed(version: str, table: Mapping[str, str]) -> str:
    """Return the table's name for a version: "13.4" is listed as "13", "8.0.35" as "8.0"."""
    numbers = _numbers(version) or ()
    return next((name for name in table if (_numbers(name) or ()) == numbers[: name.count(".") + 1]), version)


def _by_neighbours(version: Value, table: Mapping[str, str], day: datetime.date, undated: Unknown) -> Truth:
    """Return what the listed versions say of one that is not: later ones are not supported for a shorter time."""
    numbers = _numbers(version)
    if numbers is None:
        return malformed(version, "a dotted version")
    dated = {_numbers(name) or (): datetime.date.fromisoformat(last) for name, last in table.items()}
    if all(numbers < each for each in dated) and day > min(dated.values()):
        return True
    if all(numbers > each for each in dated) and day <= max(dated.values()):
        return False
    return undated
