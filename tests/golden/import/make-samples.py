"""Writes the samples that other programs encrypt, with those programs' own libraries.

    python3 -m venv VENV && VENV/bin/pip install cryptography eth-keyfile OctoBot-Commons argon2-cffi
    VENV/bin/python make-samples.py

Salts and vectors are drawn anew at every run, so the files differ and their plans do not. Every
key in them is invented; the password of all of them is "correct horse", but for the oldest file of
gocryptotrader, which takes an AES key as it is typed. Not run by the tests.
"""

import base64
import hashlib
import json
import os
import random
from pathlib import Path

from argon2.low_level import Type, hash_secret_raw
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives import hashes, hmac, padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from eth_keyfile import keyfile as eth_keyfile
from eth_utils import int_to_big_endian, keccak
from octobot_commons import OCTOBOT_KEY

try:
    from cryptography.hazmat.decrepit.ciphers.modes import CFB
except ImportError:
    CFB = modes.CFB

HERE = Path(__file__).parent
PASSWORD = b"correct horse"
OLDEST_PASSWORD = b"sixteen bytes ok"
invented = random.Random(20)


def made(length, alphabet="abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"):
    return "".join(invented.choice(alphabet) for _ in range(length))


def made_hex(length):
    return made(length, "0123456789abcdef")


def made_uuid():
    return "-".join(made_hex(length) for length in (8, 4, 4, 4, 12))


def write(name, data):
    path = HERE / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data if isinstance(data, bytes) else data.encode())


def pretty(value):
    return json.dumps(value, indent=4, ensure_ascii=False) + "\n"


# OctoBot: its own key, and what it encrypts with.
def octobot():
    sealed = lambda text: Fernet(OCTOBOT_KEY).encrypt(text.encode()).decode()
    write(
        "octobot/config.json",
        pretty(
            {
                "accepted_terms": True,
                "backtesting": {"files": []},
                "exchanges": {
                    "binance": {
                        "api-key": sealed(made(64)),
                        "api-secret": sealed(made(64)),
                        "api-password": "",
                        "enabled": True,
                        "exchange-type": "spot",
                        "sandboxed": False,
                    },
                    "kucoin": {
                        "api-key": sealed(made_hex(24)),
                        "api-secret": sealed(made_uuid()),
                        "api-password": sealed("octo-pass-7"),
                        "enabled": True,
                        "sandboxed": True,
                    },
                    "okx": {
                        "api-key": "your-api-key-here",
                        "api-secret": "your-api-secret-here",
                        "api-password": "your-api-password-here",
                        "enabled": False,
                    },
                    "bybit": {"api-key": made(18), "api-secret": sealed(made(36))[:-8] + "AAAAAAA="},
                    "hollaex": {"enabled": False},
                },
                "services": {
                    "telegram": {"chat-id": "12345", "token": "123456:invented-token"},
                    "web": {"auto-open-in-web-browser": True, "password": "5e884898da2804715"},
                },
                "trader": {"enabled": False, "load-trade-history": True},
            }
        ),
    )


