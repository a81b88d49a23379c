//! What the linker does to make the released command line smaller: functions of the same code become
//! one, and relocations are packed.
//!
//! Both are asked for only where they are understood. The first is an option of LLD, which the
//! compiler brings and uses for this target since 1.90; the second needs a loader of glibc 2.36, so a
//! program that was linked with it starts on no older system than that. Deliberately not here: what
//! changes a program's behaviour.

use std::env;
use std::process::Command;

/// The first compiler that links with LLD by itself, and the first glibc that unpacks relocations.
const COMPILER: (u32, u32) = (1, 90);
const GLIBC: (u32, u32) = (2, 36);

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=RUSTFLAGS");
    let is = |name: &str, wanted: &str| env::var(name).is_ok_and(|value| value == wanted);
    if !is("PROFILE", "release") || !is("TARGET", "x86_64-unknown-linux-gnu") {
        return;
    }
    // Whoever names a linker has another one in mind.
    let names_linker =
        env::var("CARGO_ENCODED_RUSTFLAGS").is_ok_and(|flags| flags.contains("link"));
    let compiler = env::var("RUSTC").unwrap_or_else(|_| "rustc".to_owned());
    if names_linker || version(&compiler, "--version").is_none_or(|found| found < COMPILER) {
        return;
    }
    println!("cargo::rustc-link-arg-bins=-Wl,--icf=all");
    if version("getconf", "GNU_LIBC_VERSION").is_some_and(|found| found >= GLIBC) {
        println!("cargo::rustc-link-arg-bins=-Wl,-z,pack-relative-relocs");
    }
}

/// The first two numbers of the first word with a point in it that a program prints.
fn version(program: &str, argument: &str) -> Option<(u32, u32)> {
    let printed = Command::new(program).arg(argument).output().ok()?.stdout;
    let printed = String::from_utf8(printed).ok()?;
    let word = printed.split_whitespace().find(|word| word.contains('.'))?;
    let mut numbers = word.split('.');
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}
