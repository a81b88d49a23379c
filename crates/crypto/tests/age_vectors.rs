//! Every vector of C2SP's age test kit that is not armoured: see `vectors/age/README.md`.

use std::collections::BTreeMap;
use std::path::Path;

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};
use strongroom_crypto::age::{OpenError, SecretKey, lock_of, open_with_key, open_with_passphrase};
use strongroom_secret::{SecretBytes, SecretText};

/// How many there are; one that is lost is missed.
const VECTORS: usize = 92;

struct Vector {
    name: String,
    says: BTreeMap<String, Vec<String>>,
    file: Vec<u8>,
}

impl Vector {
    fn load(path: &Path) -> Self {
        let bytes = std::fs::read(path).expect("a vector");
        let end = bytes
            .windows(2)
            .position(|pair| pair == b"\n\n")
            .expect("an empty line");
        let mut says: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for line in std::str::from_utf8(&bytes[..end]).expect("text").lines() {
            let (name, value) = line.split_once(": ").expect("name: value");
            says.entry(name.to_owned())
                .or_default()
                .push(value.to_owned());
        }
        let file = match says.contains_key("compressed") {
            true => miniz_oxide::inflate::decompress_to_vec_zlib(&bytes[end + 2..]).expect("zlib"),
            false => bytes[end + 2..].to_vec(),
        };
        Self {
            name: path.file_name().expect("a name").display().to_string(),
            says,
            file,
        }
    }

    fn said(&self, name: &str) -> Vec<SecretText> {
        let values = self.says.get(name).into_iter().flatten();
        values.cloned().map(SecretText::new).collect()
    }

    /// With every key and passphrase that the vector names, and the best of what they gave.
    fn open(&self) -> Result<SecretBytes, OpenError> {
        // Where none is named, what is wrong stands in the header.
        let mut result = lock_of(&self.file).and(Err(OpenError::NotForThisKey));
        for key in self.said("identity") {
            let key = SecretKey::parse(&key).expect("a key");
            result = open_with_key(&self.file, &key);
            if !matches!(result, Err(OpenError::NotForThisKey)) {
                return result;
            }
        }
        for passphrase in self.said("passphrase") {
            result = open_with_passphrase(&self.file, &passphrase);
            if !matches!(result, Err(OpenError::WrongPassphrase)) {
                return result;
            }
        }
        result
    }
}

#[test]
fn every_vector_ends_as_it_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/age");
    let vectors: Vec<Vector> = std::fs::read_dir(folder)
        .expect("vectors")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| !path.ends_with("README.md"))
        .map(|path| Vector::load(&path))
        .collect();
    assert_eq!(vectors.len(), VECTORS);
    let mut wrong = Vec::new();
    for vector in vectors {
        let Vector { name, says, .. } = &vector;
        let opened = vector.open();
        let expected = says["expect"][0].as_str();
        let good = match expected {
            "success" => match &opened {
                Ok(plain) => HEXLOWER.encode(&Sha256::digest(plain.expose())) == says["payload"][0],
                Err(_) => false,
            },
            "no match" => matches!(
                opened,
                Err(OpenError::NotForThisKey
                    | OpenError::WrongPassphrase
                    | OpenError::NeedsKey
                    | OpenError::NeedsPassphrase)
            ),
            "HMAC failure" => matches!(opened, Err(OpenError::Changed)),
            // Nothing is given of a payload that is damaged anywhere, so its hash does not apply.
            "payload failure" => matches!(opened, Err(OpenError::Payload)),
            "header failure" => matches!(
                opened,
                Err(OpenError::Header
                    | OpenError::NotAge
                    | OpenError::OtherVersion
                    | OpenError::TooHeavy)
            ),
            other => panic!("{name} expects {other}"),
        };
        if !good {
            wrong.push(format!("{name}: {opened:?} where it expects {expected}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