# gocryptotrader: the plain file, and the three ways in which it was encrypted over the years.
def gocryptotrader():
    def exchange(name, credentials, **more):
        return {
            "name": name,
            "enabled": True,
            "verbose": False,
            "httpTimeout": 15000000000,
            "api": {
                "authenticatedSupport": True,
                "authenticatedWebsocketApiSupport": False,
                "endpoints": {"url": "NON_DEFAULT_HTTP_LINK_TO_EXCHANGE_API"},
                "credentials": credentials,
                "credentialsValidator": {"requiresKey": True, "requiresSecret": True},
            },
            **more,
        }

    config = {
        "name": "Skynet",
        "encryptConfig": 0,
        "globalHTTPTimeout": 15000000000,
        "communications": {
            "slack": {"name": "Slack", "enabled": False, "verificationToken": "testtest"},
            "smtp": {"accountName": "some", "accountPassword": "smtp-pass-1"},
        },
        "remoteControl": {"username": "admin", "password": "rpc-pass-1"},
        "exchanges": [
            exchange("Binance", {"key": made(64), "secret": made(64)}, useSandbox=True),
            exchange(
                "Okx",
                {
                    "key": made_uuid(),
                    "secret": made_hex(32).upper(),
                    "clientID": "gct-pass-1",
                    "subaccount": "grid",
                },
            ),
            exchange(
                "Bitstamp",
                {
                    "key": made(32),
                    "secret": made(32),
                    "clientID": "184467",
                    "otpSecret": made(16, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"),
                    "tradePassword": "trade-pass-1",
                },
            ),
            exchange("Kraken", {"key": "Key", "secret": "Secret"}),
            exchange(
                "Coinbase",
                {
                    "key": "Key",
                    "secret": "Secret",
                    "clientID": "ClientID",
                    "pemKey": "-----BEGIN EC PRIVATE KEY-----\nJUSTADUMMY\n-----END EC PRIVATE KEY-----\n",
                },
            ),
            {"name": "Bitfinex", "enabled": True, "apiKey": made(43), "apiSecret": made(43)},
        ],
        "bankAccounts": [{"bankName": "test", "accountNumber": "0234"}],
    }
    write("gocryptotrader/config.json", pretty(config))

    small = json.dumps(
        {
            "name": "Skynet",
            "encryptConfig": 1,
            "exchanges": [exchange("Bybit", {"key": made(18), "secret": made(36)})],
        }
    ).encode()
    salt = b"~GCT~SO~SALTY~" + os.urandom(12)
    key = Scrypt(salt=salt, length=32, n=32768, r=8, p=1).derive(PASSWORD)
    nonce = os.urandom(12)
    sealed = AESGCM(key).encrypt(nonce, small, None)
    head = b"THORS-HAMMER"
    versioned = head + salt + b"ENCVER" + (1).to_bytes(2, "big")
    write("gocryptotrader/config.dat", versioned + nonce + sealed)
    nonce = os.urandom(12)
    write("hostile/binary.dat", versioned + nonce + AESGCM(key).encrypt(nonce, b"{\xff\xfe\n", None))
    for name, salt, key in (
        ("salted.dat", salt, key),
        ("oldest.dat", b"", OLDEST_PASSWORD),
    ):
        iv = os.urandom(16)
        encryptor = Cipher(algorithms.AES(key), CFB(iv)).encryptor()
        sealed = iv + encryptor.update(small) + encryptor.finalize()
        write(f"gocryptotrader/{name}", head + salt + sealed)


# hummingbot: a web3 keyfile for every value, as hexadecimal.
def hummingbot():
    def sealed(text, rounds=1000, iv=None, password=PASSWORD, kdf="pbkdf2"):
        text = text if isinstance(text, bytes) else text.encode()
        # What hummingbot does: eth-keyfile's way, for any text instead of a key of 32 bytes.
        salt = os.urandom(16)
        iv = int.from_bytes(os.urandom(16), "big") if iv is None else iv
        if kdf == "scrypt":
            derived = hashlib.scrypt(password, salt=salt, n=4096, r=8, p=1, dklen=32)
            params = {"dklen": 32, "n": 4096, "p": 1, "r": 8, "salt": salt.hex()}
        else:
            derived = hashlib.pbkdf2_hmac("sha256", password, salt, rounds, 32)
            params = {"c": rounds, "dklen": 32, "prf": "hmac-sha256", "salt": salt.hex()}
        ciphertext = eth_keyfile.encrypt_aes_ctr(text, derived[:16], iv)
        keyfile = {
            "crypto": {
                "cipher": "aes-128-ctr",
                # As eth-keyfile writes a number: without the zeros in front.
                "cipherparams": {"iv": int_to_big_endian(iv).hex()},
                "ciphertext": ciphertext.hex(),
                "kdf": kdf,
                "kdfparams": params,
                "mac": keccak(derived[16:32] + ciphertext).hex(),
            },
            "version": 3,
            "alias": "",
        }
        opened = eth_keyfile.decode_keyfile_json(keyfile, password)
        assert opened == text, "eth-keyfile itself does not open it"
        return json.dumps(keyfile).encode().hex()

    def file(name, *lines, title=None):
        frame = "#" * 30
        head = f"{frame}\n###   {title or name} config   ###\n{frame}\n\nconnector: {name}\n\n"
        return head + "\n".join(lines) + "\n"

    write(
        "hummingbot/binance.yml",
        file(
            "binance",
            # As hummingbot itself writes it, with a million rounds; once, for they take their time.
            f"binance_api_key: {sealed(made(64), 1000000)}",
            "",
            f"binance_api_secret: {sealed(made(64))}",
        ),
    )
    write(
        "hummingbot/kucoin_testnet.yml",
        file(
            "kucoin_perpetual_testnet",
            # A counter that loses zeros in front.
            f"kucoin_perpetual_testnet_api_key: {sealed(made_hex(24), iv=0x1f5)}",
            f"kucoin_perpetual_testnet_secret_key: {sealed(made_uuid())}",
            f"kucoin_perpetual_testnet_passphrase: {sealed('it' + chr(39) + 's a: pass # 1')}",
        ),
    )
    write(
        "hummingbot/hyperliquid_perpetual.yml",
        file(
            "hyperliquid_perpetual",
            "hyperliquid_perpetual_mode: api_wallet",
            "use_vault: false",
            f"hyperliquid_perpetual_address: {sealed('0x' + made_hex(40))}",
            f"hyperliquid_perpetual_secret_key: {sealed('0x' + made_hex(64))}",
        ),
    )
    write(
        "hummingbot/dydx_v4_perpetual.yml",
        file(
            "dydx_v4_perpetual",
            f"dydx_v4_perpetual_secret_phrase: {sealed('abandon ' * 23 + 'art')}",
            f"dydx_v4_perpetual_chain_address: {sealed('dydx1' + made_hex(38))}",
        ),
    )
    # An exchange nobody lists here, with the other derivation that keyfiles know.
    write(
        "hummingbot/ascend_ex.yml",
        file(
            "ascend_ex",
            f"ascend_ex_api_key: {sealed(made(32), kdf='scrypt')}",
            f"ascend_ex_secret_key: {sealed(made(64))}",
            "ascend_ex_group_id: 7",
        ),
    )
    write("hummingbot/.password_verification", sealed("HummingBot"))
    # Not samples of the golden test: one field is no text, one has another password.
    write(
        "hostile/two-passwords.yml",
        file(
            "bybit",
            f"bybit_api_key: {sealed(made(18))}",
            f"bybit_api_secret: {sealed(made(36), password=b'another')}",
            f"bybit_passphrase: {sealed(bytes([255, 254, 0, 1]))}",
        ),
    )


# Bitwarden: an export, plain and protected by a password in both ways.
def bitwarden():
    login = lambda **more: {
        "fido2Credentials": [],
        "uris": [],
        "username": None,
        "password": None,
        "totp": None,
        **more,
    }

    def item(name, **more):
        return {
            "passwordHistory": None,
            "revisionDate": "2026-03-01T10:00:00.000Z",
            "creationDate": "2026-02-01T10:00:00.000Z",
            "deletedDate": None,
            "id": made_uuid(),
            "organizationId": None,
            "folderId": None,
            "type": 1,
            "reprompt": 0,
            "name": name,
            "notes": None,
            "favorite": False,
            "collectionIds": None,
            **more,
        }

    hidden = lambda name, value: {"name": name, "value": value, "type": 1, "linkedId": None}
    uri = lambda text: {"match": None, "uri": text}
    totp = "otpauth://totp/x?secret=JBSWY3DPEHPK3PXP"
    export = {
        "encrypted": False,
        "folders": [{"id": made_uuid(), "name": "Trading"}],
        "items": [
            item(
                "Binance bot",
                login=login(uris=[uri("https://www.binance.com/en/my/settings/api-management")]),
                fields=[hidden("API Key", made(64)), hidden("Secret Key", made(64))],
                notes="for the grid bot, expires in June",
            ),
            item(
                "OKX API testnet",
                login=login(username=made_uuid(), password=made_hex(32).upper(), totp=totp),
                fields=[hidden("Passphrase", "bw-pass-1")],
                passwordHistory=[{"lastUsedDate": "2026-01-01T00:00:00Z", "password": "older-1"}],
            ),
            item(
                "Kraken",
                login=login(
                    uris=[uri("https://www.kraken.com/sign-in")],
                    username="me@example.com",
                    password="a-login-password-1",
                    totp=totp,
                ),
            ),
            item(
                "Bybit API",
                login=login(username="tradebot2026account", password="not-sure-what-this-is-1"),
            ),
            item(
                "Mail",
                login=login(
                    uris=[uri("https://mail.example.com")],
                    username="me@example.com",
                    password="mail-password-1",
                ),
                notes="nothing here",
            ),
            item(
                "Some cloud",
                login=login(),
                fields=[hidden("API key", made(40)), hidden("API secret", made(40))],
            ),
            item("Gemini", login=login(), fields=[hidden("API key", "AIza" + made(35))]),
            item("Deribit keys", type=2, secureNote={"type": 0}, notes=f"id {made(8)}\nsecret {made(43)}"),
            item(
                "Old Bitget key",
                deletedDate="2026-03-02T10:00:00.000Z",
                login=login(),
                fields=[hidden("apiKey", "bg_" + made_hex(32)), hidden("secret", made_hex(64))],
            ),
            item(
                "Card",
                type=3,
                card={"cardholderName": "Me", "brand": "Visa", "number": "4111111111111111",
                      "expMonth": "1", "expYear": "2030", "code": "123"},
            ),
        ],
    }
    write("bitwarden/export.json", pretty(export))

    small = {
        "encrypted": False,
        "folders": [],
        "items": [
            item(
                "MEXC bot",
                login=login(uris=[uri("https://www.mexc.com")]),
                fields=[hidden("API Key", "mx0" + made(15)), hidden("Secret", made_hex(32))],
            )
        ],
    }

    def sealed(text, enc, mac):
        iv = os.urandom(16)
        text = text if isinstance(text, bytes) else text.encode()
        padder = padding.PKCS7(128).padder()
        padded = padder.update(text) + padder.finalize()
        encryptor = Cipher(algorithms.AES(enc), modes.CBC(iv)).encryptor()
        ciphertext = encryptor.update(padded) + encryptor.finalize()
        tag = hmac.HMAC(mac, hashes.SHA256())
        tag.update(iv + ciphertext)
        parts = (iv, ciphertext, tag.finalize())
        return "2." + "|".join(base64.b64encode(part).decode() for part in parts)

    def protected(derive, kdf, inside=json.dumps(small)):
        salt = base64.b64encode(os.urandom(16)).decode()
        key = derive(salt)
        stretched = lambda info: HKDFExpand(hashes.SHA256(), 32, info).derive(key)
        enc, mac = stretched(b"enc"), stretched(b"mac")
        return pretty(
            {
                "encrypted": True,
                "passwordProtected": True,
                "salt": salt,
                **kdf,
                "encKeyValidation_DO_NOT_EDIT": sealed(made_uuid(), enc, mac),
                "data": sealed(inside, enc, mac),
            }
        )

    write(
        "bitwarden/protected-pbkdf2.json",
        protected(
            lambda salt: hashlib.pbkdf2_hmac("sha256", PASSWORD, salt.encode(), 5000, 32),
            {"kdfType": 0, "kdfIterations": 5000},
        ),
    )
    write(
        "bitwarden/protected-argon2.json",
        protected(
            lambda salt: hash_secret_raw(
                PASSWORD, hashlib.sha256(salt.encode()).digest(), 2, 16 * 1024, 2, 32, Type.ID
            ),
            {"kdfType": 1, "kdfIterations": 2, "kdfMemory": 16, "kdfParallelism": 2},
        ),
    )
    fast = lambda salt: hashlib.pbkdf2_hmac("sha256", PASSWORD, salt.encode(), 1000, 32)
    kdf = {"kdfType": 0, "kdfIterations": 1000}
    write("hostile/binary.json", protected(fast, kdf, b"\xff\xfe\xfd"))
    write("hostile/deep.json", protected(fast, kdf, b'{"items":' + b"[" * 5000))
    write(
        "hostile/account-restricted.json",
        pretty(
            {
                "encrypted": True,
                "encKeyValidation_DO_NOT_EDIT": sealed("x", os.urandom(32), os.urandom(32)),
                "folders": [],
                "items": [item(sealed("y", os.urandom(32), os.urandom(32)))],
            }
        ),
    )


octobot()
gocryptotrader()
hummingbot()
bitwarden()
