#!/usr/bin/env python3
"""Makes the samples in keepass/ and keepass-key-file/ with pykeepass 4.2.0, which shares no code with Strongroom.

usage: make-keepass.py FOLDER
The keys in them are invented; the password is `correct horse`. Each run draws new random bytes.
"""

import datetime
import pathlib
import sys

from pykeepass import PyKeePass, create_database

ARGON2ID = bytes.fromhex("9e298b1956db4773b23dfc3ec6f0a1e6")
PASSWORD = "correct horse"


def make(path, kdf, cipher, password=PASSWORD, key_file=None):
    database = create_database(str(path), password=password, keyfile=key_file)
    header = database.kdbx.header.value.dynamic_header
    parameters = header.kdf_parameters.data.dict
    # Small, so that tests take no time.
    parameters["M"].value = 1024 * 1024
    parameters["I"].value = 2
    if kdf == "argon2id":
        parameters["$UUID"].value = ARGON2ID
    header.cipher_id.data = cipher
    group = database.add_group(database.root_group, "Exchanges")
    entry = database.add_entry(
        group,
        "Bybit testnet",
        "",
        "",
        url="https://testnet.bybit.com/app/user/api-management",
        tags=["bot"],
        expiry_time=datetime.datetime(2027, 1, 31, tzinfo=datetime.timezone.utc),
    )
    entry.set_custom_property("API Key", "Ab3Kq9mT2xLw8ZpR5s", protect=False)
    entry.set_custom_property("API Secret", "q7Rk2mV9xT4zL1pW8sN5bJ3cF6hD0gYaE2uK", protect=True)
    entry.save_history()
    entry.set_custom_property("API Secret", "f1Nd7kP3vX9wQ5zB2mL8sT4cR6hJ0gYaE7uW", protect=True)
    entry.add_attachment(database.add_binary(b"attached"), "notes.txt")
    database.save()
    again = PyKeePass(str(path), password=password, keyfile=key_file)
    assert again.find_entries(title="Bybit testnet", first=True)


folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
make(folder / "argon2d-aes.kdbx", "argon2d", "aes256")
make(folder / "argon2id-chacha20.kdbx", "argon2id", "chacha20")
# Beside the others: those open with a password alone.
with_key_file = folder.parent / "keepass-key-file"
with_key_file.mkdir(exist_ok=True)
(with_key_file / "any.key").write_bytes(b"any file will do\n")
make(with_key_file / "both.kdbx", "argon2d", "aes256", key_file=str(with_key_file / "any.key"))
make(
    with_key_file / "alone.kdbx",
    "argon2d",
    "aes256",
    password=None,
    key_file=str(with_key_file / "any.key"),
)
