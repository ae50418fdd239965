"""What others signed: persons their attestations, a time-stamping authority the states of the log."""

import datetime

from assay.errors import UsageError
from assay.ledger.attestation import check_attestation
from assay.ledger.checkpoint import NotSigned
from assay.ledger.log import blob_name
from assay.ledger.timestamp import STAMPS, check_stamp, newest, open_stamp, stamp_name
from assay.ledger.verify.reading import Reading, chain, head_of, required
from assay.ledger.verify.steps import Unverifiable, Wrong, counted


def check_attestations(reading: Reading) -> str:
    """8: every attestation was signed by a person whose key was given."""
    if reading.runs is None:
        raise Unverifiable("runs", "the entries are not established")
    found = [each for seen in reading.runs for each in seen.attestations]
    strangers = []
    for at, record in found:
        name = blob_name(str(record.get("envelope")))
        person = reading.persons.get(str(record.get("key")))
        if person is None:
            strangers.append(f"entry {at}: the key of {record.get('by')} was not given")
            continue
        try:
            check_attestation(record, required(reading, name), person)
        except ValueError as error:
            raise Wrong(f"entry {at}", str(error)) from None
    if strangers:
        raise Unverifiable("attestations", f"{len(strangers)} of {len(found)} by strangers; {strangers[0]}")
    return counted(len(found), "attestation") if found else "there are none"


def check_stamps(reading: Reading) -> str:
    """9: every time-stamp is about a state of this log, and of the authority whose certificates were given."""
    chain(reading)
    notes = {stamp_name(each.checkpoint.size): each for each in reading.commits}
    found, strangers = [], []
    for name in [each for each in sorted(reading.objects.names()) if each.startswith(STAMPS)]:
        if name not in notes:
            raise Wrong(name, "is about no state of this log")
        size, note = notes[name].checkpoint.size, notes[name].note.encode()
        try:
            found.append((size, _stamped(reading, required(reading, name), note)))
        except NotSigned as error:
            strangers.append(f"{name}: {error}")
        except ValueError as error:
            raise Wrong(name, str(error)) from None
        except UsageError as error:  # what reads them is not installed
            raise Unverifiable(name, str(error)) from None
    if strangers:
        raise Unverifiable(strangers[0].partition(":")[0], strangers[0].partition(": ")[2])
    if not found:
        raise Unverifiable("time-stamps", "there are none")
    if reading.authority is None:
        raise Unverifiable("time-stamps", f"{len(found)}, and no authority was given whose they could be")
    return f"{len(found)} of {counted(len(notes), 'state')}; {newest(found, head_of(reading).size)}"


def _stamped(reading: Reading, content: bytes, note: bytes) -> datetime.datetime:
    if reading.authority is None:
        return open_stamp(content, note)
    return check_stamp(content, note, reading.authority)
