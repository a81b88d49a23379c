//! Argon2 with its scratch memory asked for in huge pages: version 0x13 of Argon2id for what is
//! ours, any other for files of other programs.
//!
//! Deliberately not here: which costs are acceptable (`safe/kdf.rs`, `safe/foreign.rs`).

pub(crate) use argon2::{Algorithm, Version};
use argon2::{Argon2, Block, Params};
use rayon::prelude::*;
use strongroom_secret::{Key32, advise_huge_pages};
use zeroize::Zeroize;

/// Blocks of 1 KiB that a core takes at a time: 16 MiB.
const PIECE: usize = 16 * 1024;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Failed {
    /// The scratch memory could not be had.
    NoMemory,
    /// Argon2 itself refuses these costs.
    Costs,
}

/// The tag of 32 bytes. `m_kib` is the memory in KiB, `t` the passes, `p` the lanes, which run on
/// as many threads as the machine has.
pub(crate) fn hash(
    password: &[u8],
    salt: &[u8],
    m_kib: u32,
    t: u32,
    p: u32,
) -> Result<Key32, Failed> {
    hash_as(
        (Algorithm::Argon2id, Version::V0x13),
        password,
        salt,
        m_kib,
        t,
        p,
    )
}

/// [`hash`] in another variant and version of Argon2.
pub(crate) fn hash_as(
    (algorithm, version): (Algorithm, Version),
    password: &[u8],
    salt: &[u8],
    m_kib: u32,
    t: u32,
    p: u32,
) -> Result<Key32, Failed> {
    let params = Params::new(m_kib, t, p, Some(32)).map_err(|_| Failed::Costs)?;
    let mut scratch = Scratch::ask(params.block_count())?;
    let argon2 = Argon2::new(algorithm, version, params);
    Key32::try_filled_by(|tag| {
        argon2
            .hash_password_into_with_memory(password, salt, tag, scratch.0.as_mut_slice())
            .map_err(|_| Failed::Costs)
    })
}

/// The blocks Argon2 works in; wiped, then given back to the system, when dropped.
struct Scratch(Vec<Block>);

impl Scratch {
    fn ask(blocks: usize) -> Result<Self, Failed> {
        let mut scratch = Vec::new();
        scratch
            .try_reserve_exact(blocks)
            .map_err(|_| Failed::NoMemory)?;
        // Advised before the first touch: a page fault then brings 2 MiB instead of 4 KiB, and
        // there is one entry of the TLB where there were 512.
        advise_huge_pages(&mut scratch);
        // The first touch is where the system hands the pages over; on all cores it takes a
        // fraction of the time. The room is there already, so nothing is moved.
        (0..blocks)
            .into_par_iter()
            .with_min_len(PIECE)
            .map(|_| Block::default())
            .collect_into_vec(&mut scratch);
        Ok(Self(scratch))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // The last blocks give away the tag; all of them are wiped.
        self.0
            .par_iter_mut()
            .with_min_len(PIECE)
            .for_each(Zeroize::zeroize);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The vectors of libargon2's `src/test.c` (version 0x13, Argon2id). The vector of RFC 9106
    /// itself uses a secret and associated data, which the next test feeds.
    #[test]
    fn the_vectors_of_the_reference_implementation() {
        let cases: [(u32, u32, u32, &str, &str, &str); 4] = [
            (
                65536,
                2,
                1,
                "password",
                "somesalt",
                "09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7",
            ),
            (
                256,
                2,
                1,
                "password",
                "somesalt",
                "9dfeb910e80bad0311fee20f9c0e2b12c17987b4cac90c2ef54d5b3021c68bfe",
            ),
            (
                256,
                2,
                2,
                "password",
                "somesalt",
                "6d093c501fd5999645e0ea3bf620d7b8be7fd2db59c20d9fff9539da2bf57037",
            ),
            (
                65536,
                2,
                1,
                "differentpassword",
                "somesalt",
                "0b84d652cf6b0c4beaef0dfe278ba6a80df6696281d7e0d2891b817d8c458fde",
            ),
        ];
        for (m, t, p, password, salt, tag) in cases {
            let got = hash(password.as_bytes(), salt.as_bytes(), m, t, p).expect("hashes");
            assert_eq!(
                data_encoding::HEXLOWER.encode(got.expose()),
                tag,
                "m={m} t={t} p={p}"
            );
        }
    }

    /// RFC 9106, section 5.3: the primitive as we take it from the crate.
    #[test]
    fn the_vector_of_rfc_9106() {
        let params = argon2::ParamsBuilder::new()
            .m_cost(32)
            .t_cost(3)
            .p_cost(4)
            .data(argon2::AssociatedData::new(&[4; 12]).expect("12 bytes"))
            .output_len(32)
            .build()
            .expect("the RFC's parameters");
        let argon2 =
            Argon2::new_with_secret(&[3; 8], Algorithm::Argon2id, Version::V0x13, params.clone())
                .expect("8 bytes of secret");
        let mut scratch = Scratch::ask(params.block_count()).expect("32 KiB");
        let mut tag = [0; 32];
        argon2
            .hash_password_into_with_memory(&[1; 32], &[2; 16], &mut tag, scratch.0.as_mut_slice())
            .expect("hashes");
        assert_eq!(
            data_encoding::HEXLOWER.encode(&tag),
            "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659"
        );
    }
}
