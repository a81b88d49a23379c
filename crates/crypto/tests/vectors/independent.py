#!/usr/bin/env python3
"""Computes every frozen vector of vault format 1 a second time, from docs/vault-format.md alone.

Standard library only, and the `argon2` command of Debian for the password hash; no code of ours.
Prints the JSON that stands in frozen-v1.json: `./independent.py | diff - frozen-v1.json`.
Not constant-time and not for secrets: it exists so that the format does not depend on one program.
"""

import base64
import hashlib
import hmac
import json
import struct
import subprocess

M32 = 0xFFFFFFFF


def seq(start, count):
    return bytes((start + i) & 0xFF for i in range(count))


class Counting:
    """The randomness of the vectors: 0, 1, 2 … without end."""

    def __init__(self):
        self.at = 0

    def take(self, count):
        out = seq(self.at, count)
        self.at += count
        return out


# HKDF (RFC 5869), HMAC-SHA-256 over length-prefixed parts.
def extract(salt, ikm):
    return hmac.digest(salt, ikm, "sha256")


def expand(prk, info):
    return hmac.digest(prk, info + b"\x01", "sha256")


def hkdf(ikm, salt, info):
    return expand(extract(salt, ikm), info)


def lp(part):
    return struct.pack(">I", len(part)) + part


def mac(key, domain, body):
    return hmac.digest(key, lp(domain) + lp(body), "sha256")


# XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03, RFC 8439).
def rotl(x, n):
    return ((x << n) | (x >> (32 - n))) & M32


def rounds(s):
    def quarter(a, b, c, d):
        s[a] = (s[a] + s[b]) & M32
        s[d] = rotl(s[d] ^ s[a], 16)
        s[c] = (s[c] + s[d]) & M32
        s[b] = rotl(s[b] ^ s[c], 12)
        s[a] = (s[a] + s[b]) & M32
        s[d] = rotl(s[d] ^ s[a], 8)
        s[c] = (s[c] + s[d]) & M32
        s[b] = rotl(s[b] ^ s[c], 7)

    for _ in range(10):
        quarter(0, 4, 8, 12)
        quarter(1, 5, 9, 13)
        quarter(2, 6, 10, 14)
        quarter(3, 7, 11, 15)
        quarter(0, 5, 10, 15)
        quarter(1, 6, 11, 12)
        quarter(2, 7, 8, 13)
        quarter(3, 4, 9, 14)
    return s


CONSTANTS = struct.unpack("<4I", b"expand 32-byte k")


def chacha_block(key, counter, nonce):
    start = [*CONSTANTS, *struct.unpack("<8I", key), counter, *struct.unpack("<3I", nonce)]
    end = rounds(list(start))
    return struct.pack("<16I", *((a + b) & M32 for a, b in zip(start, end)))


def hchacha(key, nonce):
    s = rounds([*CONSTANTS, *struct.unpack("<8I", key), *struct.unpack("<4I", nonce)])
    return struct.pack("<8I", *s[:4], *s[12:])


def poly1305(key, message):
    r = int.from_bytes(key[:16], "little") & 0x0FFFFFFC0FFFFFFC0FFFFFFC0FFFFFFF
    total = 0
    for at in range(0, len(message), 16):
        block = message[at : at + 16] + b"\x01"
        total = (total + int.from_bytes(block, "little")) * r % ((1 << 130) - 5)
    return ((total + int.from_bytes(key[16:], "little")) & ((1 << 128) - 1)).to_bytes(16, "little")


def pad16(data):
    return data + b"\0" * (-len(data) % 16)


