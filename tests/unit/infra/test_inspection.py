"""What is inspected, and when a finding is one too many."""

from infra.checks.inspection import REASONS, accepted, as_kept, verdict

NO_VALUE = {"Ref": "AWS::NoValue"}


def test_choices_are_taken_as_on_a_stage_that_is_kept() -> None:
    table = {"DeletionProtectionEnabled": {"Fn::If": ["Kept", True, False]}, "Tags": [NO_VALUE, "a"]}
    assert as_kept(table) == {"DeletionProtectionEnabled": True, "Tags": ["a"]}


def test_what_has_no_value_there_is_not_there() -> None:
    assert as_kept({"Encryption": {"Fn::If": ["Kept", NO_VALUE, {"Enabled": False}]}}) == {}


def test_what_is_there_only_then_is_there() -> None:
    assert as_kept({"Log": {"Condition": "Kept", "Type": "Log"}}) == {"Log": {"Type": "Log"}}


def test_a_finding_that_nobody_accepted_is_wrong() -> None:
    assert verdict({"CKV_AWS_1": ["room Table"]}, {}) == ["CKV_AWS_1: room Table"]


def test_a_reason_that_no_finding_needs_is_wrong() -> None:
    assert len(verdict({}, {"CKV_AWS_1": "because"})) == 1


def test_what_is_accepted_is_in_order() -> None:
    assert verdict({"CKV_AWS_1": ["room Table"]}, {"CKV_AWS_1": "because"}) == []


def test_the_page_gives_each_accepted_finding_its_reason() -> None:
    assert len(accepted(REASONS.read_text())) > 5
