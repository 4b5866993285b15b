"""The encryption of pushes (RFC 8291): the RFC's own vector, and a sibling with a key pair made here."""
from __future__ import annotations

import base64
import json
import os
from pathlib import Path

import http_ece
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec


def raw(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def private(text: str) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(raw(text), "big"), ec.SECP256R1())


def public(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)


def test_the_vector_of_the_rfc(shared: Path) -> None:
    vector = json.loads((shared / "protocols" / "rfc8291_vector.json").read_text(encoding="utf-8"))
    sealed = http_ece.encrypt(vector["plaintext"].encode(), salt=raw(vector["salt"]),
                              private_key=private(vector["as_private"]), dh=raw(vector["ua_public"]),
                              auth_secret=raw(vector["auth"]), rs=4096, version="aes128gcm")
    assert sealed == raw(vector["body"])
    opened = http_ece.decrypt(raw(vector["body"]), private_key=private(vector["ua_private"]),
                              auth_secret=raw(vector["auth"]), version="aes128gcm")
    assert opened.decode() == vector["plaintext"]


def test_only_the_browser_it_was_meant_for_can_read_it() -> None:
    browser, server, other = (ec.generate_private_key(ec.SECP256R1()) for _ in range(3))
    auth = os.urandom(16)
    sealed = http_ece.encrypt("Có tin SOS đang chờ".encode(), salt=os.urandom(16), private_key=server,
                              dh=public(browser), auth_secret=auth, version="aes128gcm")
    assert http_ece.decrypt(sealed, private_key=browser, auth_secret=auth,
                            version="aes128gcm").decode() == "Có tin SOS đang chờ"
    for key, secret, text in ((other, auth, sealed), (browser, os.urandom(16), sealed),
                              (browser, auth, sealed[:-1] + bytes([sealed[-1] ^ 1]))):
        with pytest.raises(Exception, match=".*"):
            http_ece.decrypt(text, private_key=key, auth_secret=secret, version="aes128gcm")