def seal(key, nonce, aad, plain):
    """nonce ‖ ciphertext ‖ tag"""
    sub = hchacha(key, nonce[:16])
    short = b"\0" * 4 + nonce[16:]
    stream = b"".join(chacha_block(sub, 1 + i, short) for i in range(len(plain) // 64 + 1))
    body = bytes(a ^ b for a, b in zip(plain, stream))
    lengths = struct.pack("<QQ", len(aad), len(body))
    tag = poly1305(chacha_block(sub, 0, short)[:32], pad16(aad) + pad16(body) + lengths)
    return nonce + body + tag


# Ed25519 (RFC 8032), the textbook way.
P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
BY = 4 * pow(5, -1, P) % P
BX = 15112221349535400772501151409588531511454012693041857206046113283949847762202
BASE = (BX, BY)


def add(a, b):
    t = D * a[0] * b[0] * a[1] * b[1] % P
    x = (a[0] * b[1] + b[0] * a[1]) * pow(1 + t, -1, P) % P
    y = (a[1] * b[1] + a[0] * b[0]) * pow(1 - t, -1, P) % P
    return (x, y)


def times(n, point):
    out = (0, 1)
    while n:
        if n & 1:
            out = add(out, point)
        point = add(point, point)
        n >>= 1
    return out


def pack(point):
    return (point[1] | ((point[0] & 1) << 255)).to_bytes(32, "little")


def ed25519(seed, message):
    h = hashlib.sha512(seed).digest()
    a = (int.from_bytes(h[:32], "little") & ((1 << 254) - 8)) | (1 << 254)
    public = pack(times(a, BASE))
    r = int.from_bytes(hashlib.sha512(h[32:] + message).digest(), "little") % L
    big_r = pack(times(r, BASE))
    k = int.from_bytes(hashlib.sha512(big_r + public + message).digest(), "little") % L
    return public, big_r + ((r + k * a) % L).to_bytes(32, "little")


# CBOR, as little of it as the format uses.
def head(major, value):
    if value < 24:
        return bytes([major << 5 | value])
    for code, size in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if value < 1 << (8 * size):
            return bytes([major << 5 | code]) + value.to_bytes(size, "big")
    raise ValueError(value)


def cbor(value):
    if isinstance(value, bool):
        return b"\xf5" if value else b"\xf4"
    if isinstance(value, int):
        return head(0, value)
    if isinstance(value, bytes):
        return head(2, len(value)) + value
    if isinstance(value, str):
        return head(3, len(value.encode())) + value.encode()
    if isinstance(value, list):
        return head(4, len(value)) + b"".join(map(cbor, value))
    return head(5, len(value)) + b"".join(cbor(k) + cbor(v) for k, v in value.items())


def groups(data, letters, label, checks):
    text = base64.b32encode(data).decode().rstrip("=")[:letters]
    check = base64.b32encode(hashlib.sha256(label + data).digest()).decode()[:checks]
    text += check
    return "-".join(text[i : i + 4] for i in range(0, len(text), 4))


def main():
    out = {}
    rng = Counting()

    def put(name, value):
        out[name] = value.hex() if isinstance(value, bytes) else value
        return value

    password = "cafe\u0301 violet tractor"  # decomposed; NFC makes it one letter
    nfc = "caf\u00e9 violet tractor"
    vault_id, device_id, db_id = seq(0x10, 16), seq(0x20, 16), seq(0x30, 16)
    entry_id, write_id, register = seq(0x40, 16), seq(0x50, 16), 0x0102
    ds, rs, vk, salt = seq(0x60, 32), seq(0x80, 32), seq(0xA0, 32), b"strongroom-frozen-salt-32-bytes!"
    m_kib, t, p, key_gen = 65536, 3, 4, 7
    gen = struct.pack(">I", key_gen)
    put("password", password)
    for name, value in (("vault_id", vault_id), ("device_id", device_id), ("db_instance_id", db_id),
                        ("entry_id", entry_id), ("write_id", write_id), ("ds", ds), ("rs", rs),
                        ("vk", vk), ("salt", salt)):
        put(name, value)

    h0_map = {0: "strongroom", 1: 1, 2: 1, 3: vault_id,
              4: {0: "argon2id", 1: 19, 2: m_kib, 3: t, 4: p, 5: salt}, 5: key_gen}
    h0 = put("h0", cbor(h0_map))
    argon2 = ["argon2", salt.decode(), "-id", "-t", str(t), "-k", str(m_kib), "-p", str(p), "-r"]
    hashed = subprocess.run(argon2, input=nfc.encode(), capture_output=True, check=True)
    pw = put("pw", bytes.fromhex(hashed.stdout.decode().strip()))
    f_d = put("factor_device",
              hkdf(ds, vault_id, b"strongroom/v1/factor/device" + device_id + gen))
    f_r = put("factor_recovery", hkdf(rs, vault_id, b"strongroom/v1/factor/recovery" + gen))
    vr = put("vr", extract(b"strongroom/v1/root" + vault_id + gen, vk))
    k_auth = put("k_auth", expand(vr, b"strongroom/v1/auth-block"))
    put("k_db", expand(vr, b"strongroom/v1/db/sqlcipher" + db_id))
    k_item = put("k_item", expand(vr, b"strongroom/v1/item" + write_id))
    put("k_state", expand(vr, b"strongroom/v1/state-mac"))
    k_fpr = put("k_fpr", expand(vr, b"strongroom/v1/secret-fingerprint"))
    k_pre = put("k_pre", hkdf(ds, vault_id, b"strongroom/v1/preauth-mac"))
    k_idx = put("k_idx", hkdf(ds, vault_id, b"strongroom/v1/reminder-index"))

    def slot(kind, device, factor):
        slot_id, nonce = rng.take(16), rng.take(24)
        prk = extract(hashlib.sha256(h0).digest(), pw + factor)
        kc = expand(prk, b"strongroom/v1/slot/commit" + slot_id)
        kw = expand(prk, b"strongroom/v1/slot/wrap" + slot_id)
        wrap = seal(kw, nonce, h0 + slot_id + bytes([kind]), vk)
        return {0: slot_id, 1: kind, 2: device, 3: kc, 4: wrap}

    slots = [slot(1, device_id, f_d), slot(2, bytes(16), f_r)]
    seed = put("totp_seed", seq(0xC0, 20))
    rev, last_step, enrolled = 9, 60_000_000, 1_800_000_000_000
    codes = []
    for _ in range(10):
        bits = bytearray(rng.take(16))
        bits[15] &= 0xF8
        codes.append(bytes(bits))
    block = {0: seed, 1: last_step,
             2: [[hashlib.sha256(code).digest(), index == 3] for index, code in enumerate(codes)],
             3: db_id, 4: [s[0] for s in slots], 5: 2, 6: enrolled, 7: {0: 1, 1: 120}}
    put("auth_block_plain", cbor(block))
    auth = seal(k_auth, rng.take(24), h0 + struct.pack(">Q", rev), cbor(block))
    put("header", cbor({0: h0_map, 1: slots, 2: rev, 3: auth}))

    put("recovery_code_1", groups(codes[0], 25, b"strongroom/v1/recovery-code", 3))
    put("recovery_secret", groups(rs, 52, b"strongroom/v1/recovery-secret", 4))
    digest = hashlib.sha256(b"strongroom/v1/kit-fingerprint" + vault_id + slots[1][0]).digest()
    letters = base64.b32encode(digest).decode()[:16]
    put("kit_fingerprint", "-".join(letters[i : i + 4] for i in range(0, 16, 4)))

    aad = vault_id + entry_id + struct.pack(">H", register) + write_id + b"\x01"
    put("item", seal(k_item, rng.take(24), aad, b"an API secret"))
    index_aad = b"strongroom/v1/reminder-index" + vault_id
    put("index", seal(k_idx, rng.take(24), index_aad, b"what is due"))
    put("fingerprint", hmac.digest(k_fpr, b"an API secret", "sha256"))
    put("preauth_mac", mac(k_pre, b"strongroom/v1/preauth-state", b"counters"))

    origin = "strongroom/vault/" + vault_id.hex()
    text = f"{origin}\n42\n{base64.b64encode(seq(0xE0, 32)).decode()}\n"
    public, signature = ed25519(seq(0xD0, 32), text.encode())
    key_id = hashlib.sha256(origin.encode() + b"\n\x01" + public).digest()[:4]
    put("checkpoint", f"{text}\n\u2014 {origin} {base64.b64encode(key_id + signature).decode()}\n")
    print(json.dumps(out, indent=2))


main()
