"""The hub's certificate authority, by which agents, broker and hub know each other."""

from hub.pki.authority import Authority, PkiError
from hub.pki.broker import BrokerFiles, write_broker
from hub.pki.enrolment import Enrolment, EnrolmentRefusedError
from hub.pki.register import Certificate, Register

__all__ = [
    "Authority",
    "BrokerFiles",
    "Certificate",
    "Enrolment",
    "EnrolmentRefusedError",
    "PkiError",
    "Register",
    "write_broker",
]
