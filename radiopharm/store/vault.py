"""Identities under lock: each sealed with a key of the patient's own, which the site's key wraps.

Destroying that one small key makes the identity unreadable wherever its ciphertext lies, and leaves
every fact that names the reference as it was. A hospital number is found by its keyed digest, which
is destroyed with the key. The vault travels with the connection, as one of its options.
"""

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE = 12
KEY = 32


class WrongKey(Exception):
    """The site's identity key is not the one that this patient's key was wrapped with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Locked:
    """An identity as it is kept: ciphertext, its wrapped key, and what its number is found by."""

    sealed: bytes
    wrapped_key: bytes
    number_digest: str


class Vault:
    """What the site's identity key can lock, open and find; the key itself is in no `repr`."""

    def __init__(self, key: bytes) -> None:
        self._wrapping = AESGCM(_derived(key, b"radiopharm identity wrap"))
        self._finding = _derived(key, b"radiopharm identity find")

    def lock(self, reference: str, site_id: int, identity: Mapping[str, str]) -> Locked:
        """*identity* sealed under a new key of its own, bound to its reference."""
        own = secrets.token_bytes(KEY)
        text = json.dumps(dict(identity), ensure_ascii=False, sort_keys=True).encode()
        return Locked(
            sealed=_sealed(AESGCM(own), text, reference),
            wrapped_key=_sealed(self._wrapping, own, reference),
            number_digest=self.digest(site_id, identity["hospital_number"]),
        )

    def open(self, reference: str, sealed: bytes, wrapped_key: bytes) -> dict[str, str]:
        """The identity that was locked; raises `WrongKey`."""
        own = _opened(self._wrapping, wrapped_key, reference)
        found: dict[str, str] = json.loads(_opened(AESGCM(own), sealed, reference))
        return found

    def locked_anew(
        self, reference: str, site_id: int, sealed: bytes, wrapped_key: bytes, to: "Vault"
    ) -> Locked:
        """The same identity as only *to* opens and finds it; its own key stays. Or `WrongKey`."""
        own = _opened(self._wrapping, wrapped_key, reference)
        number = self.open(reference, sealed, wrapped_key)["hospital_number"]
        return Locked(
            sealed=sealed,
            wrapped_key=_sealed(to._wrapping, own, reference),
            number_digest=to.digest(site_id, number),
        )

    def digest(self, site_id: int, number: str) -> str:
        """What a hospital number of a site is found by."""
        return hmac.new(self._finding, f"{site_id} {number}".encode(), hashlib.sha256).hexdigest()


def vault_of(db: sa.Connection) -> Vault:
    """The vault that travels with a connection."""
    found = db.get_execution_options().get("vault")
    if not isinstance(found, Vault):
        raise RuntimeError("this connection was made without an identity key")
    return found


def _derived(key: bytes, purpose: bytes) -> bytes:
    return hmac.new(key, purpose, hashlib.sha256).digest()


def _sealed(key: AESGCM, data: bytes, reference: str) -> bytes:
    nonce = secrets.token_bytes(NONCE)
    return nonce + key.encrypt(nonce, data, reference.encode())


def _opened(key: AESGCM, data: bytes, reference: str) -> bytes:
    try:
        return key.decrypt(data[:NONCE], data[NONCE:], reference.encode())
    except InvalidTag as error:
        raise WrongKey from error
