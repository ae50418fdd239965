"""What no report repeats, wherever in a value it stands."""

from assay.inventory.values import Cause, Choice, Reason, Sensitive, Unknown, Value
from assay.reports.redaction import HIDDEN, MARKED, redacted

REASON = Reason(Cause.PARAMETER, "Host")


def test_text_around_an_unknown_is_hidden_like_any_text() -> None:
    dsn = Unknown(REASON, present=True, parts=("postgres://admin:hunter2@", "/shop"))
    hidden = redacted(dsn, "Connection")
    assert isinstance(hidden, Unknown)
    assert hidden.parts == (HIDDEN, "")
    harmless = Unknown(REASON, present=True, parts=("arn:aws:s3:::", "/*"))
    assert redacted(harmless, "Bucket") == harmless


def test_the_stand_in_is_used_everywhere() -> None:
    value: Value = {
        "DB_PASSWORD": "hunter2",
        "list": [{"Name": "API_KEY", "Value": "hunter2"}],
        "choice": {"TOKEN": Choice("v", REASON, (("a", "hunter2"), ("b", "{{resolve:ssm:x}}")))},
        "marked": Sensitive("x"),
        "plain": "text",
    }
    assert redacted(value, instead="S") == {
        "DB_PASSWORD": "S",
        "list": [{"Name": "API_KEY", "Value": "S"}],
        "choice": {"TOKEN": Choice("v", REASON, (("a", "S"), ("b", "{{resolve:ssm:x}}")))},
        "marked": "S",
        "plain": "text",
    }
    assert redacted({"marked": Sensitive("x"), "DB_PASSWORD": "hunter2"}) == {"marked": MARKED, "DB_PASSWORD": HIDDEN}
